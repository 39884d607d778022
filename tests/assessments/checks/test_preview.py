"""A check from package to school: its answers before the authors' eyes, and nowhere in what is public."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from assessments.checks.queries import QUESTION, RULES
from assessments.coursework import AssessmentsCoursework
from courses.catalogue.publish import publish as publish_version
from courses.coursework import CheckPreview, QuestionPreview
from courses.packages import read_package
from fourweek.accounts.models import Role
from fourweek.clock import Now, real_time
from fourweek.edge import House
from tests import factories as make
from tests.assessments.checks.test_package import BEFORE, CHECK, course_with
from tests.courses.catalogue.packages import zipped

COURSEWORK = AssessmentsCoursework()


def test_preview_shows_questions_with_their_answers(house: House, browser: Any, tmp_path: Path) -> None:
    marta = house.db.write_now(lambda conn: make.with_role(conn, Role.AUTHOR, "Marta Vale"))
    author = browser(marta)
    package = zipped(tmp_path / "pump.zip", check=(BEFORE, CHECK + BEFORE))
    draft = author.submit("/authoring/upload", "/authoring/upload", files={"package": ("pump.zip", package)})
    assert draft.status_code == 303, draft.text
    address = draft.headers["location"] + "/modules/1/assignments/reading"
    page = author.get(address).text
    assert "2 questions; 2 must be right to pass. Up to 3 tries." in page
    assert "Pressure <strong>(right)</strong>" in page
    assert "Right is 2.5 ± 0.05 bar." in page
    assert page.count("(right)") == 3
    assert browser(house.db.write_now(make.person)).get(address).status_code == 404
    assert browser().get(address).status_code == 303


def test_what_is_public_of_a_package_holds_no_answer(tmp_path: Path) -> None:
    course, _ = read_package(course_with(tmp_path))
    assert course is not None
    prepared = COURSEWORK.prepare(course)
    assert prepared.public[0].asks == ("Note", "Photograph", "Knowledge check")
    assert "Pressure" not in repr(prepared.public)
    assert prepared.checks == (
        CheckPreview(
            assignment_key="reading",
            title="Knowledge check",
            rules="2 questions; 2 must be right to pass. Up to 3 tries.",
            questions=(
                QuestionPreview(
                    "What does a gauge <em>show</em>?",
                    (("Pressure", True), ("<code>Flow</code>", False)),
                    "",
                    'See <a href="https://example.org/units" rel="noopener">units</a>.',
                ),
                QuestionPreview(
                    "Where do pumps leak?",
                    (("At the seal", True), ("At the flange", True), ("Nowhere", False)),
                    "",
                    "",
                ),
                QuestionPreview("How much is 250 kPa?", (), "2.5 ± 0.05 bar", ""),
            ),
        ),
    )


def test_publishing_stores_the_check_as_it_was_written(house: House, tmp_path: Path) -> None:
    course, _ = read_package(course_with(tmp_path))
    assert course is not None
    author = house.db.write_now(make.person)
    now = Now(real=real_time(), school=real_time())
    publish_version(house.db, house.store, course, coursework=COURSEWORK, author_id=author, now=now)

    def stored(conn: Connection) -> tuple[Any, list[Any]]:
        questions = conn.execute(select(QUESTION).order_by(QUESTION.c.position)).all()
        return conn.execute(select(RULES)).one(), list(questions)

    rules, questions = house.db.read_now(stored)
    assert (rules.ask, rules.shuffle, rules.pass_percent, rules.max_tries) == (2, True, 75, 3)
    assert [(one.key, one.kind.value, one.number, one.tolerance, one.unit) for one in questions] == [
        ("gauge", "one", "", "", ""),
        ("leaks", "several", "", "", ""),
        ("bar", "number", "2.5", "0.05", "bar"),
    ]
    assert questions[0].options == [
        {"key": "a", "html": "Pressure", "right": True},
        {"key": "b", "html": "<code>Flow</code>", "right": False},
    ]
