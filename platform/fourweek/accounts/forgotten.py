"""A forgotten password: a letter is asked for by address; whether anybody has that address is found out as it leaves.

So asking says nothing about who has an account, by its answer or by the time it takes.
"""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from fourweek.accounts.access import PERSON, Visitor
from fourweek.accounts.known_devices import Device
from fourweek.accounts.limiting import LETTER, LETTERS
from fourweek.accounts.mail_addresses import refuse_shape, written
from fourweek.accounts.models import LinkPurpose, PasswordLink
from fourweek.accounts.service import EMAIL, digest
from fourweek.accounts.signing_in import account_of
from fourweek.database import Database, add, new_id
from fourweek.limits.bounds import Tries, take
from fourweek.limits.service import allow
from fourweek.outbox import Letter, Send, post_to

KIND: Final = "password_reset"
LASTS: Final = timedelta(hours=1)
_WHOSE: Any = (
    select(PERSON.c.id)
    .join(EMAIL, EMAIL.c.person_id == PERSON.c.id)
    .where(EMAIL.c.address == bindparam("address"), PERSON.c.disabled_at.is_(None))
)


def ask(conn: Connection, visitor: Visitor, typed: str, device: Device, tries: Tries) -> None:
    """Ask for a letter to an address. Raises Invalid for what is no address, TooMany.

    Of many letters for one address only the first few leave: their links hold for as long as others have to wait.
    """
    address, now = refuse_shape(typed), visitor.now.real
    take(conn, LETTER, tries, known=account_of(conn, address, device).known)
    if allow(conn, LETTERS, tries.account, now):
        post_to(conn, f"{KIND}:{new_id()}", KIND, address, now=now, data={})


def with_reset_links(db: Database, send: Send) -> Send:
    """`send`, with the link put into a letter for a new password; where nobody has the address none leaves."""

    def send_with_link(letter: Letter) -> None:
        if letter.kind != KIND:
            send(letter)
        elif token := db.write_now(new_link, letter.to, letter.at):
            send(replace(letter, data={**letter.data, "password_path": f"/set-password/{token}"}))

    return send_with_link


def new_link(conn: Connection, address: str, now: datetime) -> str | None:
    """A fresh token for the person behind an address; None for nobody. Only its digest is kept."""
    address = written(address)
    person_id = conn.execute(_WHOSE, {"address": address}).scalar()
    if person_id is None:
        return None
    token = secrets.token_urlsafe(32)
    row = PasswordLink(
        token_hash=digest(token),
        person_id=person_id,
        address=address,
        made_at=now,
        ends_at=now + LASTS,
        purpose=LinkPurpose.RESET,
    )
    add(conn, row)
    return token
