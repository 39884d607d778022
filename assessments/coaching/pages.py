"""The lead's pages: who is at the end of their attempts or asked to talk, and one talk."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from assessments.coaching.access import talk_of
from assessments.coaching.queries import ENDED, ENDED_COUNT, OPEN, OPEN_COUNT
from assessments.coaching.views import ListPage, Row, TalkPage
from assessments.grading.access import serves
from courses.paging import offset, pager, query
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Permission, Visitor
from fourweek.language import _, n_

ADDRESS = "/coaching"
PARTS = {"open": (OPEN_COUNT, OPEN), "ended": (ENDED_COUNT, ENDED)}


def list_page(conn: Connection, visitor: Visitor, part: str, number: int) -> ListPage:
    """One page of a part, the oldest first; two statements. Raises NotFound for somebody who leads nothing."""
    part = part if part in PARTS else "open"
    count, rows = PARTS[part]
    values = serves(visitor, Permission.REVIEW_GRADES) | {"now": visitor.now.school, "offset": offset(number)}
    total = conn.execute(count, values).scalar_one()
    found = conn.execute(rows, values).all() if total else []
    make = _asked if part == "open" else _ended
    return ListPage(
        part=part,
        rows=tuple(make(row, visitor.now.school) for row in found),
        pager=pager(number, total, lambda to: ADDRESS + query(part="" if part == "open" else part, page=to)),
    )


def _asked(row: Any, now: datetime) -> Row:
    opened = say_instant(row.opened_at, zone(row.zone), None, now).until
    meta = _("{title} · {course}, {cohort} · opened {when}", **_about(row), when=opened)
    return Row(row.learner, meta, coaching_id=row.id)


def _ended(row: Any, now: datetime) -> Row:
    decided = say_instant(row.posted_at, zone(row.zone), None, now).until
    if row.anonymous:  # an instant would tell which one it was
        meta = n_(
            "{title} · {course}, {cohort} · {count} attempt used",
            "{title} · {course}, {cohort} · {count} attempts used",
            row.used,
            **_about(row),
        )
    else:
        meta = n_(
            "{title} · {course}, {cohort} · {count} attempt used, the last decided {when}",
            "{title} · {course}, {cohort} · {count} attempts used, the last decided {when}",
            row.used,
            **_about(row),
            when=decided,
        )
    return Row(row.learner, meta, enrolment_id=row.enrolment_id, key=row.key)


def _about(row: Any) -> dict[str, str]:
    return {"title": row.title, "course": row.course, "cohort": row.cohort}


def talk_page(conn: Connection, visitor: Visitor, coaching_id: str) -> TalkPage:
    """One talk, open or closed; one statement. Raises NotFound for whoever does not lead its cohort."""
    row = talk_of(conn, visitor, coaching_id)
    where, viewer = zone(row.zone), zone(visitor.me.zone)
    return TalkPage(
        id=row.id,
        learner=row.learner,
        title=row.title,
        about=f"{row.course}, {row.cohort}",
        wish=row.wish,
        asked=say_instant(row.opened_at, where, viewer, visitor.now.school),
        submission_id=row.submission_id or "",
        answer=row.answer,
        closed=say_instant(row.closed_at, where, viewer, visitor.now.school) if row.closed_at else None,
        closer=row.closer or "",
        extra=row.extra_attempts,
    )
