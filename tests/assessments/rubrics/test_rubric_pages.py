"""The library of rubrics and the versions of one: who sees them, what they say, and whom a version concerns."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from assessments.assignments.models import Assignment
from assessments.coursework import AssessmentsCoursework
from assessments.evidence.models import Submission
from assessments.rubrics.affected import InCohort, affected
from assessments.rubrics.library import library_page, whole_rubric
from assessments.rubrics.models import Rubric
from assessments.rubrics.versions import rubric_page, rubric_toml
from courses.catalogue.publish import keep_version
from courses.coursework import RubricOutlook
from courses.enrolment.models import Enrolment, EnrolmentState
from courses.packages.models import ParsedCourse
from courses.packages.reader import read_package
from fourweek.accounts.models import Role
from fourweek.clock import Now
from fourweek.database import Database, add, new_id, table
from fourweek.edge import House
from fourweek.errors import Forbidden, NotFound
from tests import factories as make
from tests.assessments.packages import small_package
from tests.statements import statements

WORK = AssessmentsCoursework()
AUTHOR = (Role.AUTHOR, "")
NOW = Now(real=make.START, school=make.START)
NEXT = (("1.1", "A method"), ("1.2", "A clear method"))
PAGE = "/authoring/courses/small-services/rubrics/note"


def _course(folder: Path, version: str, **words: str) -> ParsedCourse:
    """The small package as this version, with texts replaced: {"A_method": …} for "A method."."""
    course, problems = small_package(folder / version)
    assert course is not None
    assert problems == []
    file = folder / version / "course.toml"
    text = file.read_text(encoding="utf-8").replace('version = "1.2"', f'version = "{version}"')
    for old, new in words.items():
        assert old.replace("_", " ") in text
        text = text.replace(old.replace("_", " "), new)
    file.write_text(text, encoding="utf-8")
    again, problems = read_package(folder / version)
    assert again is not None
    assert problems == []
    return again


def _publish(conn: Connection, course: ParsedCourse) -> str:
    work = WORK.prepare(course)
    return keep_version(conn, course, work, coursework=WORK, author_id=None, now=NOW).version_id


def _author(conn: Connection) -> Any:
    return make.visitor(make.person(conn, "Ada Author"), make.START, AUTHOR)


def test_pages_are_for_authors(conn: Connection, tmp_path: Path) -> None:
    _publish(conn, _course(tmp_path, "1.0"))
    lead = make.visitor(make.person(conn), make.START, (Role.LEAD, ""))
    with pytest.raises(Forbidden):
        library_page(conn, lead, "", 1)
    with pytest.raises(Forbidden):
        rubric_page(conn, lead, "small-services", "note", 1)
    with pytest.raises(Forbidden):
        rubric_toml(conn, lead, "small-services", "note")
    with pytest.raises(NotFound):
        rubric_page(conn, _author(conn), "small-services", "other", 1)


def test_versions_say_what_changed_since_the_one_before(conn: Connection, tmp_path: Path) -> None:
    for version, method in (("1.0", "A method."), ("1.1", "A method."), ("1.2", "A clear method.")):
        _publish(conn, _course(tmp_path, version, A_method=method.rstrip(".")))
    page = rubric_page(conn, _author(conn), "small-services", "note", 1)
    found = [(one.number, one.since, [change.words for change in one.changes]) for one in page.versions]
    assert found == [
        ("1.2", "1.1", ["The level “Meets” is reworded."]),
        ("1.1", "1.0", []),
        ("1.0", "", []),
    ]
    change = page.versions[0].changes[0]
    assert (change.criterion, change.before, change.after) == ("Method", "A method.", "A clear method.")
    assert page.criteria[0].levels[1].descriptor == "A clear method."


def test_page_says_whom_each_version_concerns(conn: Connection) -> None:
    made = make.course(conn, 1)
    cohort = make.cohort(conn, made, name="Autumn")
    drafting, waiting, again, gone, *_ = (make.enrol(conn, cohort, make.person(conn)) for _ in range(6))
    draft = Submission(
        id=new_id(),
        enrolment_id=drafting,
        assignment_id=made.assignments[0],
        rubric_id=made.rubrics[0],
        attempt=1,
        started_at=make.START,
        saved_at=make.START,
    )
    add(conn, draft)
    for enrolment in (waiting, again, gone):
        make.submission(conn, made, enrolment)
    make.submission(conn, made, again, attempt=2)
    enrolments = table(Enrolment)
    conn.execute(update(enrolments).where(enrolments.c.id == gone).values(state=EnrolmentState.WITHDRAWN))
    found = affected(conn, made.rubrics)[made.rubrics[0]]
    assert found == (InCohort(cohort, "Autumn", begun=3, drafts=1, waiting=3, to_come=2),)


def test_package_says_which_rubrics_it_would_change_and_for_whom(conn: Connection, tmp_path: Path) -> None:
    first = _publish(conn, _course(tmp_path, "1.0"))
    assignments = table(Assignment)
    asked = conn.execute(select(assignments).where(assignments.c.version_id == first)).one()
    cohort = make.cohort(conn, make.MadeCourse("", first, "small-services"))
    begun, *_ = (make.enrol(conn, cohort, make.person(conn)) for _ in range(3))
    row = Submission(
        id=new_id(),
        enrolment_id=begun,
        assignment_id=asked.id,
        rubric_id=asked.rubric_id,
        attempt=1,
        started_at=make.START,
        saved_at=make.START,
    )
    add(conn, row)
    same, other = (WORK.prepare(_course(tmp_path, n, A_method=words)) for n, words in NEXT)
    assert WORK.rubric_outlook(conn, "small-services", "1.1", same.public) == ()
    assert WORK.rubric_outlook(conn, "another-course", "1.1", other.public) == ()
    assert WORK.rubric_outlook(conn, "small-services", "1.2", other.public) == (
        RubricOutlook(
            key="note",
            title="A note",
            is_structure=False,
            changes=("Method: The level “Meets” is reworded.",),
            concerns=(
                "Whoever has begun keeps the rubric they began with: 1 learner of version 1.0.",
                "2 learners without an attempt begin with version 1.2 once their cohort is moved to it.",
            ),
        ),
    )


def test_stored_rubric_is_written_as_it_was_read(conn: Connection, tmp_path: Path) -> None:
    course = _course(tmp_path, "1.0")
    _publish(conn, course)
    rubric = conn.execute(select(table(Rubric).c.id)).scalars().all()[-1]
    assert whole_rubric(conn, rubric) == (WORK.prepare(course).parsed[0].criteria, course.competencies)
    text = rubric_toml(conn, _author(conn), "small-services", "note")
    assert text.startswith("# From “A note” in “Small Services”, version 1.0. Paste it below an assignment whose ")


def test_library_holds_the_newest_rubric_of_each_course_and_finds_words(conn: Connection, tmp_path: Path) -> None:
    for version, words in (("1.0", "A method"), *NEXT):
        _publish(conn, _course(tmp_path, version, A_method=words))
    author = _author(conn)
    for words in ("small", "METHOD note", "  "):
        found = [one for one in library_page(conn, author, words, 1).rubrics if one.code == "small-services"]
        assert [(one.key, one.title, one.version) for one in found] == [("note", "A note", "1.2")], words
        assert found[0].criteria[0].levels[1].descriptor == "A clear method."
    assert library_page(conn, author, "small nowhere", 1).rubrics == ()


def test_pages_ask_as_much_for_many(db: Database, tmp_path: Path) -> None:
    author = make.visitor(db.write_now(make.person), make.START, AUTHOR)

    def asked() -> tuple[int, int]:
        with statements(db) as library:
            db.read_now(library_page, author, "", 1)
        with statements(db) as versions:
            db.read_now(rubric_page, author, "small-services", "note", 1)
        return library.number, versions.number

    db.write_now(_publish, _course(tmp_path, "1.0"))
    few = asked()
    for number in range(1, 5):
        db.write_now(_publish, _course(tmp_path, f"1.{number}"))
        db.write_now(make.course)
    assert asked() == few == (2, 6)


def test_author_reads_the_pages(house: House, browser: Any, tmp_path: Path) -> None:
    db = house.db
    db.write_now(_publish, _course(tmp_path, "1.0"))
    db.write_now(_publish, _course(tmp_path, "1.1", A_method="A clear method"))
    author = browser(db.write_now(make.with_role, Role.AUTHOR))
    shown = author.get("/authoring/rubrics?q=method")
    assert (shown.status_code, f'href="{PAGE}"' in shown.text) == (200, True)
    page = author.get(PAGE)
    assert page.status_code == 200
    assert "Wording changed since 1.0" in " ".join(page.text.split())
    assert "No learner is on this version." in page.text
    file = author.get(f"{PAGE}/rubric.toml")
    assert file.headers["content-disposition"] == 'attachment; filename="rubric-note.toml"'
    assert "[[module.assignment.criterion]]" in file.text
    assert author.get("/authoring/courses/small-services/rubrics/nothing").status_code == 404
    assert browser(db.write_now(make.person)).get(PAGE).status_code == 403
    assert browser().get(PAGE).status_code == 303
