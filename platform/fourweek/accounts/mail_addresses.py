"""A person's mail addresses: adding one by a letter to it, taking one away, and which is the main one.

A letter names its address in its data, as `to`; the token of its link is made as it leaves, so that no row of the
outbox ever holds one.
"""

import re
import secrets
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, exists, func, select, update

from fourweek.accounts.access import PERSON, Visitor
from fourweek.accounts.models import AddressLink, EmailAddress
from fourweek.accounts.service import EMAIL, digest
from fourweek.audit.service import ROW as AUDIT
from fourweek.audit.service import record
from fourweek.database import Database, add, add_once, lock, new_id, table
from fourweek.errors import Conflict, Gone, Invalid, NotFound
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.outbox import OUTBOX, Letter, Send, post

LINK = table(AddressLink)
LASTS: Final = timedelta(hours=24)
MOST: Final = 10
MOST_LETTERS: Final = 5
"""That one person may ask for within a day."""
CONFIRM, MAIN, CHANGED = "address_confirm", "address_main", "address_changed"
UNDO: Final = timedelta(days=7)
"""For so long after the main address changed none is taken away: whoever reads the other one can undo it."""
_LONGEST: Final = 254
_SHAPE = re.compile(r"[^@\s<>()\[\],;:\"\\]+@[^@\s.<>()\[\],;:\"\\/]+(\.[^@\s.<>()\[\],;:\"\\/]+)+")

_MINE = (
    select(EMAIL.c.address, EMAIL.c.is_primary, EMAIL.c.verified_at)
    .where(EMAIL.c.person_id == bindparam("person"))
    .order_by(EMAIL.c.is_primary.desc(), EMAIL.c.address)
)
_ASKED = select(func.count()).where(
    OUTBOX.c.person_id == bindparam("person"), OUTBOX.c.kind == CONFIRM, OUTBOX.c.created_at > bindparam("since")
)
_MADE_MAIN = select(
    exists().where(
        AUDIT.c.subject_id == bindparam("person"), AUDIT.c.act == "address.main", AUDIT.c.at > bindparam("since")
    )
)
_LINK: Any = select(LINK.c.address, LINK.c.ends_at, LINK.c.used_at).where(
    LINK.c.token_hash == bindparam("token"), LINK.c.person_id == bindparam("person")
)
_TAKEN = select(EMAIL.c.address).where(EMAIL.c.address == bindparam("address"))


class AddressLinkGone(Gone):
    title = N_("This link no longer works")
    what_to_do = N_("Ask for another letter on the page of your mail addresses, if the address is not there already.")
    leads_to = (N_("Your mail addresses"), "mail-addresses")


class NotYet(Conflict):
    """One address more or less, but not now: there are many, or a change of the main one can still be undone."""

    title = N_("Not yet")
    leads_to = (N_("Your mail addresses"), "mail-addresses")


@dataclass(frozen=True, slots=True)
class MailAddress:
    address: str
    is_main: bool
    confirmed: bool


def my_addresses(conn: Connection, visitor: Visitor) -> tuple[MailAddress, ...]:
    """The visitor's own, the main one first; one statement."""
    rows = conn.execute(_MINE, {"person": visitor.me.id})
    return tuple(MailAddress(row.address, row.is_primary, row.verified_at is not None) for row in rows)


def ask(conn: Connection, visitor: Visitor, typed: str) -> str:
    """Send a letter with a link to an address; returns it as it is written. Whose it is makes no difference here.

    Raises Invalid for what is no address, one's own, or too many.
    """
    address, now = written(typed), visitor.now.real
    lock(conn, PERSON, visitor.me.id)
    mine = my_addresses(conn, visitor)
    asked = conn.execute(_ASKED, {"person": visitor.me.id, "since": now - timedelta(days=1)}).scalar_one()
    if wrong := _refusal(address, mine, asked):
        raise Invalid({"address": wrong})
    post(conn, f"{CONFIRM}:{new_id()}", CONFIRM, visitor.me.id, now=now, data={"to": address, "person": visitor.me.id})
    record(conn, "address.ask", "person", visitor.me.id, at=now, actor_id=visitor.me.id)
    return address


def written(typed: str) -> str:
    """An address as it is kept: in small letters, without blanks around it."""
    return unicodedata.normalize("NFC", typed).strip().lower()


def refuse_shape(typed: str) -> str:
    """An address as it is kept. Raises Invalid, on the field `address`, for what is none."""
    address = written(typed)
    if wrong := _no_address(address):
        raise Invalid({"address": wrong})
    return address


def with_address_links(db: Database, send: Send) -> Send:
    """`send`, for letters that go to another address than the main one, and bring the link that confirms it."""

    def send_there(letter: Letter) -> None:
        if letter.kind not in (CONFIRM, MAIN, CHANGED):
            send(letter)
            return
        letter = replace(letter, to=str(letter.data.get("to", letter.to)))
        if letter.kind == CONFIRM:
            token = db.write_now(new_link, str(letter.data["person"]), letter.to, letter.at)
            path = f"/account/addresses/confirm/{token}" if token else ""
            letter = replace(letter, data={**letter.data, "confirm_path": path})
        send(letter)

    return send_there


