"""How awards stand: revoked or withdrawn, and their place in a status list."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, select

from assessments.status.places import AWARD, ENTRY, LIST

_NEWER = ENTRY.alias("newer")
NEWEST_PLACE = (
    select(_NEWER.c.id)
    .where(_NEWER.c.award_id == AWARD.c.id)
    .order_by(_NEWER.c.id.desc())
    .limit(1)
    .correlate(AWARD)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class AwardStanding:
    """An award at this moment; `list_number` and `place` are None while no form of it was signed. Real clock."""

    award_id: str
    slug: str
    list_number: int | None
    place: int | None
    is_set: bool
    revoked_at: datetime | None
    revoked_why: str
    withdrawn_at: datetime | None


def _wanted(where: ColumnElement[bool]) -> Select[Any]:
    columns = (AWARD.c[name] for name in ("id", "slug", "revoked_at", "revoked_why", "withdrawn_at"))
    return (
        select(*columns, LIST.c.number, ENTRY.c.place, ENTRY.c.set_at)
        .select_from(AWARD)
        .outerjoin(ENTRY, and_(ENTRY.c.award_id == AWARD.c.id, ENTRY.c.id == NEWEST_PLACE))
        .outerjoin(LIST, LIST.c.id == ENTRY.c.list_id)
        .where(where)
    )


_BY_ID = _wanted(AWARD.c.id.in_(bindparam("awards", expanding=True)))
_BY_SLUG = _wanted(AWARD.c.slug.in_(bindparam("slugs", expanding=True)))


def standings(conn: Connection, award_ids: Collection[str]) -> dict[str, AwardStanding]:
    """{award id: how it stands} for those that exist; one statement."""
    return {row.id: _standing(row) for row in conn.execute(_BY_ID, {"awards": list(award_ids)})}


def standings_by_slug(conn: Connection, slugs: Collection[str]) -> dict[str, AwardStanding]:
    """{slug: how its award stands} for those that exist; one statement."""
    return {row.slug: _standing(row) for row in conn.execute(_BY_SLUG, {"slugs": list(slugs)})}


def _standing(row: Row[Any]) -> AwardStanding:
    return AwardStanding(
        award_id=row.id,
        slug=row.slug,
        list_number=row.number,
        place=row.place,
        is_set=row.set_at is not None,
        revoked_at=row.revoked_at,
        revoked_why=row.revoked_why,
        withdrawn_at=row.withdrawn_at,
    )
