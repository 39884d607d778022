"""Reading series: as anybody sees them, and as those who write them do."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, func, select

from courses.catalogue.models import Course, CourseVersion
from courses.catalogue.rules import say_weeks
from courses.cohorts.models import Cohort
from courses.coursework import Coursework
from courses.enrolment.models import Enrolment, EnrolmentState
from courses.paging import PER_PAGE, offset, pager, query
from courses.schedule.words import say_minutes
from courses.series.forms import SeriesForm
from courses.series.models import Series, SeriesCourse
from courses.series.pages import PartLine, SeriesFormPage, SeriesLine, SeriesListPage, SeriesPage
from fourweek.accounts.access import Permission, Visitor
from fourweek.database import table
from fourweek.errors import NotFound
from fourweek.language import _, n_

SERIES, PART = table(Series), table(SeriesCourse)
COURSE, VERSION, COHORT, ENROLMENT = table(Course), table(CourseVersion), table(Cohort), table(Enrolment)
MOST_COURSES = 30
MOST_OTHERS = 1_000

_PARTS = select(func.count()).where(PART.c.series_id == SERIES.c.id).correlate(SERIES).scalar_subquery()
_LIST = (
    select(
        SERIES.c.code,
        SERIES.c.title,
        SERIES.c.summary,
        SERIES.c.published_at,
        _PARTS.label("courses"),
        func.count().over().label("total"),
    )
    .order_by(SERIES.c.title, SERIES.c.code)
    .limit(PER_PAGE)
    .offset(bindparam("offset"))
)
_PUBLIC_LIST = _LIST.where(SERIES.c.published_at.is_not(None))
_ONE = select(SERIES).where(SERIES.c.code == bindparam("code"))
_TAKEN = VERSION.alias("taken")
_DONE = exists(
    select(ENROLMENT.c.id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .join(_TAKEN, _TAKEN.c.id == COHORT.c.version_id)
    .where(
        ENROLMENT.c.person_id == bindparam("person"),
        ENROLMENT.c.state == EnrolmentState.COMPLETED,
        _TAKEN.c.course_id == PART.c.course_id,
    )
    .correlate(PART)
)
_COURSES = (
    select(
        COURSE.c.code,
        VERSION.c.title,
        VERSION.c.summary,
        VERSION.c.module_count,
        VERSION.c.counted_minutes,
        _DONE.label("done"),
    )
    .select_from(PART)
    .join(COURSE, COURSE.c.id == PART.c.course_id)
    .join(VERSION, VERSION.c.id == COURSE.c.current_version_id)
    .where(PART.c.series_id == bindparam("series"))
    .order_by(PART.c.position, COURSE.c.code)
)
_OTHERS = (
    select(COURSE.c.code, VERSION.c.title)
    .join(VERSION, VERSION.c.id == COURSE.c.current_version_id)
    .where(~exists().where(PART.c.series_id == bindparam("series"), PART.c.course_id == COURSE.c.id))
    .order_by(VERSION.c.title, COURSE.c.code)
    .limit(MOST_OTHERS)
)


def series_list_page(conn: Connection, _visitor: Visitor, number: int) -> SeriesListPage:
    """The published series by title; one statement."""
    return _list_page(conn.execute(_PUBLIC_LIST, {"offset": offset(number)}).all(), number)


def written_series_page(conn: Connection, visitor: Visitor, number: int) -> SeriesListPage:
    """Every series, published or not, for those who write them."""
    visitor.need(Permission.PUBLISH_COURSE)
    return _list_page(conn.execute(_LIST, {"offset": offset(number)}).all(), number)


def series_page(conn: Connection, visitor: Visitor, code: str, coursework: Coursework) -> SeriesPage:
    """A series with its courses in order, and its badge; six statements at most.

    One that is not public is there for its writers alone.
    """
    row = series_row(conn, code)
    if row.published_at is None and not (visitor.person and visitor.person.may(Permission.PUBLISH_COURSE)):
        raise NotFound
    me, where = (visitor.person.id, visitor.person.zone) if visitor.person else ("", "UTC")
    rows = conn.execute(_COURSES, {"series": row.id, "person": me}).all()
    done = sum(bool(one.done) for one in rows)
    return SeriesPage(
        code=row.code,
        title=row.title,
        summary=row.summary,
        html=row.html,
        courses=_lines(rows),
        time=say_minutes(sum(one.counted_minutes for one in rows)),
        progress=_say_progress(done, len(rows)) if visitor.person and rows else "",
        is_public=row.published_at is not None,
        badge=coursework.series_badge(conn, row.id, me, where, visitor.now.school),
    )


def form_page(
    conn: Connection,
    visitor: Visitor,
    code: str | None = None,
    typed: SeriesForm | None = None,
    errors: Mapping[str, str] | None = None,
    preview: str = "",
) -> SeriesFormPage:
    """The form, empty, with what is kept already, or with what was typed."""
    visitor.need(Permission.PUBLISH_COURSE)
    row = series_row(conn, code) if code else None
    values = {"series": row.id if row else "", "person": ""}
    return SeriesFormPage(
        code=code,
        typed=typed or (form_of(row) if row else SeriesForm()),
        is_public=bool(row and row.published_at),
        courses=_lines(conn.execute(_COURSES, values).all()) if row else (),
        others=tuple((one.code, one.title) for one in conn.execute(_OTHERS, values)) if row else (),
        errors=errors or {},
        preview=preview,
    )


def series_row(conn: Connection, code: str) -> Row[Any]:
    """A series by its code; whoever calls authorises it. Raises NotFound."""
    row = conn.execute(_ONE, {"code": code}).first() if "\0" not in code else None
    if row is None:
        raise NotFound(_("There is no series of that name."))
    return row


def form_of(row: Row[Any]) -> SeriesForm:
    kept = SeriesForm(row.code, row.title, row.summary, row.body)
    return SeriesForm(row.code, row.title, row.summary, row.body, seen=kept.mark)


def say_courses(count: int) -> str:
    return n_("{count} course", "{count} courses", count)


def _say_progress(done: int, count: int) -> str:
    return n_(
        "You have completed {done} of {count} course.",
        "You have completed {done} of {count} courses.",
        count,
        done=done,
    )


def _list_page(rows: Any, number: int) -> SeriesListPage:
    lines = (SeriesLine(r.code, r.title, r.summary, say_courses(r.courses), r.published_at is not None) for r in rows)
    return SeriesListPage(tuple(lines), pager(number, rows[0].total if rows else 0, lambda n: query(page=n)))


def _lines(rows: Any) -> tuple[PartLine, ...]:
    return tuple(
        PartLine(
            number=number,
            code=row.code,
            title=row.title,
            summary=row.summary,
            time=_("{weeks}, {time} in all", weeks=say_weeks(row.module_count), time=say_minutes(row.counted_minutes)),
            done=bool(row.done),
        )
        for number, row in enumerate(rows, 1)
    )
