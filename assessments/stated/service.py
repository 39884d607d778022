"""Keeping what a professional states from elsewhere, one by one or as a table, and taking it out again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select, update

from assessments.stated.access import my_stated
from assessments.stated.forms import StatedFacts
from assessments.stated.models import StatedCredit
from assessments.stated.queries import MOST_STATED, STATED
from fourweek.accounts.access import PERSON, Visitor
from fourweek.audit.service import record
from fourweek.database import add_all_once, lock, new_id
from fourweek.errors import Conflict
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.words import say_whole


@dataclass(frozen=True, slots=True)
class Certificate:
    """The file of a certificate, which is in the store already."""

    sha256: str
    name: str


def state(
    conn: Connection, visitor: Visitor, facts: Sequence[StatedFacts], certificate: Certificate | None = None
) -> int:
    """Keep these activities; returns how many were new. What is here already stays as it is, and gets the certificate.

    One that was removed comes back. Raises Conflict where there would be more than MOST_STATED.
    """
    me = visitor.me.id
    lock(conn, PERSON, me)
    keys = [one.row_key for one in facts]
    mine = (STATED.c.person_id == me, STATED.c.row_key.in_(keys))
    known = set(conn.execute(select(STATED.c.row_key).where(*mine)).scalars())
    coming = [one for one in facts if one.row_key not in known]
    count = select(func.count()).where(STATED.c.person_id == me)
    if conn.execute(count).scalar_one() + len(coming) > MOST_STATED:
        raise Conflict(
            _("At most {most_stated} activities are kept.", most_stated=say_whole(MOST_STATED)),
            what_to_do=_("Remove some that no board asks for."),
        )
    file: dict[str, Any] = (
        {"evidence_sha256": certificate.sha256, "evidence_name": certificate.name} if certificate else {}
    )
    back = update(STATED).where(*mine, STATED.c.removed_at.is_not(None))
    returned = conn.execute(
        back.values(removed_at=None, entered_at=visitor.now.real, evidence_sha256="", evidence_name="")
    )
    if coming:
        add_all_once(conn, *(_row(one, visitor) for one in coming))
    if file:
        conn.execute(update(STATED).where(*mine).values(**file))
    new = len(coming) + returned.rowcount
    if new or file:
        detail = {"new": new, "certificate": certificate.sha256 if certificate else ""}
        record(conn, "stated.add", "person", me, at=visitor.now.real, actor_id=me, detail=detail)
    return new


def remove_stated(conn: Connection, visitor: Visitor, stated_id: str) -> None:
    """Take one out of the list, with its certificate. Raises NotFound for one that is not the visitor's."""
    row = my_stated(conn, visitor, stated_id)
    gone = {"removed_at": visitor.now.real, "evidence_sha256": "", "evidence_name": ""}
    conn.execute(update(STATED).where(STATED.c.id == row.id).values(gone))
    record(conn, "stated.remove", "stated_credit", row.id, at=visitor.now.real, actor_id=visitor.me.id)


def _row(facts: StatedFacts, visitor: Visitor) -> StatedCredit:
    return StatedCredit(
        id=new_id(),
        person_id=visitor.me.id,
        row_key=facts.row_key,
        title=facts.title,
        provider=facts.provider,
        provider_number=facts.provider_number,
        category=facts.category,
        mode=facts.mode,
        place=facts.place,
        instructor=facts.instructor,
        completed_on=facts.completed_on,
        minutes=facts.minutes,
        said=facts.said,
        entered_by=visitor.me.id,
        entered_at=visitor.now.real,
    )
