"""Sign-ins: opening one, ending the others, and giving one a new identifier when a right changed."""

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, select, update

from fourweek.accounts.access import PERSON, SIGN_IN, Visitor
from fourweek.accounts.known_devices import Device, remember
from fourweek.accounts.models import SignIn, SignInWay
from fourweek.accounts.renewing import KEPT, LONGEST, OVERLAP
from fourweek.accounts.second.queries import second_factor_of
from fourweek.accounts.service import digest
from fourweek.audit.service import record
from fourweek.database import add, new_id
from fourweek.errors import Refused, SignInNeeded
from fourweek.language import N_
from fourweek.light import dataclass

MOST: Final = 30
"""Sign-ins one person may have at a time; the one that was used least lately ends for the next."""
WAITS: Final = timedelta(minutes=10)
"""How long the code of a second factor is waited for."""
_LONGEST_DEVICE: Final = 200
_ENABLED: Any = (
    select(PERSON.c.id)
    .where(PERSON.c.id == bindparam("person"), PERSON.c.disabled_at.is_(None))
    .with_for_update(key_share=True)  # rows that name the person are still written by others
)


@dataclass(frozen=True, slots=True)
class Opened:
    """The cookie's value of a sign-in. While it is `waiting` for the code of a second factor nobody is signed in."""

    token: str
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sign-in that waits for the code of the second factor."""

    sign_in_id: str
    person_id: str


class TakesNone(Refused):
    title = N_("This account takes no sign-ins")
    what_to_do = N_("Ask the people who run this school.")


def hold(conn: Connection, person_id: str) -> bool:
    """Hold a person until the transaction ends; whether they may sign in.

    Nobody disables them meanwhile, nor sets up a second factor: whatever ends the others then ends this sign-in too.
    """
    return conn.execute(_ENABLED, {"person": person_id}).first() is not None


def open_sign_in(
    conn: Connection, visitor: Visitor, person_id: str, *, way: SignInWay, lasts: timedelta, device: Device
) -> Opened:
    """Open a sign-in, waiting where the person has a second factor. Ends the one the browser had.

    Raises TakesNone for somebody who was disabled meanwhile.
    """
    if not hold(conn, person_id):
        raise TakesNone
    return open_held(conn, visitor, person_id, way=way, lasts=lasts, device=device)


def open_held(
    conn: Connection, visitor: Visitor, person_id: str, *, way: SignInWay, lasts: timedelta, device: Device
) -> Opened:
    """`open_sign_in` for a person who is held already (`hold`), and may sign in."""
    token, now = secrets.token_urlsafe(32), visitor.now.real
    if visitor.person is not None:
        conn.execute(delete(SIGN_IN).where(SIGN_IN.c.id == visitor.person.sign_in_id))
    waiting = second_factor_of(conn, person_id) is not None
    row = SignIn(
        id=new_id(),
        token_hash=digest(token),
        person_id=person_id,
        created_at=now,
        seen_at=now,
        ends_at=now + (WAITS if waiting else lasts),
        device=device.name[:_LONGEST_DEVICE],
        way=way,
        waiting=waiting,
    )
    _make_room(conn, person_id, waiting=waiting)
    add(conn, row)
    if not waiting:
        _opened(conn, person_id, way, device, now)
    return Opened(token, waiting)


def waiting_sign_in(conn: Connection, visitor: Visitor, token: str | None) -> Waiting:
    """The sign-in behind a cookie that waits for a code. Raises SignInNeeded where there is none."""
    wanted = (
        select(SIGN_IN.c.id, SIGN_IN.c.person_id)
        .join(PERSON, PERSON.c.id == SIGN_IN.c.person_id)
        .where(
            SIGN_IN.c.token_hash == digest(token or ""),
            SIGN_IN.c.waiting,
            SIGN_IN.c.ends_at > visitor.now.real,
            PERSON.c.disabled_at.is_(None),
        )
    )
    found = conn.execute(wanted).first()
    if found is None:
        raise SignInNeeded
    return Waiting(found.id, found.person_id)


def finish_sign_in(conn: Connection, visitor: Visitor, waiting: Waiting, *, lasts: timedelta, device: Device) -> str:
    """The code was right: sign the person in, under a new identifier. Raises SignInNeeded when that is done already."""
    token, now = secrets.token_urlsafe(32), visitor.now.real
    _make_room(conn, waiting.person_id, waiting=False)
    mine = update(SIGN_IN).where(SIGN_IN.c.id == waiting.sign_in_id, SIGN_IN.c.waiting)
    mine = mine.values(token_hash=digest(token), waiting=False, seen_at=now, code_at=now, ends_at=now + lasts)
    way = conn.execute(mine.returning(SIGN_IN.c.way)).scalar()
    if way is None:
        raise SignInNeeded
    _opened(conn, waiting.person_id, way, device, now)
    return token


def end_others(conn: Connection, person_id: str, keep: str | None) -> int:
    """End all sign-ins of a person but the one with the id `keep` (None: all of them); how many that were."""
    others = delete(SIGN_IN).where(SIGN_IN.c.person_id == person_id)
    return conn.execute(others if keep is None else others.where(SIGN_IN.c.id != keep)).rowcount


def renew_sign_ins(conn: Connection, person_id: str) -> None:
    """A right of the person changed: each of their sign-ins gets a new identifier with the next page it asks for."""
    conn.execute(update(SIGN_IN).where(SIGN_IN.c.person_id == person_id).values(renew=True))


def renew(conn: Connection, sign_in_id: str, token_hash: str, now: datetime) -> str | None:
    """A new identifier for a sign-in that is to get one; None when another request was quicker.

    `token_hash` is of the identifier that the browser has. Where that is the one before, the last one given must have
    been lost (`renewing.is_lost`), and is replaced. Who lost it is not known: what was shown with it counts no more.
    """
    token = secrets.token_urlsafe(32)
    given = {"token_hash": digest(token), "renew": False, "previous_until": now + KEPT}
    mine = update(SIGN_IN).where(SIGN_IN.c.id == sign_in_id)
    due = mine.where(SIGN_IN.c.token_hash == token_hash, SIGN_IN.c.renew)
    if conn.execute(due.values(**given, previous_hash=token_hash, seen_at=now)).rowcount:
        return token
    lost = mine.where(
        SIGN_IN.c.previous_hash == token_hash,
        SIGN_IN.c.previous_until > now + OVERLAP,
        SIGN_IN.c.previous_until <= now + KEPT - OVERLAP,
        SIGN_IN.c.seen_at > now - LONGEST,
    )
    return token if conn.execute(lost.values(**given, code_at=None)).rowcount else None


def renew_shown(conn: Connection, visitor: Visitor, token_hash: str) -> str:
    """A new identifier for the visitor's own sign-in, who just showed who they are (`proving`).

    `token_hash`, of the one that they came with, is taken as after any renewal, and shows nothing.
    """
    token, now = secrets.token_urlsafe(32), visitor.now.real
    given = {"token_hash": digest(token), "renew": False, "seen_at": now, "code_at": now}
    mine = update(SIGN_IN).where(SIGN_IN.c.id == visitor.me.sign_in_id)
    conn.execute(mine.values(**given, previous_hash=token_hash, previous_until=now + KEPT))
    return token


def renew_at_once(conn: Connection, visitor: Visitor) -> str:
    """A new identifier for the visitor's own sign-in; the one before is worth nothing from this moment on."""
    token = secrets.token_urlsafe(32)
    mine = update(SIGN_IN).where(SIGN_IN.c.id == visitor.me.sign_in_id)
    conn.execute(mine.values(token_hash=digest(token), renew=False, previous_hash=None, previous_until=None))
    return token


def _opened(conn: Connection, person_id: str, way: SignInWay, device: Device, now: datetime) -> None:
    conn.execute(update(PERSON).where(PERSON.c.id == person_id).values(seen_at=now))
    remember(conn, person_id, device, now)
    record(conn, "sign_in.open", "person", person_id, at=now, actor_id=person_id, detail={"way": way.value})


def _make_room(conn: Connection, person_id: str, *, waiting: bool) -> None:
    """For one more. Those that wait for a code end none that are open: the password alone signs nobody out."""
    mine = select(SIGN_IN.c.id).where(SIGN_IN.c.person_id == person_id, SIGN_IN.c.waiting == waiting)
    surplus = conn.execute(mine.order_by(SIGN_IN.c.seen_at.desc()).offset(MOST - 1)).scalars().all()
    if surplus:
        conn.execute(delete(SIGN_IN).where(SIGN_IN.c.id.in_(surplus)))
