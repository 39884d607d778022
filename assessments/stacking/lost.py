"""A part of a series' badge that holds no more: the series' badge stays, and the registrars look at it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from assessments.badges.snapshot import read_snapshot
from assessments.stacking.queries import AWARD, STANDS
from fourweek.accounts.access import GRANT
from fourweek.accounts.models import Role
from fourweek.outbox import Mail, post_all

KIND = "series_part_lost"

_PART = select(AWARD.c.slug, AWARD.c.person_id).where(AWARD.c.id == bindparam("award"))
_THEIR_SERIES: Select[Any] = (
    select(AWARD.c.id, AWARD.c.snapshot)
    .where(AWARD.c.person_id == bindparam("person"), AWARD.c.series_id.is_not(None), STANDS)
    .order_by(AWARD.c.id)
)
_REGISTRARS = select(GRANT.c.person_id).where(GRANT.c.role == Role.REGISTRAR).distinct().order_by(GRANT.c.person_id)


def tell_of_lost_part(conn: Connection, award_id: str, now: datetime) -> int:
    """Tell the registrars of every series' badge that names this award as its part; returns how many there are.

    Whether such a badge is to stand is for a person to decide: nothing is taken away by itself. `now` is the real
    clock.
    """
    part = conn.execute(_PART, {"award": award_id}).one()
    told = 0
    for row in conn.execute(_THEIR_SERIES, {"person": part.person_id}).all():
        said = read_snapshot(row.snapshot)
        lost = next((one for one in said.parts if one.address.endswith(f"/badges/{part.slug}")), None)
        if lost is None:
            continue
        told += 1
        data = {"achievement": said.achievement.name, "part": lost.name, "path": f"/awards/{row.id}"}
        people = conn.execute(_REGISTRARS).scalars().all()
        post_all(conn, KIND, [Mail(f"{KIND}:{row.id}:{award_id}:{one}", one, data) for one in people], now=now)
    return told
