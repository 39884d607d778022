"""The learner's side: what anonymous grading means is said once, what names them is flagged, graders are not named."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from assessments.evidence.access import Where
from assessments.evidence.drafts import save_draft
from assessments.evidence.forms import NewFile
from assessments.evidence.pages import assignment_page, save_slot
from assessments.terms.models import GradingTerms
from fourweek.database import Database, add
from tests import factories as make
from tests.assessments.evidence.conftest import school, settings  # noqa: F401
from tests.assessments.evidence.school import NOON, School, typed
from tests.assessments.grading.factories import school as judged_school
from tests.assessments.names.test_queries import changed
from tests.factories import START
from tests.visits import forms

WHERE = "Grading is anonymous here"
NAMES = "Graders are meant not to know whose work this is"
FILES = (
    NewFile("proof", "shot.png", "image/png", 108, "ab" * 32),
    NewFile("proof", "brook.png", "image/png", 9, "cd" * 32),
)


@pytest.fixture
def hidden(school: School, db: Database) -> School:  # noqa: F811
    db.write_now(add, GradingTerms(cohort_id=school.cohort, anonymous=True))
    return school


def test_what_names_the_learner_is_flagged_and_stays(hidden: School, browser: Any) -> None:
    alice, path = browser(hidden.alice), hidden.at
    before = alice.get(path).text
    assert (before.count(WHERE), NAMES in before) == (1, False)
    words = "This was written by alice BROOK in week one."
    assert alice.submit(path, f"{path}/draft", **{"text-report": words}).status_code == 303
    page = alice.get(path).text
    assert "This names you: “Alice Brook”" in page
    assert words in page
    filled = forms(alice.get(path).text)[f"{path}/draft"] | {"integrity": "1"}
    handed = alice.post(f"{path}/submit", data=filled)
    assert handed.headers["location"].startswith("/receipts/")


def test_each_slot_has_its_own_flag(hidden: School, db: Database) -> None:
    visitor = make.visitor(hidden.alice, NOON)
    saved = db.write_now(save_slot, visitor, hidden.where, typed("I am Alice."), "report")
    assert saved.named == "“Alice”"
    db.write_now(save_draft, visitor, hidden.where, replace(typed("I am nobody.", "I am Alice."), files=FILES))
    form = db.read_now(assignment_page, visitor, hidden.where).form
    assert form is not None
    assert {slot.key: slot.named for slot in form.slots} == {"report": "", "proof": "“Brook”"}


@pytest.mark.parametrize("suppress", [False, True])
def test_a_former_name_names_them_too(hidden: School, db: Database, *, suppress: bool) -> None:
    db.write_now(changed, hidden.alice, "Alice Reed", START, suppress=suppress)
    saved = db.write_now(save_slot, make.visitor(hidden.alice, NOON), hidden.where, typed("I am A. Reed."), "report")
    assert saved.named == "“Reed”"


def test_nothing_is_flagged_where_grading_is_not_anonymous(school: School, db: Database) -> None:  # noqa: F811
    visitor = make.visitor(school.alice, NOON)
    assert db.write_now(save_slot, visitor, school.where, typed("I am Alice Brook."), "report").named == ""
    page = db.read_now(assignment_page, visitor, school.where)
    assert page.form is not None
    assert (page.anonymous, [slot.named for slot in page.form.slots]) == (False, ["", ""])


@pytest.mark.parametrize(("anonymous", "by"), [(False, "Greta Grant"), (True, "a grader")])
def test_a_learner_reads_who_judged_unless_grading_is_anonymous(conn: Connection, *, anonymous: bool, by: str) -> None:
    made = judged_school(conn)
    add(conn, GradingTerms(cohort_id=made.cohort, anonymous=anonymous))
    make.decided(conn, made.course, made.submission, made.greta, posted_at=make.START + timedelta(days=1))
    visitor = make.visitor(made.alice, make.START + timedelta(days=2))
    page = assignment_page(conn, visitor, Where(made.cohort, 1, "note-1"))
    assert [attempt.by for attempt in page.earlier] == [by]
    assert ("Greta" in str(page)) is not anonymous
