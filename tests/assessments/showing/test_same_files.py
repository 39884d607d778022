"""The same file from two people: told to leads of the cohort, to nobody else, and only where it means something."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update

from assessments.evidence.access import Where
from assessments.evidence.drafts import save_draft
from assessments.evidence.forms import NewFile
from assessments.evidence.members import keep_members
from assessments.evidence.service import hand_in, new_receipt
from courses.catalogue.models import CourseFile
from courses.enrolment.access import ENROLMENT
from fourweek.accounts.models import Role
from fourweek.accounts.service import grant
from fourweek.database import Database, new_id, table
from fourweek.edge import House
from tests import factories as make
from tests.assessments.evidence.school import EVIDENCE, NOON, School, attempts, typed
from tests.statements import statements

LIST = "/staff/same-files"
FLAG = "Other people handed in the same file"
SAME, OWN = "ab" * 32, "cd" * 32


@dataclass(slots=True)
class Twins:
    """Alice and Carol of one cohort, Bob of another one of the course."""

    school: School
    carol: str
    bobs_cohort: str
    lead: str
    grader: str

    def give(
        self, db: Database, person: str, sha256: str, cohort: str = "", *, size: int = 10, draft: bool = False
    ) -> str:
        """Hand in a file; the id of the submission."""
        where = Where(cohort or self.school.cohort, 1, "note-1")
        form = typed(files=(NewFile("proof", "shot.png", "image/png", size, sha256),))
        if draft:
            db.write_now(save_draft, make.visitor(person, NOON), where, form)
        else:
            db.write_now(hand_in, make.visitor(person, NOON), where, form, new_receipt())
        return str(max(attempts(db), key=lambda row: row.id).id)


@pytest.fixture
def twins(school: School, house: House) -> Twins:
    def build(conn: Connection) -> Twins:
        carol = make.person(conn, "Carol Cole")
        make.enrol(conn, school.cohort, carol)
        lead, grader = make.person(conn, "Lea Lind"), school.greta
        grant(conn, lead, Role.LEAD, scope_id=school.cohort, now=make.BEFORE)
        grant(conn, grader, Role.GRADER, scope_id=school.cohort, now=make.BEFORE)
        cohort = conn.execute(ENROLMENT.select().where(ENROLMENT.c.person_id == school.bob)).one().cohort_id
        return Twins(school, carol, str(cohort), lead, grader)

    return house.db.write_now(build)


def _flagged(browser: Any, person: str, submission: str) -> bool:
    answer = browser(person).get(f"/grading/{submission}")
    assert answer.status_code == 200
    return FLAG in answer.text


def test_lead_is_told_and_a_grader_is_not(twins: Twins, db: Database, browser: Any) -> None:
    first = twins.give(db, twins.school.alice, SAME)
    assert not _flagged(browser, twins.lead, first)
    second = twins.give(db, twins.carol, SAME)
    for submission, other in ((first, second), (second, first)):
        assert _flagged(browser, twins.lead, submission)
        assert f'href="/grading/{other}"' in browser(twins.lead).get(f"/grading/{submission}").text
        assert not _flagged(browser, twins.grader, submission)
    page = browser(twins.lead).get(LIST)
    assert page.status_code == 200
    assert page.text.count(">shot.png<") == 2


def test_list_is_there_for_leads_alone(twins: Twins, db: Database, browser: Any) -> None:
    twins.give(db, twins.school.alice, SAME)
    twins.give(db, twins.carol, SAME)
    assert browser().get(LIST).status_code == 303
    for person in (twins.school.alice, twins.carol, twins.grader):
        assert browser(person).get(LIST).status_code == 404
    assert LIST in browser(twins.lead).get("/grading").text
    assert LIST not in browser(twins.grader).get("/grading").text


def test_work_of_a_cohort_that_somebody_else_leads_is_said_without_its_facts(
    twins: Twins, db: Database, browser: Any
) -> None:
    mine = twins.give(db, twins.school.alice, SAME)
    theirs = twins.give(db, twins.school.bob, SAME, twins.bobs_cohort)
    page = browser(twins.lead).get(f"/grading/{mine}").text
    assert "A work in a cohort of this course that somebody else leads" in page
    assert theirs not in page
    assert browser(twins.lead).get(LIST).text.count(">shot.png<") == 1


@pytest.mark.parametrize("why", ["draft", "same person", "purged", "given out", "empty", "another file"])
def test_what_means_nothing_is_not_told(twins: Twins, db: Database, browser: Any, why: str) -> None:
    size = 0 if why == "empty" else 10
    mine = twins.give(db, twins.school.alice, SAME, size=size)
    sha256 = OWN if why == "another file" else SAME
    theirs = twins.give(db, twins.carol, sha256, size=size, draft=why == "draft")
    db.write_now(_CHANGES.get(why, lambda *_: None), twins, theirs)
    assert not _flagged(browser, twins.lead, mine)
    assert ">shot.png<" not in browser(twins.lead).get(LIST).text


def _become_one(conn: Connection, twins: Twins, theirs: str) -> None:
    keep_members(conn, theirs, (twins.school.alice,))


def _purge(conn: Connection, _twins: Twins, theirs: str) -> None:
    gone = {"text": "", "url": "", "purged_at": NOON}
    conn.execute(update(EVIDENCE).where(EVIDENCE.c.submission_id == theirs).values(gone))


def _give_out(conn: Connection, twins: Twins, _theirs: str) -> None:
    values = {"path": "template.png", "media_type": "image/png", "sha256": SAME, "size": 10, "module_id": None}
    conn.execute(insert(table(CourseFile)).values(id=new_id(), version_id=twins.school.made.version_id, **values))


_CHANGES: dict[str, Any] = {
    "same person": _become_one,
    "purged": _purge,
    "given out": _give_out,
}


def test_list_is_paged_and_costs_the_same_whatever_its_length(
    twins: Twins, house: House, db: Database, browser: Any
) -> None:
    lead = browser(twins.lead)
    twins.give(db, twins.school.alice, SAME)
    twins.give(db, twins.carol, SAME)
    lead.get(LIST)
    with statements(house.db) as few:
        lead.get(LIST)

    def more(conn: Connection) -> list[str]:
        people = [make.person(conn, f"Person {number}") for number in range(30)]
        for person in people:
            make.enrol(conn, twins.school.cohort, person)
        return people

    for person in db.write_now(more):
        twins.give(db, person, SAME)
    with statements(house.db) as many:
        first = lead.get(LIST).text
    assert many.number == few.number == 3
    assert first.count(">shot.png<") == 25
    assert lead.get(f"{LIST}?page=2").text.count(">shot.png<") == 7
