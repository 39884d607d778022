"""Making an account for somebody who works here: they get a letter with the link for a first password."""

from typing import Final

from sqlalchemy import Connection, exists, select

from fourweek.accounts.access import Permission, Visitor
from fourweek.accounts.mail_addresses import refuse_shape
from fourweek.accounts.service import EMAIL, LONGEST_NAME, add_people
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.letters.cleaning import clean_text
from fourweek.letters.printing import names_ok
from fourweek.light import dataclass
from fourweek.outbox import NEEDS_PASSWORD, post

KIND: Final = "account_made"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What was typed of somebody who is to have an account."""

    name: str = ""
    address: str = ""


def may_add(_conn: Connection, visitor: Visitor) -> None:
    visitor.need(Permission.KEEP_PEOPLE)


def add(conn: Connection, visitor: Visitor, typed: Newcomer, zone: str) -> str:
    """Make the account and write the letter; returns the id of the person. Raises Invalid for the form.

    `zone` is the institution's, until they choose their own. Raises Conflict where somebody else is making the same.
    """
    me, now = visitor.need(Permission.KEEP_PEOPLE), visitor.now.real
    name = clean_text(typed.name)
    if problems := _name_problems(name):
        raise Invalid(problems)
    address = refuse_shape(typed.address)
    if conn.execute(select(exists().where(EMAIL.c.address == address))).scalar_one():
        raise Invalid({"address": _("{address} already belongs to somebody.", address=address)})
    person_id = add_people(conn, {address: name}, zone=zone, now=now, actor_id=me.id)[address]
    post(conn, f"{KIND}:{person_id}", KIND, person_id, now=now, data={NEEDS_PASSWORD: True, "path": "/home"})
    return person_id


def _name_problems(name: str) -> dict[str, str]:
    if not name:
        return {"name": _("Give a name.")}
    if len(name) > LONGEST_NAME:
        return {"name": _("A name has at most {count} characters.", count=LONGEST_NAME)}
    wrong = names_ok(name)
    return {"name": wrong} if wrong else {}
