"""How far assignments are: requirements in the draft, criteria in what was posted, and why an attempt came back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from assessments.assignments.models import RequirementKind
from assessments.coursework import AssessmentsCoursework
from assessments.evidence.models import Evidence, Submission
from assessments.grading.models import Outcome
from courses.coursework import CriterionStep, RequirementStep, Steps
from courses.learning.words import LONGEST_COMMENT, come_back
from fourweek.database import Database, add, new_id
from fourweek.edge import House
from tests import factories as make
from tests.courses.learning.school import OPENS, School, build
from tests.statements import statements

AtTime = Callable[[datetime], None]
COURSEWORK = AssessmentsCoursework()
NOON = OPENS + timedelta(hours=12)
NOT_JUDGED = tuple(CriterionStep(f"Criterion {n}", "Meets", "", False) for n in (0, 1))


def _steps(db: Database, school: School, at: datetime = NOON) -> dict[str, Steps]:
    def ask(conn: Connection) -> dict[str, Steps]:
        return COURSEWORK.steps(conn, COURSEWORK.work(conn, school.made.version_id, school.enrolment, at))

    return db.read_now(ask)


def _draft(conn: Connection, school: School, text: str) -> str:
    values: dict[str, Any] = {
        "id": new_id(),
        "enrolment_id": school.enrolment,
        "assignment_id": school.made.assignments[0],
    }
    row = Submission(**values, rubric_id=school.made.rubrics[0], attempt=1, started_at=OPENS, saved_at=OPENS)
    add(conn, row)
    add(
        conn,
        Evidence(
            id=new_id(),
            submission_id=row.id,
            requirement_id=school.made.texts[0],
            position=0,
            kind=RequirementKind.TEXT,
            text=text,
            saved_at=OPENS,
        ),
    )
    return row.id


def test_steps_before_anything_say_what_is_missing(db: Database) -> None:
    school = db.write_now(build)
    assert _steps(db, school)["note-1"] == Steps(
        (RequirementStep("Report", True, False, "no text yet."), RequirementStep("Proof", False, False, "")), NOT_JUDGED
    )


def test_steps_of_a_draft_by_what_it_holds(db: Database) -> None:
    school = db.write_now(build)
    db.write_now(_draft, school, "Two words")
    first, _ = _steps(db, school)["note-1"].requirements
    assert first == RequirementStep("Report", True, False, "2 words, at least 3 are asked for.")
    again = db.write_now(build)
    db.write_now(_draft, again, "Three whole words")
    first, _ = _steps(db, again)["note-1"].requirements
    assert first == RequirementStep("Report", True, True, "")


def test_steps_read_posted_decisions_alone(db: Database) -> None:
    def fill(conn: Connection) -> School:
        school = build(conn)
        sent = make.submission(conn, school.made, school.enrolment, at=OPENS)
        make.decided(conn, school.made, sent, school.lena, outcome=Outcome.NOT_YET, at=OPENS, posted_at=NOON)
        return school

    school = db.write_now(fill)
    assert _steps(db, school, NOON - timedelta(seconds=1))["note-1"] == Steps((), NOT_JUDGED)
    reached = tuple(CriterionStep(f"Criterion {n}", "Meets", "Not-yet", False) for n in (0, 1))
    assert _steps(db, school)["note-1"] == Steps((), reached)


def test_pages_say_steps_and_why_it_came_back(school: School, house: House, browser: Any, at_time: AtTime) -> None:
    def fill(conn: Connection) -> None:
        sent = make.submission(conn, school.made, school.enrolment, at=OPENS)
        make.decided(conn, school.made, sent, school.lena, outcome=Outcome.NOT_YET, at=OPENS, posted_at=OPENS)

    house.db.write_now(fill)
    at_time(NOON)
    alice = browser(school.alice)
    back = f'<a href="{school.at("/modules/1/assignments/note-1")}#attempt-1">Read all of it</a>'
    for page in ("/home", school.at("/modules/1")):
        shown = alice.get(page).text
        assert "“Read with care.”" in shown
        assert back in shown
    reached = "<dt><bdi>Criterion 0</bdi></dt><dd>“Not-yet” reached; “Meets” is needed"
    assert reached in alice.get(school.at("/modules/1")).text
    assert "<bdi>Note 1</bdi>: 0 of 2 criteria demonstrated" in alice.get(school.at()).text
    assert "Read with care." not in browser(school.lena).get(school.at("/modules/1")).text


def test_comment_is_cut_between_words(db: Database) -> None:
    def fill(conn: Connection) -> School:
        school = build(conn)
        sent = make.submission(conn, school.made, school.enrolment, at=OPENS)
        make.decided(conn, school.made, sent, school.lena, outcome=Outcome.NOT_YET, at=OPENS, posted_at=OPENS)
        return school

    school = db.write_now(fill)
    work = db.read_now(lambda conn: COURSEWORK.work(conn, school.made.version_id, school.enrolment, NOON))[0]
    assert work.verdict is not None
    long = replace(work, verdict=replace(work.verdict, comment="word " * 100))
    found = come_back(long, "/here")
    assert found is not None
    assert len(found.words) <= LONGEST_COMMENT + 2
    assert found.words.endswith("word …")


def test_steps_take_four_statements_at_most_and_two_once_kept(db: Database) -> None:
    school = db.write_now(build)
    db.write_now(_draft, school, "Three whole words")
    numbers = []
    for _ in range(2):
        with statements(db) as count:
            _steps(db, school)
        numbers.append(count.number)
    assert numbers[0] <= 6
    assert numbers[1] == 2
