"""Writing series: their words, the order of their courses, and whether anybody may see them."""

from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from courses.catalogue.models import Course
from courses.series.forms import SeriesForm
from courses.series.models import Series, SeriesCourse
from courses.series.queries import MOST_COURSES, PART, SERIES, form_of, series_row
from courses.series.rules import Move, reordered
from fourweek.accounts.access import Permission, Visitor
from fourweek.audit.service import record
from fourweek.database import add, add_once, lock, new_id, table
from fourweek.errors import Invalid
from fourweek.language import _, n_

COURSE = table(Course)
FEWEST_COURSES = 2


def create_series(conn: Connection, visitor: Visitor, typed: SeriesForm, html: str) -> None:
    """Keep a new series, not public yet. Raises Invalid where its code is taken."""
    me = visitor.need(Permission.PUBLISH_COURSE)
    made = Series(
        id=new_id(),
        code=typed.code,
        title=typed.title,
        summary=typed.summary,
        body=typed.body,
        html=html,
        created_at=visitor.now.school,
        created_by=me.id,
    )
    if not add_once(conn, made):
        raise Invalid({"code": _("Another series has this code. Choose a different one.")})
    _note(conn, visitor, "series.create", made.id, code=typed.code, title=typed.title)


def edit_series(conn: Connection, visitor: Visitor, code: str, typed: SeriesForm, html: str) -> None:
    """Change what a series says; its code stays. Raises Invalid where somebody else changed it meanwhile."""
    row = _held(conn, visitor, code)
    known = form_of(row)
    if typed.seen != known.seen:
        raise Invalid({"": _("Somebody changed this series meanwhile. Open it in another tab and compare.")})
    values = {"title": typed.title, "summary": typed.summary, "body": typed.body, "html": html}
    conn.execute(update(SERIES).where(SERIES.c.id == row.id).values(values))
    _note(conn, visitor, "series.edit", row.id, title=typed.title, before=known.title)


def order_courses(conn: Connection, visitor: Visitor, code: str, course_code: str, move: Move) -> None:
    """Add a course at the end, move it up or down, or take it out. Raises Invalid where that cannot be."""
    row = _held(conn, visitor, code)
    course_id = conn.execute(
        select(COURSE.c.id).where(COURSE.c.code == course_code, COURSE.c.current_version_id.is_not(None))
    ).scalar()
    if course_id is None:
        raise Invalid({"course": _("Choose a course.")})
    wanted = select(PART.c.course_id).where(PART.c.series_id == row.id).order_by(PART.c.position)
    before = tuple(conn.execute(wanted).scalars())
    after = reordered(before, course_id, move)
    if len(after) > MOST_COURSES:
        most = n_("A series has at most {count} course.", "A series has at most {count} courses.", MOST_COURSES)
        raise Invalid({"course": most})
    if row.published_at and len(after) < FEWEST_COURSES:
        raise Invalid(
            {
                "": n_(
                    "A public series has at least {count} course. Take it back first.",
                    "A public series has at least {count} courses. Take it back first.",
                    FEWEST_COURSES,
                )
            }
        )
    if after == before:
        return
    conn.execute(delete(PART).where(PART.c.series_id == row.id))
    if after:
        parts = (SeriesCourse(series_id=row.id, course_id=one, position=at) for at, one in enumerate(after, 1))
        add(conn, *parts)
    _note(conn, visitor, "series.order", row.id, course=course_code, move=move.value)


def publish_series(conn: Connection, visitor: Visitor, code: str, *, public: bool) -> None:
    """Let everybody see a series, or nobody but its writers. Raises Invalid for one without enough courses."""
    row = _held(conn, visitor, code)
    if public == (row.published_at is not None):
        return
    number = len(conn.execute(select(PART.c.course_id).where(PART.c.series_id == row.id)).all())
    if public and number < FEWEST_COURSES:
        fewest = n_("Add at least {count} course first.", "Add at least {count} courses first.", FEWEST_COURSES)
        raise Invalid({"": fewest})
    published_at = visitor.now.school if public else None
    conn.execute(update(SERIES).where(SERIES.c.id == row.id).values(published_at=published_at))
    _note(conn, visitor, "series.publish" if public else "series.unpublish", row.id, code=code)


def _held(conn: Connection, visitor: Visitor, code: str) -> Row[Any]:
    """A series that the visitor may write, locked and read again."""
    visitor.need(Permission.PUBLISH_COURSE)
    lock(conn, SERIES, series_row(conn, code).id)
    return series_row(conn, code)


def _note(conn: Connection, visitor: Visitor, act: str, series_id: str, **detail: Any) -> None:
    record(conn, act, "series", series_id, at=visitor.now.real, actor_id=visitor.me.id, detail=detail)
