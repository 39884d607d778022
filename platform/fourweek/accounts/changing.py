"""Another password: by the old one, or by a link of a letter. All other sign-ins end, and a letter tells the person."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from fourweek.accounts.access import PERSON, Visitor
from fourweek.accounts.limiting import PASSWORD as OLD_PASSWORDS
from fourweek.accounts.models import PasswordHash
from fourweek.accounts.service import EMAIL, LINK, PASSWORD
from fourweek.accounts.sessions import end_others, renew_at_once
from fourweek.audit.service import record
from fourweek.database import add_once, lock, new_id
from fourweek.errors import Conflict
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.limits.service import count, need
from fourweek.outbox import post

CHANGED = "password_changed"
_MINE: Any = select(PASSWORD.c.hash, PASSWORD.c.changed_at).where(PASSWORD.c.person_id == bindparam("person"))
_ABOUT: Any = (
    select(PERSON.c.legal_name, PERSON.c.display_name, EMAIL.c.address)
    .outerjoin_from(PERSON, EMAIL, EMAIL.c.person_id == PERSON.c.id)
    .where(PERSON.c.id == bindparam("person"))
)


@dataclass(frozen=True, slots=True)
class MyPassword:
    """The visitor's own: what is stored of it, and since when; nothing where they never set one."""

    hash: str | None
    changed_at: datetime | None
    about: tuple[str, ...]


def my_password(conn: Connection, visitor: Visitor) -> MyPassword:
    """Two statements."""
    found = conn.execute(_MINE, {"person": visitor.me.id}).first()
    about = about_person(conn, visitor.me.id)
    return MyPassword(found.hash, found.changed_at, about) if found else MyPassword(None, None, about)


def about_person(conn: Connection, person_id: str) -> tuple[str, ...]:
    """What no password of theirs may be made of: their names and addresses."""
    return tuple({text for row in conn.execute(_ABOUT, {"person": person_id}) for text in row if text})


def try_old(conn: Connection, visitor: Visitor, key: str) -> MyPassword:
    """Count a try of the old password, under `key`. Raises TooMany, Conflict where there is none."""
    need(conn, OLD_PASSWORDS, key, visitor.now.real, _("Many wrong passwords were tried here in a short time."))
    mine = my_password(conn, visitor)
    if mine.hash is None:
        raise Conflict(_("Your account has no password yet."), what_to_do=_("Ask for a letter with a link to set one."))
    return mine


def change(conn: Connection, visitor: Visitor, key: str, before: str, hashed: str) -> str:
    """Keep another password in place of `before`; returns the new identifier of the visitor's sign-in.

    Raises Conflict when it was changed meanwhile.
    """
    now, mine = visitor.now.real, visitor.me.id
    old = update(PASSWORD).where(PASSWORD.c.person_id == mine, PASSWORD.c.hash == before)
    if not conn.execute(old.values(hash=hashed, changed_at=now)).rowcount:
        raise Conflict(_("Your password was changed somewhere else meanwhile."))
    count(conn, OLD_PASSWORDS, key, now, -1)
    end_others(conn, mine, visitor.me.sign_in_id)
    after_change(conn, mine, now)
    return renew_at_once(conn, visitor)


def keep(conn: Connection, person_id: str, hashed: str, now: datetime) -> None:
    """Keep a password whatever there was before, and end every sign-in of its person."""
    lock(conn, PERSON, person_id)
    if not add_once(conn, PasswordHash(person_id=person_id, hash=hashed, changed_at=now)):
        mine = update(PASSWORD).where(PASSWORD.c.person_id == person_id)
        conn.execute(mine.values(hash=hashed, changed_at=now))
    end_others(conn, person_id, None)
    after_change(conn, person_id, now)


def after_change(conn: Connection, person_id: str, now: datetime) -> None:
    """No link that was sent before sets a password any more; the person is told."""
    use_up_links(conn, person_id, now)
    post(conn, f"{CHANGED}:{new_id()}", CHANGED, person_id, now=now, data={})
    record(conn, "password.change", "person", person_id, at=now, actor_id=person_id)


def use_up_links(conn: Connection, person_id: str, now: datetime) -> None:
    conn.execute(update(LINK).where(LINK.c.person_id == person_id, LINK.c.used_at.is_(None)).values(used_at=now))


def known_of(about: Iterable[str], institution: str) -> tuple[str, ...]:
    """What a password may not be made of, for `passwords.problem`."""
    return (*about, institution, "fourweek")
