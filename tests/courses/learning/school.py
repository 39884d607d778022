"""A cohort whose first module opens at midnight today (UTC), full of words that must not be seen before."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, update

from courses.catalogue.models import CourseFile, CourseVersion, Lesson, LessonKind
from courses.enrolment.models import Enrolment, EnrolmentState
from fourweek.accounts.models import Role
from fourweek.clock import real_time
from fourweek.database import add, new_id, table
from fourweek.storage import LocalStore
from tests import factories as make

OPENS = datetime.combine(real_time().date(), time(0), UTC)
SECOND, DAY, WEEK = timedelta(seconds=1), timedelta(days=1), timedelta(weeks=1)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><title>Secret drawing</title></svg>'
CSV = b"secret,numbers\n1,2\n"


@dataclass(slots=True)
class School:
    """Alice learns; Bob withdrew; Carol has no place; Dora learns in a cohort that is open for weeks already;
    Greta grades there; Lena grades here."""

    made: make.MadeCourse
    cohort: str
    other: str
    alice: str
    bob: str
    carol: str
    dora: str
    greta: str
    lena: str
    enrolment: str

    def at(self, rest: str = "", cohort: str | None = None) -> str:
        return f"/cohorts/{cohort or self.cohort}{rest}"


def build(conn: Connection, /, store: LocalStore | None = None, **changes: Any) -> School:
    made = make.course(conn)
    conn.execute(
        update(table(CourseVersion))
        .where(table(CourseVersion).c.id == made.version_id)
        .values(licence="CC BY 4.0", attribution_html="<p>After a book.</p>", authors=[{"name": "Ida Writer"}])
    )
    for number in range(1, 5):
        _more(conn, made, number, store)
    values = {"start": OPENS.date(), "release_weekday": None, "release_time": time(0)} | changes
    cohort = make.cohort(conn, made, **values)
    other = make.cohort(conn, made, **values | {"start": (OPENS - 2 * WEEK).date()})
    people = {name: make.person(conn, f"{name} Brook") for name in ("Alice", "Bob", "Carol", "Dora")}
    enrolment = make.enrol(conn, cohort, people["Alice"])
    withdraw(conn, make.enrol(conn, cohort, people["Bob"]))
    make.enrol(conn, other, people["Dora"])
    greta = make.with_role(conn, Role.GRADER, scope_id=other)
    lena = make.with_role(conn, Role.GRADER, "Lena Grant", scope_id=cohort)
    return School(
        made, cohort, other, people["Alice"], people["Bob"], people["Carol"], people["Dora"], greta, lena, enrolment
    )


def _more(conn: Connection, made: make.MadeCourse, number: int, store: LocalStore | None) -> None:
    """A page to look things up in, a figure and a download for a module."""
    row = Lesson(
        id=new_id(),
        module_id=made.modules[number - 1],
        position=2,
        slug=f"secret-terms-{number}",
        kind=LessonKind.REFERENCE,
        title=f"Secret terms {number}",
        html="<p>Secret words.</p>",
        plain_text="Secret words.",
        headings=[{"level": 2, "text": "First", "anchor": "first"}, {"level": 2, "text": "Second", "anchor": "second"}],
    )
    add(conn, row)
    add(conn, *(_file(made, number, path, kind, data, store) for path, kind, data in files_of(number)))


def files_of(number: int) -> tuple[tuple[str, str, bytes], ...]:
    return (
        (f"fig/secret-{number}.svg", "image/svg+xml", SVG),
        (f"data/secret-{number} über.csv", "text/csv", CSV),
        (f"secret-{number}.txt", "text/plain", b"secret text"),
    )


def _file(
    made: make.MadeCourse, number: int, path: str, kind: str, data: bytes, store: LocalStore | None
) -> CourseFile:
    digest = store.keep_bytes(data).sha256 if store else "0" * 64
    return CourseFile(
        id=new_id(),
        version_id=made.version_id,
        module_id=made.modules[number - 1],
        path=path,
        media_type=kind,
        sha256=digest,
        size=len(data),
    )


def withdraw(conn: Connection, enrolment_id: str) -> None:
    row = table(Enrolment)
    conn.execute(update(row).where(row.c.id == enrolment_id).values(state=EnrolmentState.WITHDRAWN))
