"""A package becomes a version: whole or not at all, once, in order."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import QueuePool, func, select

from assessments.assignments.models import Assignment
from assessments.badges.package import ParsedBadge
from assessments.coursework import AssessmentsCoursework, PreparedAssignments
from courses.catalogue.models import Activity, Course, CourseFile, CourseVersion, Lesson, Module
from courses.catalogue.publish import Published, VersionRefused, publish
from courses.packages import ParsedCourse
from fourweek.audit.models import AuditRow
from fourweek.clock import Now
from fourweek.database import Database, table
from fourweek.edge import House
from fourweek.errors import Conflict
from tests.courses.catalogue.packages import parsed
from tests.factories import START

NOW = Now(real=START, school=START + timedelta(days=3))


def _publish(house: House, course: ParsedCourse) -> Published:
    return publish(house.db, house.store, course, coursework=AssessmentsCoursework(), author_id=None, now=NOW)


def _count(db: Database, model: Any) -> int:
    return db.read_now(lambda conn: conn.execute(select(func.count()).select_from(table(model))).scalar_one())


def _counts(db: Database) -> dict[str, int]:
    models = (Course, CourseVersion, Module, Activity, Lesson, CourseFile, Assignment, AuditRow)
    return {model.__name__: _count(db, model) for model in models}


def _rows(db: Database, model: Any, *order: str) -> list[Any]:
    columns = table(model)
    return list(db.read_now(lambda conn: conn.execute(columns.select().order_by(*(columns.c[o] for o in order))).all()))


def test_publish_keeps_everything_the_package_says(house: House) -> None:
    done = _publish(house, parsed())
    assert (done.code, done.version, done.is_new) == ("pump-care", "1.2", True)
    version = _rows(house.db, CourseVersion, "id")[0]
    assert (version.id, version.major, version.minor) == (done.version_id, 1, 2)
    assert version.published_at == NOW.school
    assert '<img src="/courses/pump-care/files/week1/fig/pump.svg"' in version.description_html
    assert version.authors[1] == {"name": "B. Warden", "background": ""}
    assert version.achievement["name"] == "Pump Keeper"
    assert "<li>a reading</li>" in version.achievement["criteria_html"]
    modules = _rows(house.db, Module, "number")
    assert [(m.number, m.title, m.counted_minutes) for m in modules] == [(1, "Pressure", 40), (2, "Leaks", 50)]
    lessons = [
        (one.slug, one.kind.value) for one in _rows(house.db, Lesson, "position") if one.module_id == modules[0].id
    ]
    assert lessons == [("pressure", "lesson"), ("flow-rate", "lesson"), ("glossary", "reference")]
    course = _rows(house.db, Course, "id")[0]
    assert course.current_version_id == done.version_id


def test_publish_keeps_files_where_their_module_is(house: House) -> None:
    _publish(house, parsed())
    modules = {row.id: row.number for row in _rows(house.db, Module, "number")}
    files = _rows(house.db, CourseFile, "path")
    assert {(modules.get(f.module_id, 0), f.path) for f in files if "pump.svg" in f.path} >= {
        (0, "week1/fig/pump.svg"),
    }
    assert all(house.store.has(f.sha256) and house.store.size(f.sha256) == f.size for f in files)


def test_same_package_again_changes_nothing_and_says_so(house: House) -> None:
    first = _publish(house, parsed())
    before = _counts(house.db)
    again = _publish(house, parsed())
    assert (again.version_id, again.is_new) == (first.version_id, False)
    assert again.words == "pump-care 1.2 was published before with this very content; nothing changed."
    assert _counts(house.db) == before


@pytest.mark.parametrize(
    ("version", "says"),
    [
        ("1.2", "Version 1.2 is published already, with other content. Choose a new number."),
        ("1.1", "Version 1.1 is older than 1.2, which is published. Give it a higher number."),
    ],
)
def test_number_that_may_not_follow_is_refused_whole(house: House, version: str, says: str) -> None:
    _publish(house, parsed())
    before = _counts(house.db)
    with pytest.raises(VersionRefused) as refused:
        _publish(house, parsed(version=version, package_sha256="f" * 64))
    assert str(refused.value.problem) == f"course.toml: error: {says}"
    assert _counts(house.db) == before


def test_minor_version_may_only_reword(house: House) -> None:
    first = _publish(house, parsed())
    reworded = _publish(house, parsed(version="1.3", package_sha256="e" * 64, title="Care of Any Pump"))
    assert reworded.is_new
    assert reworded.version_id != first.version_id
    course = parsed(version="1.4", package_sha256="d" * 64)
    longer = replace(course.modules[1], activities=course.modules[1].activities * 2)
    with pytest.raises(VersionRefused, match=r"the counted minutes of module 2 since 1\.3"):
        _publish(house, replace(course, modules=(course.modules[0], longer)))
    with pytest.raises(VersionRefused, match=r'the assignment "repair" of module 2 since 1\.3'):
        _publish(house, replace(course, modules=(course.modules[0], replace(course.modules[1], assignments=()))))
    assert _publish(house, replace(course, version="2.0", modules=(course.modules[0], longer))).is_new


def test_changed_file_is_noticed_before_a_row_is_written(house: House) -> None:
    course = parsed()
    file = replace(course.description_files[0], sha256="0" * 64)
    with pytest.raises(Conflict, match=r'"week1/fig/pump\.svg" changed while'):
        _publish(house, replace(course, description_files=(file,)))
    assert set(_counts(house.db).values()) == {0}


def test_failure_of_the_assessments_leaves_nothing(house: House) -> None:
    class Failing(PreparedAssignments):
        def store(self, *_rest: Any) -> None:
            raise RuntimeError("the disk is full")

    class Coursework(AssessmentsCoursework):
        def prepare(self, course: ParsedCourse) -> PreparedAssignments:
            return Failing(course, (), ParsedBadge("", 0), ())

    with pytest.raises(RuntimeError):
        publish(house.db, house.store, parsed(), coursework=Coursework(), author_id=None, now=NOW)
    assert set(_counts(house.db).values()) == {0}


def test_assignments_are_read_and_rendered_before_the_transaction(house: House) -> None:
    busy: list[int] = []

    class Watching(AssessmentsCoursework):
        def prepare(self, course: ParsedCourse) -> PreparedAssignments:
            pool = house.db.writer.pool
            assert isinstance(pool, QueuePool)
            busy.append(pool.checkedout())
            return super().prepare(course)

    assert publish(house.db, house.store, parsed(), coursework=Watching(), author_id=None, now=NOW).is_new
    assert busy == [0]


def test_publishing_at_once_makes_one_version(house: House) -> None:
    course, done, ready = parsed(), [], threading.Barrier(4)

    def go() -> None:
        ready.wait()
        done.append(_publish(house, course))

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.is_new for one in done) == [False, False, False, True]
    assert (_count(house.db, CourseVersion), _count(house.db, Course)) == (1, 1)
