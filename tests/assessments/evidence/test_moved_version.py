"""A cohort moves to a newer version mid-course: nothing typed, judged or credited is lost or counted twice."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, delete, func, select

from assessments.assignments.models import Assignment, Requirement
from assessments.badges.models import Award
from assessments.coursework import AssessmentsCoursework
from assessments.credit.models import CreditEntry
from assessments.evidence.access import my_desk
from assessments.evidence.models import Submission
from assessments.evidence.pages import assignment_page
from assessments.evidence.queries import work_of_many
from assessments.grading.models import Outcome
from courses.coursework import Work, WorkState
from courses.versions.service import move_cohort
from fourweek.accounts.models import Role
from fourweek.database import Database, add, new_id, table
from fourweek.edge import House
from fourweek.errors import NotFound
from tests import factories as make
from tests.assessments.badges.factories import sweep
from tests.assessments.credit.factories import LATER, Learning, demonstrate, judge, learning, one_more
from tests.assessments.evidence.school import NOON, School, build, decide, typed
from tests.courses.versions.factories import achievement, change, newer
from tests.statements import statements

SUBMISSION, ENTRY, AWARD = table(Submission), table(CreditEntry), table(Award)


def move(conn: Connection, cohort_id: str, old: make.MadeCourse, new: make.MadeCourse) -> None:
    lead = make.visitor(make.person(conn, "Lena Lead"), NOON, (Role.LEAD, cohort_id))
    move_cohort(conn, lead, cohort_id, old.version_id, new.version_id, AssessmentsCoursework(), confirmed=True)


def _standing(works: tuple[Work, ...]) -> list[tuple[object, ...]]:
    return [(one.key, one.state, one.attempts, one.attempts_left, one.submitted_at, one.late) for one in works]


@dataclass
class Everybody:
    """One learner in every state of the first assignment."""

    made: make.MadeCourse
    cohort: str
    enrolments: tuple[str, ...]


def _everybody(conn: Connection) -> Everybody:
    first = learning(conn)
    people = [first, *(one_more(conn, first, f"Learner {n}") for n in range(6))]
    for who, outcome in zip(people, Outcome, strict=False):
        judge(conn, who, 1, make.START, outcome)
    make.submission(conn, first.course, people[3].enrolment_id, 1)
    unposted = make.submission(conn, first.course, people[4].enrolment_id, 1)
    make.decided(conn, first.course, unposted, first.grader_id)
    draft = Submission(
        id=new_id(),
        enrolment_id=people[5].enrolment_id,
        assignment_id=first.course.assignments[0],
        rubric_id=first.course.rubrics[0],
        attempt=1,
        started_at=make.START,
        saved_at=make.START,
    )
    add(conn, draft)
    return Everybody(first.course, first.cohort_id, tuple(one.enrolment_id for one in people))


def test_everybody_stands_as_before(conn: Connection) -> None:
    here = _everybody(conn)
    before = work_of_many(conn, dict.fromkeys(here.enrolments, here.made.version_id), LATER)
    states = {works[0].state for works in before.values()}
    expected = {WorkState.DEMONSTRATED, WorkState.NOT_YET, WorkState.RETURNED, WorkState.SUBMITTED}
    assert states == expected | {WorkState.NOT_STARTED, WorkState.DRAFT}
    new = newer(conn, here.made)
    move(conn, here.cohort, here.made, new)
    after = work_of_many(conn, dict.fromkeys(here.enrolments, new.version_id), LATER)
    for enrolment in here.enrolments:
        assert _standing(after[enrolment]) == _standing(before[enrolment])


@pytest.fixture
def school(db: Database) -> School:
    return db.write_now(build)


def _moved(school: School, number: tuple[int, int] = (1, 1)) -> Any:
    """A move of the school's cohort to a version with other words, and with another slot in place of the first."""

    def act(conn: Connection) -> make.MadeCourse:
        new = newer(conn, school.made, number)
        change(conn, Assignment, new.assignments[0], title="Note, reworded", instructions_html="<p>Clearer.</p>")
        key = "report" if number[0] == 1 else "other"
        change(conn, Requirement, new.texts[0], title="Report, reworded", key=key, min_words=4)
        move(conn, school.cohort, school.made, new)
        return new

    return act


def test_draft_goes_on_after_a_minor_version_in_its_new_words(db: Database, school: School) -> None:
    school.save(db, typed("Three kept promises."))
    db.write_now(_moved(school))
    page = db.read_now(assignment_page, school.visitor(), school.where)
    assert page.form is not None
    assert (page.title, page.instructions_html) == ("Note, reworded", "<p>Clearer.</p>")
    assert [(slot.title, slot.value) for slot in page.form.slots] == [
        ("Report, reworded", "Three kept promises."),
        ("Proof", ""),
    ]
    assert school.hand_in(db, typed("Three kept promises.", "Three kept promises.")).receipt
    row = db.read_now(lambda conn: conn.execute(select(SUBMISSION)).one())
    assert (row.assignment_id, row.rubric_id) == (school.made.assignments[0], school.made.rubrics[0])


