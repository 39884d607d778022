"""How a person is erased: asked for by themself or for them, decided by somebody else, done by the worker."""

from typing import Any, Final

from sqlalchemy import Connection, Row, update

from assessments.erasure.models import ErasureRequest
from assessments.erasure.pieces import PIECES, entrance, left
from assessments.erasure.queries import HELD, REQUEST, against, keeps, newest_request, one_request, whose
from assessments.record.queries import person_id_of, registrar
from assessments.retention.purge import hold_the_holds
from fourweek.accounts.access import PERSON, Visitor
from fourweek.accounts.operators import need_another_operator
from fourweek.audit.service import record
from fourweek.clock import Now
from fourweek.database import add_once, lock, new_id
from fourweek.errors import Conflict, Forbidden, Invalid, NotFound
from fourweek.language import ENGLISH, N_, _, speaking
from fourweek.language.stored import Kept, lines_in_each_language
from fourweek.letters.cleaning import clean_text
from fourweek.outbox import post
from fourweek.settings import Settings

LONGEST: Final = 500


def ask(conn: Connection, visitor: Visitor, *, confirmed: bool) -> str:
    """Ask to be erased; returns the request's id. Asked for twice, it is asked for once. Raises Invalid unconfirmed."""
    if not confirmed:
        raise Invalid({"confirmed": _("Say that you have read what goes and what stays.")})
    return _ask(conn, visitor, visitor.me.id, "")


def ask_for(conn: Connection, visitor: Visitor, learner_number: str, why: str) -> str:
    """The registrar enters a wish that came by letter; another registrar decides. Raises NotFound and Invalid."""
    registrar(visitor)
    words = clean_text(why)
    if not words or len(words) > LONGEST:
        raise Invalid(
            {
                "why": _(
                    "Say how the request came and how you know whose it is, in at most {longest} characters.",
                    longest=LONGEST,
                )
            }
        )
    return _ask(conn, visitor, person_id_of(conn, learner_number), words)


def withdraw(conn: Connection, visitor: Visitor) -> bool:
    """Take one's own wish back while nobody has decided; False when nothing waits."""
    lock(conn, PERSON, visitor.me.id)
    found = newest_request(conn, visitor.me.id)
    if found is None or found.decided_at is not None:
        return False
    _close(conn, visitor, found, approved=False, why=N_("Taken back."))
    _note(conn, visitor, "erasure.withdraw", found.id, found.person_id)
    return True


def decide(
    conn: Connection, visitor: Visitor, request_id: str, settings: Settings, *, approve: bool, why: str = ""
) -> None:
    """Approve, after which nobody signs in any more and the worker removes the rest, or refuse with a reason.

    Never by the person themself or by whoever entered it. Raises NotFound, Forbidden, Invalid for a refusal without
    words, and Conflict where something stands against it or it is decided. The same decision twice is made once.
    """
    registrar(visitor)
    found = _held(conn, request_id)
    if visitor.me.id in (found.person_id, found.asked_by):
        raise Forbidden(_("Somebody else decides this one."), what_to_do=_("Ask another registrar to look at it."))
    words = clean_text(why)
    if len(words) > LONGEST or not (approve or words):
        raise Invalid({"why": _("Say why not, in at most {longest} characters: the person reads it.", longest=LONGEST)})
    if found.decided_at is not None:
        if (found.approved, found.decided_by) == (approve, visitor.me.id):
            return
        raise Conflict(_("This was decided meanwhile."))
    if approve:
        _approve(conn, visitor, found, words, settings)
    else:
        _refuse(conn, visitor, found, words)


def erase_piece(conn: Connection, now: Now, request_id: str, piece: str, settings: Settings) -> int:
    """Do one piece of an approved erasure and count it; returns how many rows changed. Safe to do again.

    A legal hold that was placed since stops it: nothing more goes until it is lifted.
    """
    hold_the_holds(conn)
    lock(conn, REQUEST, request_id)
    found = one_request(conn, request_id)
    if found is None or not found.approved or found.finished_at is not None:
        return 0
    who = whose(conn, found.person_id, now, settings)
    if HELD in against(conn, who):
        return 0
    changed = PIECES[piece](conn, who)
    if changed:
        counts = {**found.erased, piece: found.erased.get(piece, 0) + changed}
        conn.execute(update(REQUEST).where(REQUEST.c.id == request_id).values(erased=counts))
    return changed


