"""Making an account of one's own: a wish, a letter to its address, and the account once its link is opened.

Nobody is there before that. For an address that has an account the same happens, but that its letter says so.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, exists, select, update

from fourweek.accounts.access import Visitor
from fourweek.accounts.known_devices import Device
from fourweek.accounts.limiting import LETTER, SIGN_UP_LETTERS
from fourweek.accounts.mail_addresses import refuse_shape
from fourweek.accounts.models import SignInWay, SignUp
from fourweek.accounts.service import EMAIL, LONGEST_NAME, add_person, digest
from fourweek.accounts.sessions import Opened, open_sign_in
from fourweek.accounts.signing_in import account_of
from fourweek.audit.service import record
from fourweek.consents.queries import ConsentKind
from fourweek.consents.service import give
from fourweek.database import Database, add, new_id, table
from fourweek.errors import Gone, Invalid, NotFound
from fourweek.language import N_, _
from fourweek.letters.cleaning import clean_text
from fourweek.letters.printing import names_ok
from fourweek.light import dataclass
from fourweek.limits.bounds import Tries, take
from fourweek.limits.service import allow
from fourweek.outbox import Letter, Send, post_to
from fourweek.zone_names import zone_names

KIND: Final = "sign_up"
LASTS: Final = timedelta(hours=24)
WISH: Final = table(SignUp)
_WISH: Any = select(WISH).where(WISH.c.token_hash == bindparam("token"))


class SignUpGone(Gone):
    title = N_("This link no longer works")
    what_to_do = N_("Sign in if you have an account by now; otherwise ask for one again.")
    leads_to = (N_("Sign in"), "sign-in")


class SignUpClosed(Gone):
    title = N_("Accounts are not made here any more")
    what_to_do = N_("No account was made. Ask the people who run this school for one.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody typed who wants an account. `zone` is an IANA time zone."""

    name: str
    address: str
    zone: str


@cache
def zones() -> tuple[str, ...]:
    return tuple(sorted(zone_names()))


def ask(conn: Connection, visitor: Visitor, typed: Wish, device: Device, tries: Tries) -> None:
    """Keep a wish, and send the letter that makes it come true. Raises Invalid for the form, and TooMany.

    What is typed alone decides, and nothing that is known of the address.
    """
    wish, now = _checked(typed), visitor.now.real
    take(conn, LETTER, tries, known=account_of(conn, wish.address, device).known)
    if not allow(conn, SIGN_UP_LETTERS, tries.account, now):
        return
    row = SignUp(
        id=new_id(), address=wish.address, legal_name=wish.name, zone=wish.zone, asked_at=now, ends_at=now + LASTS
    )
    add(conn, row)
    post_to(conn, f"{KIND}:{row.id}", KIND, wish.address, now=now, data={"wish": row.id})


def with_sign_up_links(db: Database, send: Send) -> Send:
    """`send`, with the link put into the letter for an account. Where the address has one the letter says so."""

    def send_with_link(letter: Letter) -> None:
        if letter.kind != KIND:
            send(letter)
            return
        token = db.write_now(new_link, str(letter.data["wish"]), letter.to)
        send(replace(letter, data={**letter.data, "sign_up_path": f"/sign-up/{token}" if token else ""}))

    return send_with_link


def new_link(conn: Connection, wish_id: str, address: str) -> str | None:
    """A fresh token for a wish; None, and the wish is forgotten, where the address belongs to somebody."""
    if conn.execute(select(exists().where(EMAIL.c.address == address))).scalar_one():
        conn.execute(delete(WISH).where(WISH.c.id == wish_id))
        return None
    token = secrets.token_urlsafe(32)
    conn.execute(update(WISH).where(WISH.c.id == wish_id).values(token_hash=digest(token)))
    return token


def wish_of(conn: Connection, visitor: Visitor, token: str) -> Wish:
    """What the link of a letter makes true. Raises NotFound for one that never was, SignUpGone for one that is over."""
    row = conn.execute(_WISH, {"token": digest(token)}).first()
    if row is None:
        raise NotFound
    if row.used_at is not None or row.ends_at <= visitor.now.real:
        raise SignUpGone(_("A link can be used once, within 24 hours of the letter it came in."))
    return Wish(row.legal_name, row.address, row.zone)


def finish(
    conn: Connection,
    visitor: Visitor,
    token: str,
    hashed: str,
    agreed: Mapping[ConsentKind, str],
    *,
    lasts: timedelta,
    device: Device,
) -> Opened:
    """Make the account, with its password and what its person agreed to, and sign in. Raises NotFound or SignUpGone."""
    wish, now = wish_of(conn, visitor, token), visitor.now.real
    mine = update(WISH).where(WISH.c.token_hash == digest(token), WISH.c.used_at.is_(None))
    if not conn.execute(mine.values(used_at=now)).rowcount:
        raise SignUpGone(_("The account was made a moment ago."))
    try:
        person_id = add_person(
            conn, address=wish.address, legal_name=wish.name, password_hash=hashed, zone=wish.zone, now=now
        )
    except Invalid:
        raise SignUpGone(_("This address belongs to an account by now.")) from None
    record(conn, "person.sign_up", "person", person_id, at=now, actor_id=person_id)
    for kind, version in agreed.items():
        give(conn, person_id, kind, version, now)
    return open_sign_in(conn, visitor, person_id, way=SignInWay.LINK, lasts=lasts, device=device)


def _checked(typed: Wish) -> Wish:
    name, wrong = clean_text(typed.name), {}
    try:
        address = refuse_shape(typed.address)
    except Invalid as error:
        address, wrong = "", error.fields
    if not name or len(name) > LONGEST_NAME:
        wrong["name"] = _(
            "Write your name as it is to stand on documents, in at most {longest_name} characters.",
            longest_name=LONGEST_NAME,
        )
    elif unprintable := names_ok(name):
        wrong["name"] = unprintable
    if typed.zone not in zones():
        wrong["zone"] = _("This is no time zone, such as Europe/Berlin.")
    if wrong:
        raise Invalid(wrong)
    return Wish(name, address, typed.zone)
