"""What people see of evidence that is kept for a time, and of what is left of it afterwards."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, select

from assessments.evidence.drafts import kept_in, save_draft
from assessments.evidence.pages import assignment_page
from assessments.evidence.service import hand_in, new_receipt
from assessments.retention.purge import purge
from courses.enrolment.models import Enrolment, EnrolmentState
from fourweek.accounts.models import Role
from fourweek.clock import Now
from fourweek.database import Database, table
from fourweek.edge import House
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.evidence.school import School, set_clock, typed
from tests.assessments.evidence.school import build as evidence_school
from tests.assessments.retention import school
from tests.assessments.retention.school import DAYS, EVIDENCE, IN, OVER, SUBMISSION, Past, content

TEXT = "The service kept its promise this month."
STAYS = "The receipt, what was decided and your record stay."


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"demo": True, "evidence_kept_days": DAYS})


@pytest.fixture
def past(app: FastAPI, house: House) -> Past:
    made = house.db.write_now(school.build)
    set_clock(house.db, OVER)
    return made


def purge_now(house: House, past: Past) -> None:
    assert house.db.write_now(school.purged, past.attempt) == 1


def ids(house: House, past: Past) -> tuple[str, str]:
    """The receipt's number, and the id of the file."""

    def read(conn: Connection) -> tuple[str, str]:
        receipt = select(SUBMISSION.c.receipt).where(SUBMISSION.c.id == past.attempt)
        file = select(EVIDENCE.c.id).where(EVIDENCE.c.submission_id == past.attempt, EVIDENCE.c.file_name != "")
        return str(conn.execute(receipt).scalar_one()), str(conn.execute(file).scalar_one())

    return house.db.read_now(read)


def test_the_learner_reads_how_long_it_is_kept(past: Past, house: House, browser: Any) -> None:
    alice, (receipt, _) = browser(past.alice), ids(house, past)
    at = f"/cohorts/{past.cohort}/modules"
    for page in (f"{at}/1/assignments/note-1", f"/receipts/{receipt}"):
        assert f"It was to be kept until 2 December 2026, and is still there. {STAYS}" in alice.get(page).text
    unbegun = alice.get(f"{at}/2/assignments/note-2").text
    assert f"For 30 days after you hand it in; a draft, for 30 days after it was last saved. {STAYS}" in unbegun
    house.db.write_now(school.held, past, person_id=past.alice)
    held = alice.get(f"{at}/1/assignments/note-1").text
    assert ("and is still there" in held, "hold" in held) == (True, False)


def test_before_its_day_the_date_is_said(past: Past, house: House, browser: Any) -> None:
    set_clock(house.db, IN + timedelta(days=DAYS))
    page = browser(past.alice).get(f"/cohorts/{past.cohort}/modules/1/assignments/note-1").text
    assert f"Until 2 December 2026. {STAYS}" in page


def test_the_learner_reads_what_was_removed_and_what_stays(past: Past, house: House, browser: Any) -> None:
    alice, (receipt, file) = browser(past.alice), ids(house, past)
    at = f"/cohorts/{past.cohort}/modules/1/assignments/note-1"
    assert (TEXT in alice.get(at).text, f"/evidence/{file}" in alice.get(at).text) == (True, True)
    purge_now(house, past)
    page = alice.get(at).text
    assert (TEXT in page, f"/evidence/{file}" in page) == (False, False)
    assert page.count("Removed on Friday 1 January 2027") == 2
    assert ("shot.png" in page, "Demonstrated" in page, "Read with care." in page) == (True, True, True)
    paper = alice.get(f"/receipts/{receipt}").text
    assert paper.count("Removed on Friday 1 January 2027") == 2
    assert f"Its period ended with 2 December 2026; its content was removed. {STAYS}" in paper
    assert alice.get(f"/receipts/{receipt}.pdf").status_code == 200


def test_a_grader_reads_what_was_removed(past: Past, house: House, browser: Any) -> None:
    greta, (_, file) = browser(past.greta), ids(house, past)
    at = f"/grading/{past.attempt}"
    assert (TEXT in greta.get(at).text, f"/evidence/{file}" in greta.get(at).text) == (True, True)
    purge_now(house, past)
    page = greta.get(at).text
    assert (TEXT in page, f"/evidence/{file}" in page, "Nothing was handed in" in page) == (False, False, False)
    assert (page.count("Removed on Friday 1 January 2027"), "shot.png" in page) == (2, True)


def test_a_removed_file_answers_that_it_is_gone(past: Past, house: House, browser: Any) -> None:
    _, file = ids(house, past)
    paths = [f"/evidence/{file}{rest}" for rest in ("", "/view", "/picture")]
    stranger = house.db.write_now(make.with_role, Role.GRADER, "Olga Other", "another-cohort")
    purge_now(house, past)
    for way in ("get", "head"):
        for person in (past.alice, past.greta):
            for path in paths:
                answer = getattr(browser(person), way)(path)
                assert (answer.status_code, path) == (410, path)
                assert way == "head" or "Its period is over" in answer.text
        for path in paths:
            assert getattr(browser(stranger), way)(path).status_code == 404


# A draft that is gone on with after its content went: rare (its dates were moved, years later), and still no riddle.


@pytest.fixture
def late(db: Database) -> School:
    made = db.write_now(evidence_school)
    made.save(db, typed("Half a thought, long ago."))
    withdrawn = {"state": EnrolmentState.WITHDRAWN}
    enrolment = table(Enrolment)
    db.write_now(lambda conn: conn.execute(enrolment.update().values(withdrawn)))
    later = Now(OVER, OVER)
    found = db.read_now(lambda conn: conn.execute(select(SUBMISSION.c.id)).scalars().all())
    assert db.write_now(purge, later, DAYS, found) == 1
    db.write_now(lambda conn: conn.execute(enrolment.update().values(state=EnrolmentState.ACTIVE)))
    return made


def test_a_purged_draft_is_an_empty_one(late: School, db: Database) -> None:
    page = db.read_now(assignment_page, late.visitor(), late.where)
    assert page.form is not None
    assert ([slot.value for slot in page.form.slots], page.form.slots[0].files) == (["", ""], ())
    handed = db.write_now(hand_in, late.visitor(), late.where, typed("", seen=""), new_receipt())
    assert (handed.receipt, [one.key for one in handed.missing]) == ("", ["report"])


def test_what_is_typed_into_a_purged_draft_takes_the_place_of_the_tombstone(late: School, db: Database) -> None:
    change = db.write_now(save_draft, late.visitor(), late.where, typed("A new thought, well said."))
    assert change.clean
    [submission] = db.read_now(lambda conn: conn.execute(select(SUBMISSION.c.id)).scalars().all())
    assert db.read_now(content, submission) == [("text", "A new thought, well said.")]
    assert len(db.read_now(kept_in, submission)[submission].by_id) == 1
