"""Setting a second factor up, giving its codes, and ending it.

Codes are checked before the transaction that takes them; what is written here only says that one counts, once.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select, update

from fourweek import outbox
from fourweek.accounts.access import PERSON, SIGN_IN, Visitor
from fourweek.accounts.second.models import RecoveryCode, TotpSecret
from fourweek.accounts.second.queries import CODE, SECRET, second_factor_of
from fourweek.accounts.service import primary_address
from fourweek.accounts.sessions import end_others, renew_sign_ins
from fourweek.audit.service import record
from fourweek.database import add, add_once, lock, new_id
from fourweek.errors import Conflict, Invalid, NotFound
from fourweek.language import N_, _
from fourweek.light import dataclass

NOTICE: Final = "second_factor"
LONGEST_REASON: Final = 500
NO_FIT: Final = N_("This does not fit, or was used already. A code of the app counts once, for about a minute.")


@dataclass(frozen=True, slots=True)
class FromApp:
    """A code of an app that fits: the span of 30 seconds it is of."""

    step: int


@dataclass(frozen=True, slots=True)
class Recovery:
    """What may be a recovery code, as it is kept."""

    code_hash: str


Given = FromApp | Recovery


@dataclass(frozen=True, slots=True)
class Draft:
    """A secret that is being set up, and what an app is to call it."""

    sealed: str
    account: str


def begin(conn: Connection, visitor: Visitor, sealed: str) -> None:
    """Keep a secret that counts once it is confirmed, in place of an earlier one. Raises Conflict where one counts."""
    person = visitor.me.id
    conn.execute(delete(SECRET).where(SECRET.c.person_id == person, SECRET.c.confirmed_at.is_(None)))
    if not add_once(conn, TotpSecret(person_id=person, sealed=sealed, made_at=visitor.now.real)):
        raise Conflict(
            _("A second factor is set up already."), what_to_do=_("Turn it off first to set up another one.")
        )
    record(conn, "second_factor.begin", "person", person, at=visitor.now.real, actor_id=person)


def draft(conn: Connection, visitor: Visitor) -> Draft:
    """The secret that the visitor is setting up. Raises NotFound where there is none."""
    wanted = select(SECRET.c.sealed).where(SECRET.c.person_id == visitor.me.id, SECRET.c.confirmed_at.is_(None))
    sealed = conn.execute(wanted).scalar()
    if sealed is None:
        raise NotFound
    return Draft(sealed, primary_address(conn, visitor.me.id) or visitor.me.name)


def confirm(conn: Connection, visitor: Visitor, sealed: str, step: int, code_hashes: Iterable[str]) -> None:
    """The app shows the right code: the secret counts from now on. Raises Conflict where another one came between."""
    person, now = visitor.me.id, visitor.now.real
    lock(conn, PERSON, person)  # a sign-in that opens at this moment waits for a code, or ends below
    mine = update(SECRET).where(
        SECRET.c.person_id == person, SECRET.c.confirmed_at.is_(None), SECRET.c.sealed == sealed
    )
    if not conn.execute(mine.values(confirmed_at=now, last_step=step)).rowcount:
        raise Conflict(_("Another secret was set up meanwhile."))
    _keep_codes(conn, person, code_hashes, now)
    conn.execute(update(SIGN_IN).where(SIGN_IN.c.id == visitor.me.sign_in_id).values(code_at=now))
    _changed(conn, visitor, "on")


def replace_codes(conn: Connection, visitor: Visitor, code_hashes: Iterable[str]) -> str:
    """Other recovery codes in place of those there are; returns whose they are. Raises NotFound where nothing is on."""
    person = visitor.me.id
    if second_factor_of(conn, person) is None:
        raise NotFound
    _keep_codes(conn, person, code_hashes, visitor.now.real)
    _changed(conn, visitor, "codes")
    return primary_address(conn, person) or visitor.me.name


def turn_off(conn: Connection, visitor: Visitor) -> None:
    """End the visitor's second factor. Raises NotFound where there is none."""
    if not _remove(conn, visitor.me.id):
        raise NotFound
    _changed(conn, visitor, "off")


def take_away(conn: Connection, by: str | None, person_id: str, reason: str, now: datetime) -> None:
    """End somebody's second factor, because they lost it; they are signed out everywhere and told by mail.

    Whoever calls has decided that `by` may; None is the operator at the command line. Raises Invalid, on `reason`, or
    NotFound where there is none.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid(
            {
                "reason": _(
                    "Say why, in at most {longest_reason} characters: the person can ask for it.",
                    longest_reason=LONGEST_REASON,
                )
            }
        )
    if not _remove(conn, person_id):
        raise NotFound
    end_others(conn, person_id, None)
    record(conn, "second_factor.take_away", "person", person_id, at=now, actor_id=by, reason=reason.strip())
    _tell(conn, person_id, "taken_away", now)


def take(conn: Connection, person_id: str, given: Given, now: datetime) -> bool:
    """Let a code count: False where it was taken already or, for a recovery code, is none of theirs."""
    if isinstance(given, FromApp):
        newer = update(SECRET).where(
            SECRET.c.person_id == person_id, SECRET.c.confirmed_at.is_not(None), SECRET.c.last_step < given.step
        )
        return bool(conn.execute(newer.values(last_step=given.step)).rowcount)
    unused = update(CODE).where(
        CODE.c.person_id == person_id, CODE.c.code_hash == given.code_hash, CODE.c.used_at.is_(None)
    )
    if not conn.execute(unused.values(used_at=now)).rowcount:
        return False
    record(conn, "second_factor.recover", "person", person_id, at=now, actor_id=person_id)
    _tell(conn, person_id, "recovered", now)
    return True


def _keep_codes(conn: Connection, person_id: str, code_hashes: Iterable[str], now: datetime) -> None:
    conn.execute(delete(CODE).where(CODE.c.person_id == person_id))
    add(conn, *(RecoveryCode(id=new_id(), person_id=person_id, code_hash=one, made_at=now) for one in code_hashes))


def _remove(conn: Connection, person_id: str) -> bool:
    """Whether one counted that does no more."""
    conn.execute(delete(CODE).where(CODE.c.person_id == person_id))
    ended = delete(SECRET).where(SECRET.c.person_id == person_id).returning(SECRET.c.confirmed_at)
    return conn.execute(ended).scalar() is not None


def _changed(conn: Connection, visitor: Visitor, what: str) -> None:
    """The visitor changed how they sign in: all their other sign-ins end, this one gets a new identifier."""
    person, now = visitor.me.id, visitor.now.real
    end_others(conn, person, visitor.me.sign_in_id)
    renew_sign_ins(conn, person)
    record(conn, f"second_factor.{what}", "person", person, at=now, actor_id=person)
    _tell(conn, person, what, now)


def _tell(conn: Connection, person_id: str, what: str, now: datetime) -> None:
    data = {"what": what, "path": "/account/second-factor"}
    outbox.post(conn, f"{NOTICE}:{new_id()}", NOTICE, person_id, now=now, data=data)
