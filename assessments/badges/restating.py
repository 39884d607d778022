"""Stating an award anew: it takes its next number here, and the worker signs that form."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from assessments.badges.queries import AWARD
from assessments.badges.snapshot import AwardSnapshot
from fourweek.audit.service import record
from fourweek.database import lock
from fourweek.errors import NotFound

_STANDING = select(AWARD.c.number, AWARD.c.withdrawn_at).where(AWARD.c.id == bindparam("award"))


def restate(
    conn: Connection,
    award_id: str,
    why: str,
    now: datetime,
    *,
    actor_id: str | None,
    snapshot: AwardSnapshot | None = None,
) -> int:
    """Ask for another signed form, with another snapshot if one is given; returns its number. `now` is the real clock.

    The identifier, the subject and the page stay. A form that is being signed at this moment is not kept any more. A
    revoked award is signed again only once it is reinstated; a withdrawn one never is, and keeps its number.
    Raises NotFound for an unknown award.
    """
    lock(conn, AWARD, award_id)
    award = conn.execute(_STANDING, {"award": award_id}).first()
    if award is None:
        raise NotFound
    if award.withdrawn_at is not None:
        return int(award.number)
    number = int(award.number) + 1
    said = {"snapshot": snapshot.stored()} if snapshot is not None else {}
    conn.execute(update(AWARD).where(AWARD.c.id == award_id).values(number=number, why=why, **said))
    record(conn, "award.restate", "award", award_id, at=now, actor_id=actor_id, reason=why, detail={"number": number})
    return number
