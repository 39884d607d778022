"""Newer versions of a course from the factories, the same but for what a test changes."""

from typing import Any

from sqlalchemy import Connection, select, update

from assessments.badges.models import Achievement
from assessments.rubrics.models import Competency
from courses.catalogue.models import Course, CourseVersion
from fourweek.database import add, new_id, table
from tests import factories as make

COURSE, COMPETENCY = table(Course), table(Competency)


def newer(
    conn: Connection, made: make.MadeCourse, number: tuple[int, int] = (1, 1), *, weeks: int = 4, minutes: int = 150
) -> make.MadeCourse:
    """A version with the same addresses and keys, and rows of its own."""
    found = make.MadeCourse(made.course_id, new_id(), made.code)
    row = CourseVersion(
        id=found.version_id,
        course_id=made.course_id,
        major=number[0],
        minor=number[1],
        title="Running a Reliable Service",
        summary="Keep a promise, in newer words.",
        module_count=weeks,
        counted_minutes=weeks * minutes,
        package_sha256=f"{number[0]}{number[1]:063x}",
        published_at=make.BEFORE,
    )
    add(conn, row)
    competency = conn.execute(select(COMPETENCY.c.id).where(COMPETENCY.c.course_id == made.course_id)).scalar_one()
    make.add_weeks(conn, found, weeks, minutes, competency)
    conn.execute(update(COURSE).where(COURSE.c.id == made.course_id).values(current_version_id=found.version_id))
    return found


def achievement(conn: Connection, made: make.MadeCourse) -> None:
    row = Achievement(
        id=new_id(),
        version_id=made.version_id,
        name="Runs a Reliable Service",
        description="Runs a service that keeps its promise.",
        criteria="All four weeks were demonstrated.",
        created_at=make.BEFORE,
    )
    add(conn, row)


def change(conn: Connection, model: Any, row_id: str, **values: Any) -> None:
    target = table(model)
    conn.execute(update(target).where(target.c.id == row_id).values(values))
