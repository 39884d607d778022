"""Reading badges for those who look at them: the public, and the earner's own list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from assessments.badges.queries import ACHIEVEMENT, AWARD, ISSUE
from courses.cohorts.queries import COHORT
from courses.enrolment.access import ENROLMENT
from courses.paging import PER_PAGE, offset
from courses.schedule.words import say_date
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.errors import Busy, Gone, NotFound

_NEWEST = (
    select(ISSUE.c.id)
    .where(ISSUE.c.award_id == AWARD.c.id)
    .order_by(ISSUE.c.number.desc())
    .limit(1)
    .correlate(AWARD)
    .scalar_subquery()
)
_STATES: Select[Any] = select(AWARD.c.slug, AWARD.c.id, AWARD.c.withdrawn_at, _NEWEST.label("issue_id")).where(
    AWARD.c.slug.in_(bindparam("slugs", expanding=True))
)
_WHOLE: Select[Any] = (
    select(AWARD.c.slug, AWARD.c.snapshot, AWARD.c.achievement_id, AWARD.c.withdrawn_at)
    .add_columns(ISSUE.c.id.label("issue_id"), ISSUE.c.document, ISSUE.c.picture_sha256, ISSUE.c.key_id)
    .add_columns(ISSUE.c.issued_at)
    .outerjoin(ISSUE, ISSUE.c.id == _NEWEST)
    .where(AWARD.c.slug == bindparam("slug"))
)
_MINE: Select[Any] = (
    select(AWARD.c.slug, AWARD.c.awarded_at, AWARD.c.withdrawn_at, _NEWEST.label("issue_id"))
    .add_columns(ACHIEVEMENT.c.name, COHORT.c.zone)
    .join(ACHIEVEMENT, ACHIEVEMENT.c.id == AWARD.c.achievement_id)
    .join(ENROLMENT, ENROLMENT.c.id == AWARD.c.enrolment_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .where(AWARD.c.person_id == bindparam("person"))
    .order_by(AWARD.c.awarded_at.desc(), AWARD.c.id.desc())
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)
_MINE_COUNT = select(func.count()).select_from(AWARD).where(AWARD.c.person_id == bindparam("person"))


@dataclass(frozen=True, slots=True)
class AwardState:
    """How an award stands at this moment; `issue_id` is its newest signed form, None while there is none."""

    award_id: str
    issue_id: str | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class AwardRecord:
    """A whole award with its newest signed form; the form's fields are empty while there is none."""

    slug: str
    snapshot: Mapping[str, Any]
    achievement_id: str
    issue_id: str | None = None
    document: bytes = b""
    picture_sha256: str = ""
    key_id: str = ""
    issued_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MyBadge:
    slug: str
    name: str
    awarded: str
    signed: bool
    withdrawn: bool


def states(conn: Connection, slugs: frozenset[str]) -> dict[str, AwardState]:
    """{slug: how its award stands} for those that exist; one statement."""
    rows = conn.execute(_STATES, {"slugs": list(slugs)})
    return {row.slug: AwardState(row.id, row.issue_id, row.withdrawn_at) for row in rows}


def state(conn: Connection, _visitor: Visitor, slug: str) -> AwardState | None:
    return states(conn, frozenset([slug])).get(slug)


def standing(found: AwardState | None) -> AwardState:
    """The state of an award that may be shown. Raises NotFound for none, Gone for a withdrawn one."""
    if found is None:
        raise NotFound
    if found.withdrawn_at is not None:
        raise withdrawn()
    return found


def withdrawn() -> Gone:
    return Gone("The institution withdrew this badge. It no longer stands behind it.")


def award_record(conn: Connection, slug: str) -> AwardRecord:
    """An award as it is shown, one statement. Raises NotFound, or Gone for a withdrawn one."""
    row = conn.execute(_WHOLE, {"slug": slug}).first()
    if row is None:
        raise NotFound
    if row.withdrawn_at is not None:
        raise withdrawn()
    if row.issue_id is None:
        return AwardRecord(row.slug, row.snapshot, row.achievement_id)
    return AwardRecord(
        slug=row.slug,
        snapshot=row.snapshot,
        achievement_id=row.achievement_id,
        issue_id=row.issue_id,
        document=row.document,
        picture_sha256=row.picture_sha256,
        key_id=row.key_id,
        issued_at=row.issued_at,
    )


def signed_record(conn: Connection, _visitor: Visitor, slug: str) -> AwardRecord:
    """The same for those who want the file: raises Busy while it is not yet signed."""
    found = award_record(conn, slug)
    if found.issue_id is None:
        raise Busy("This badge was awarded a moment ago and is being signed.")
    return found


def my_badges(conn: Connection, visitor: Visitor, number: int) -> tuple[tuple[MyBadge, ...], int]:
    """One page of the visitor's badges, newest first, and how many there are; two statements."""
    person = {"person": visitor.me.id}
    rows = conn.execute(_MINE, person | {"skipped": offset(number)})
    badges = tuple(
        MyBadge(
            slug=row.slug,
            name=row.name,
            awarded=say_date(row.awarded_at.astimezone(zone(row.zone)).date()),
            signed=row.issue_id is not None,
            withdrawn=row.withdrawn_at is not None,
        )
        for row in rows
    )
    return badges, conn.execute(_MINE_COUNT, person).scalar_one()
