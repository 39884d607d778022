"""What a learner record holds besides credit: a person's badges as they were signed, and their addresses."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, or_, select

from assessments.badges.queries import AWARD, ISSUE
from assessments.transcripts.scope import Scope
from courses.catalogue.queries import COURSE, VERSION
from courses.cohorts.queries import COHORT
from courses.enrolment.access import ENROLMENT
from fourweek.accounts.service import EMAIL
from fourweek.light import dataclass

MOST_BADGES = 200

_BADGES: Select[Any] = (
    select(AWARD.c.series_id, AWARD.c.number, COURSE.c.code, ISSUE.c.number.label("signed"), ISSUE.c.document)
    .join_from(AWARD, ENROLMENT, ENROLMENT.c.id == AWARD.c.enrolment_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .join(VERSION, VERSION.c.id == COHORT.c.version_id)
    .join(COURSE, COURSE.c.id == VERSION.c.course_id)
    .outerjoin(ISSUE, and_(ISSUE.c.award_id == AWARD.c.id, ISSUE.c.number == AWARD.c.number))
    .where(
        AWARD.c.person_id == bindparam("person"),
        AWARD.c.revoked_at.is_(None),
        AWARD.c.withdrawn_at.is_(None),
        or_(AWARD.c.valid_until.is_(None), AWARD.c.valid_until > bindparam("now")),
    )
    .order_by(AWARD.c.awarded_at, AWARD.c.id)
    .limit(MOST_BADGES + 1)
)
_EMAILS = (
    select(EMAIL.c.address)
    .where(EMAIL.c.person_id == bindparam("person"), EMAIL.c.verified_at.is_not(None))
    .order_by(EMAIL.c.is_primary.desc(), EMAIL.c.address)
)


@dataclass(frozen=True, slots=True)
class BadgeText:
    """A signed badge as its text, and the code of its course, "" for that of a series."""

    course_code: str
    document: str


@dataclass(frozen=True, slots=True)
class Held:
    """`left_out`: there are badges that are not among these, because they are just being signed or are too many."""

    badges: tuple[BadgeText, ...]
    emails: tuple[str, ...]
    left_out: int


def held_by(conn: Connection, person_id: str, scope: Scope, now: datetime) -> Held:
    """The person's badges that hold at `now` and belong to the scope, and their addresses. Two statements."""
    rows = [row for row in conn.execute(_BADGES, {"person": person_id, "now": now}) if _fits(row, scope)]
    signed = [row for row in rows if row.signed is not None][:MOST_BADGES]
    return Held(
        badges=tuple(BadgeText("" if row.series_id else row.code, row.document.decode()) for row in signed),
        emails=tuple(conn.execute(_EMAILS, {"person": person_id}).scalars()),
        left_out=len(rows) - len(signed),
    )


def _fits(row: Any, scope: Scope) -> bool:
    """A badge of a series is of many courses, and so in whole records only."""
    return scope.is_whole or (not row.series_id and row.code in scope.courses)