def finish(conn: Connection, now: Now, request_id: str, settings: Settings) -> bool:
    """Note that nothing is left to do, once that is so; says whether it is."""
    lock(conn, REQUEST, request_id)
    found = one_request(conn, request_id)
    if found is None or not found.approved or found.finished_at is not None:
        return False
    who = whose(conn, found.person_id, now, settings)
    if left(conn, who) or HELD in against(conn, who):
        return False
    conn.execute(update(REQUEST).where(REQUEST.c.id == request_id).values(finished_at=now.real))
    record(conn, "erasure.finish", "person", found.person_id, at=now.real, actor_id=None, detail=dict(found.erased))
    return True


def _ask(conn: Connection, visitor: Visitor, person_id: str, why: str) -> str:
    lock(conn, PERSON, person_id)
    before = newest_request(conn, person_id)
    if before is not None and before.decided_at is None:
        return str(before.id)
    if before is not None and before.approved:
        raise Conflict(_("This was decided already."))
    row = ErasureRequest(id=new_id(), person_id=person_id, asked_by=visitor.me.id, asked_at=visitor.now.real, why=why)
    if not add_once(conn, row):
        raise Conflict(_("This was asked for meanwhile."))
    _note(conn, visitor, "erasure.ask", row.id, person_id)
    data = {"path": "/account/privacy"}
    post(conn, f"erasure_asked:{row.id}", "erasure_asked", person_id, now=visitor.now.real, data=data)
    return row.id


def _held(conn: Connection, request_id: str) -> Row[Any]:
    """The request as it stands, which nobody else decides meanwhile. Raises NotFound."""
    lock(conn, REQUEST, request_id)
    found = one_request(conn, request_id)
    if found is None:
        raise NotFound
    return found


def _approve(conn: Connection, visitor: Visitor, found: Row[Any], words: str, settings: Settings) -> None:
    """No legal hold comes between: one that is being placed at this moment is waited for, and wins."""
    hold_the_holds(conn)
    lock(conn, PERSON, found.person_id)
    who = whose(conn, found.person_id, visitor.now, settings)
    if stands := against(conn, who):
        raise Conflict(" ".join(map(_, stands)), what_to_do=_("Come back when that is settled."))
    need_another_operator(conn, found.person_id)
    with speaking(ENGLISH):
        staying = [one.stored() for one in keeps(conn, who, settings)]
    _close(conn, visitor, found, approved=True, why=words, kept=staying)
    lines = lines_in_each_language(lambda: [f"{one.what}. {one.until} {one.why}" for one in keeps(conn, who, settings)])
    _letter(conn, visitor, found, lines, words)
    entrance(conn, who)
    gone = {"disabled_at": visitor.now.real, "erased_at": visitor.now.real}
    conn.execute(update(PERSON).where(PERSON.c.id.in_(who.people)).values(gone))
    _note(conn, visitor, "erasure.approve", found.id, found.person_id)


def _refuse(conn: Connection, visitor: Visitor, found: Row[Any], words: str) -> None:
    _close(conn, visitor, found, approved=False, why=words)
    _letter(conn, visitor, found, [], words, approved=False)
    _note(conn, visitor, "erasure.refuse", found.id, found.person_id)


def _letter(
    conn: Connection, visitor: Visitor, found: Row[Any], staying: list[Kept], words: str, *, approved: bool = True
) -> None:
    data = {"approved": approved, "stays": staying, "reason": words, "path": "/privacy"}
    post(conn, f"erasure_decided:{found.id}", "erasure_decided", found.person_id, now=visitor.now.real, data=data)


def _close(
    conn: Connection,
    visitor: Visitor,
    found: Row[Any],
    *,
    approved: bool,
    why: str,
    kept: list[dict[str, str]] | None = None,
) -> None:
    decided = {"decided_by": visitor.me.id, "decided_at": visitor.now.real, "approved": approved, "decided_why": why}
    conn.execute(update(REQUEST).where(REQUEST.c.id == found.id).values(**decided, kept=kept or []))


def _note(conn: Connection, visitor: Visitor, act: str, request_id: str, person_id: str) -> None:
    """Names nobody and repeats no words: the log is kept for ever."""
    detail = {"request_id": request_id}
    record(conn, act, "person", person_id, at=visitor.now.real, actor_id=visitor.me.id, detail=detail)