def new_link(conn: Connection, person_id: str, address: str, now: datetime) -> str | None:
    """A fresh token; None for an address that belongs to somebody already. Only its digest is kept."""
    if conn.execute(_TAKEN, {"address": address}).first() is not None:
        return None
    token = secrets.token_urlsafe(32)
    row = AddressLink(token_hash=digest(token), person_id=person_id, address=address, made_at=now, ends_at=now + LASTS)
    add(conn, row)
    return token


def link_address(conn: Connection, visitor: Visitor, token: str) -> str:
    """The address that a link of the visitor's own confirms. Raises NotFound for every other, AddressLinkGone for one
    that was used or is too old."""
    row = conn.execute(_LINK, {"token": digest(token), "person": visitor.me.id}).first()
    if row is None:
        raise NotFound
    if row.used_at is not None or row.ends_at <= visitor.now.real:
        raise AddressLinkGone(_("A link can be used once, within 24 hours of the letter it came in."))
    return str(row.address)


def confirm(conn: Connection, visitor: Visitor, token: str) -> str:
    """Add the address of a link; returns it. Raises as `link_address`."""
    lock(conn, PERSON, visitor.me.id)
    address, now = link_address(conn, visitor, token), visitor.now.real
    if len(my_addresses(conn, visitor)) >= MOST:
        raise NotYet(_(_TOO_MANY, most=MOST), what_to_do=_("Take one away first, then open the link again."))
    row = EmailAddress(address=address, person_id=visitor.me.id, is_primary=False, verified_at=now)
    if not add_once(conn, row):
        raise AddressLinkGone(_("This address belongs to an account already."))
    conn.execute(update(LINK).where(LINK.c.token_hash == digest(token)).values(used_at=now))
    post(conn, f"{CHANGED}:{new_id()}", CHANGED, visitor.me.id, now=now, data={"added": True, "address": address})
    record(conn, "address.add", "person", visitor.me.id, at=now, actor_id=visitor.me.id)
    return address


def remove(conn: Connection, visitor: Visitor, address: str) -> None:
    """Take one of the visitor's addresses away, and tell it and the main one.

    Raises NotFound for what is not theirs, Conflict for the main one and soon after that was changed.
    """
    _own(conn, visitor, address, _("The main address stays: letters go there. Make another one the main one first."))
    now = visitor.now.real
    if conn.execute(_MADE_MAIN, {"person": visitor.me.id, "since": now - UNDO}).scalar_one():
        raise NotYet(_TOO_SOON, what_to_do=_("Take it away a week after that."))
    conn.execute(delete(EMAIL).where(EMAIL.c.address == address, EMAIL.c.person_id == visitor.me.id))
    for told in ({}, {"to": address}):
        data = {"added": False, "address": address, **told}
        post(conn, f"{CHANGED}:{new_id()}", CHANGED, visitor.me.id, now=now, data=data)
    record(conn, "address.remove", "person", visitor.me.id, at=now, actor_id=visitor.me.id)


def make_main(conn: Connection, visitor: Visitor, address: str) -> None:
    """Send letters to this one of the visitor's addresses from now on; both are told. Raises NotFound or Conflict."""
    before, now = _own(conn, visitor, address, _("It is the main address already.")), visitor.now.real
    mine = EMAIL.c.person_id == visitor.me.id
    conn.execute(update(EMAIL).where(mine, EMAIL.c.is_primary).values(is_primary=False))
    conn.execute(update(EMAIL).where(mine, EMAIL.c.address == address).values(is_primary=True))
    for told in (before, address):
        data = {"to": told, "main": address, "is_main": told == address}
        post(conn, f"{MAIN}:{new_id()}", MAIN, visitor.me.id, now=now, data=data)
    record(conn, "address.main", "person", visitor.me.id, at=now, actor_id=visitor.me.id)


_TOO_SOON = N_("Your main address was changed within the last days, so no address is taken away for now.")
_TOO_MANY = N_("An account can have {most} mail addresses.")


def _refusal(address: str, mine: tuple[MailAddress, ...], asked: int) -> str:
    """Why no letter is sent, "" if one is."""
    if wrong := _no_address(address):
        return wrong
    if address in {one.address for one in mine}:
        return _("This address is yours already.")
    if len(mine) >= MOST:
        return _(_TOO_MANY, most=MOST)
    if asked >= MOST_LETTERS:
        return _(
            "{most_letters} letters were asked for within a day. Look for the last one, or wait until tomorrow.",
            most_letters=MOST_LETTERS,
        )
    return ""


def _no_address(address: str) -> str:
    fits = len(address) <= _LONGEST and _SHAPE.fullmatch(address)
    return "" if fits else _("This is not a mail address, such as name@example.org.")


def _own(conn: Connection, visitor: Visitor, address: str, if_main: str) -> str:
    """The main address of the visitor, whose other address this is; both are held until the transaction ends."""
    lock(conn, PERSON, visitor.me.id)
    mine = {one.address: one for one in my_addresses(conn, visitor)}
    if address not in mine:
        raise NotFound
    if mine[address].is_main:
        raise Conflict(if_main, what_to_do=_("Open the page of your mail addresses again to see how things stand."))
    return next(one.address for one in mine.values() if one.is_main)