def test_next_attempt_takes_up_what_was_handed_in_on_the_older_version(db: Database, school: School) -> None:
    school.hand_in(db, typed())
    first = db.read_now(lambda conn: conn.execute(select(SUBMISSION.c.id)).scalar_one())
    db.write_now(decide, school, first, Outcome.NOT_YET, make.START)
    db.write_now(_moved(school, (2, 0)))
    school.next_attempt(db)
    desk = db.read_now(my_desk, school.visitor(), school.where)
    assert (desk.number, desk.rubric_id, desk.state) == (2, school.made.rubrics[0], WorkState.DRAFT)
    page = db.read_now(assignment_page, school.visitor(), school.where)
    assert page.form is not None
    assert [(slot.key, slot.title) for slot in page.form.slots] == [("report", "Report"), ("proof", "Proof")]
    assert school.hand_in(db, typed("A better report.", "The service kept its promise.", attempt=2)).receipt


def test_who_has_not_begun_gets_what_the_new_version_asks(db: Database, school: School) -> None:
    new = db.write_now(_moved(school, (2, 0)))
    desk = db.read_now(my_desk, school.visitor(), school.where)
    assert (desk.task.id, desk.rubric_id) == (new.assignments[0], new.rubrics[0])
    assert [slot.asked.key for slot in desk.task.slots] == ["other", "proof"]


def _without_the_first(school: School, *, elsewhere: bool) -> Any:
    def act(conn: Connection) -> None:
        new = newer(conn, school.made, (2, 0))
        if elsewhere:
            change(conn, Assignment, new.assignments[0], module_id=new.modules[2])
        else:
            conn.execute(delete(table(Requirement)).where(table(Requirement).c.assignment_id == new.assignments[0]))
            conn.execute(delete(table(Assignment)).where(table(Assignment).c.id == new.assignments[0]))
        move(conn, school.cohort, school.made, new)

    return act


def test_what_is_not_asked_any_more_stays_to_be_read(db: Database, school: School) -> None:
    school.save(db, typed("Typed with care."))
    db.write_now(_without_the_first(school, elsewhere=False))
    page = db.read_now(assignment_page, school.visitor(), school.where)
    assert page.form is not None
    assert (page.form.slots[0].value, page.closed.split(".")[0]) == (
        "Typed with care.",
        "The course does not ask for this any more",
    )
    handed = school.hand_in(db, typed("Typed with care.", "Typed with care."))
    assert (handed.receipt, bool(handed.missing)) == ("", True)
    with pytest.raises(NotFound):
        db.read_now(my_desk, make.visitor(school.bob, NOON), school.where)


def test_what_moved_to_another_module_is_found_at_its_old_address(db: Database, school: School) -> None:
    school.save(db, typed("Typed with care."))
    db.write_now(_without_the_first(school, elsewhere=True))
    desk = db.read_now(my_desk, school.visitor(), school.where)
    assert (desk.where.module_number, desk.task.title, desk.takes) == (3, "Note 1", False)


def test_move_costs_the_pages_no_statement(db: Database, school: School) -> None:
    school.save(db, typed("Three kept promises."))
    db.read_now(assignment_page, school.visitor(), school.where)
    with statements(db) as before:
        db.read_now(assignment_page, school.visitor(), school.where)
    db.write_now(_moved(school))
    db.read_now(assignment_page, school.visitor(), school.where)
    with statements(db) as after:
        db.read_now(assignment_page, school.visitor(), school.where)
    assert after.number == before.number


def _on_both(house: House, who: Learning, numbers: tuple[tuple[int, int], ...]) -> make.MadeCourse:
    """Two modules demonstrated and credited on 1.0, then each of these versions in turn."""
    db, old = house.db, who.course
    for number in numbers:
        new = db.write_now(newer, old, number)
        db.write_now(achievement, new)
        db.write_now(move, who.cohort_id, old, new)
        sweep(house)
        old = new
    return old


@pytest.mark.parametrize("numbers", [((1, 1),), ((1, 1), (2, 0))])
def test_credit_and_badge_come_exactly_once_across_versions(house: House, numbers: Any) -> None:
    db = house.db
    who = db.write_now(learning)
    db.write_now(achievement, who.course)
    for week in (1, 2):
        db.write_now(demonstrate, who, week)
    assert sweep(house) == 0
    waiting = db.write_now(make.submission, who.course, who.enrolment_id, 3)
    new = _on_both(house, who, numbers)
    assert _credited(db) == [1, 2]
    db.write_now(
        lambda conn: make.decided(conn, who.course, waiting, who.grader_id, 3, at=make.START, posted_at=make.START)
    )
    later = Learning(new, who.cohort_id, who.person_id, who.enrolment_id, who.grader_id)
    db.write_now(demonstrate, later, 4)
    assert (sweep(house), sweep(house)) == (1, 0)
    assert _credited(db) == [1, 2, 3, 4]
    more = db.write_now(newer, new, (3, 0))
    db.write_now(achievement, more)
    db.write_now(move, who.cohort_id, new, more)
    assert sweep(house) == 0
    assert _credited(db) == [1, 2, 3, 4]
    assert db.read_now(lambda conn: conn.execute(select(func.count()).select_from(AWARD)).scalar_one()) == 1
    evidence = db.read_now(lambda conn: conn.execute(select(AWARD.c.snapshot)).scalar_one())["evidence"]
    assert len(evidence) == 4


def _credited(db: Database) -> list[int]:
    wanted = select(ENTRY.c.module_number).order_by(ENTRY.c.module_number)
    return list(db.read_now(lambda conn: conn.execute(wanted).scalars().all()))
