"""What the registrar does with an award that must not hold, or must hold again: each act once, with a reason."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, select, update

from assessments.badges.messages import badge_message
from assessments.badges.queries import ACHIEVEMENT, AWARD
from assessments.badges.restating import restate
from assessments.record.queries import registrar
from assessments.stacking.lost import tell_of_lost_part
from assessments.status.places import newest_place, set_bit
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import lock
from fourweek.errors import Conflict, Invalid, NotFound
from fourweek.language import N_, _
from fourweek.letters.cleaning import clean_text
from fourweek.light import dataclass
from fourweek.outbox import post
from fourweek.webhooks.service import tell

LONGEST: Final = 500
REINSTATED: Final = N_("It had been revoked and was reinstated.")

_HELD: Select[Any] = (
    select(AWARD.c.id, AWARD.c.slug, AWARD.c.person_id, AWARD.c.achievement_id, AWARD.c.base_url, AWARD.c.number)
    .add_columns(AWARD.c.awarded_at, AWARD.c.valid_until, AWARD.c.revoked_at, AWARD.c.withdrawn_at)
    .add_columns(ACHIEVEMENT.c.name)
    .join(ACHIEVEMENT, ACHIEVEMENT.c.id == AWARD.c.achievement_id)
    .where(AWARD.c.id == bindparam("award"))
)


@dataclass(frozen=True, slots=True)
class _Told:
    """How an act is called: in the audit log, as a notice, and what the badge is afterwards, for other programs."""

    verb: str
    notice: str
    event: str
    status: str


_REVOKED = _Told("award.revoke", "badge_revoked", "badge.revoked", "revoked")
_REINSTATED = _Told("award.reinstate", "badge_reinstated", "badge.reinstated", "valid")
_WITHDRAWN = _Told("award.withdraw", "badge_withdrawn", "badge.withdrawn", "withdrawn")


def revoke(conn: Connection, visitor: Visitor, award_id: str, reason: str) -> bool:
    """Revoke an award: its bit is set for good, its page says since when and why. False if it is revoked already.

    Raises NotFound, Invalid for a reason that is missing or too long, and Conflict for a withdrawn award.
    """
    award, why = _decided_about(conn, visitor, award_id, reason)
    _need_not_withdrawn(award)
    if award.revoked_at is not None:
        return False
    now = visitor.now.real
    _change(conn, award_id, revoked_at=now, revoked_by=visitor.me.id, revoked_why=why)
    _set_newest(conn, award_id, now)
    tell_of_lost_part(conn, award_id, now)
    _note(conn, visitor, award, _REVOKED, why)
    return True


def reinstate(conn: Connection, visitor: Visitor, award_id: str, reason: str) -> bool:
    """Let a revoked award hold again, in a newly signed form with a new place: a bit is never cleared.

    False if it is not revoked. Raises as `revoke` does.
    """
    award, why = _decided_about(conn, visitor, award_id, reason)
    _need_not_withdrawn(award)
    if award.revoked_at is None:
        return False
    _change(conn, award_id, revoked_at=None, revoked_by=None, revoked_why="")
    restate(conn, award_id, REINSTATED, visitor.now.real, actor_id=visitor.me.id)
    _note(conn, visitor, award, _REINSTATED, why)
    return True


def withdraw(conn: Connection, visitor: Visitor, award_id: str, reason: str) -> bool:
    """Take an award off all pages for ever; its bit is set too. False if it is withdrawn already.

    Raises NotFound, and Invalid for a reason that is missing or too long.
    """
    award, why = _decided_about(conn, visitor, award_id, reason)
    if award.withdrawn_at is not None:
        return False
    now = visitor.now.real
    _change(conn, award_id, withdrawn_at=now, withdrawn_why=why)
    _set_newest(conn, award_id, now)
    tell_of_lost_part(conn, award_id, now)
    _note(conn, visitor, award, _WITHDRAWN, why)
    return True


def checked_reason(reason: str) -> str:
    """The reason on one line, without signs that hide or reorder others. Raises Invalid."""
    why = clean_text(reason)
    if not why:
        raise Invalid({"reason": _("Say in a sentence why.")})
    if len(why) > LONGEST:
        said = _("Say it in at most {most} characters; these are {number}.", most=LONGEST, number=len(why))
        raise Invalid({"reason": said})
    return why


def _decided_about(conn: Connection, visitor: Visitor, award_id: str, reason: str) -> tuple[Row[Any], str]:
    registrar(visitor)
    lock(conn, AWARD, award_id)
    award = conn.execute(_HELD, {"award": award_id}).first()
    if award is None:
        raise NotFound
    return award, checked_reason(reason)


def _need_not_withdrawn(award: Row[Any]) -> None:
    if award.withdrawn_at is not None:
        raise Conflict(_("This badge was withdrawn; nothing can be changed about it any more."))


def _change(conn: Connection, award_id: str, **values: Any) -> None:
    conn.execute(update(AWARD).where(AWARD.c.id == award_id).values(values))


def _set_newest(conn: Connection, award_id: str, now: datetime) -> None:
    place = newest_place(conn, award_id)
    if place is not None:
        set_bit(conn, place.entry_id, now)


def _note(conn: Connection, visitor: Visitor, award: Row[Any], told: _Told, why: str) -> None:
    """Audit row, a notice to the earner, and a message to other programs as far as they ever heard of the badge."""
    now, key = visitor.now.real, f"{award.id}:{award.number}"
    record(conn, told.verb, "award", award.id, at=now, actor_id=visitor.me.id, reason=why)
    data = {"achievement": award.name, "reason": why, "by": visitor.me.name, "path": f"/badges/{award.slug}"}
    post(conn, f"{told.notice}:{key}", told.notice, award.person_id, now=now, data=data)
    if award.base_url:
        tell(conn, told.event, f"{told.event}:{key}", badge_message(award, told.status), now)
