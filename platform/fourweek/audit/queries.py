"""Reading the audit log: all of it for those who may, and each person what was done with their own account."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from fourweek.accounts.access import PERSON, Permission, Visitor
from fourweek.accounts.scopes import Scope, scopes
from fourweek.audit.service import ROW
from fourweek.errors import NotFound
from fourweek.light import dataclass
from fourweek.people.queries import fits

PER_PAGE = 50
MOST_PEOPLE = 200
OF_AN_ACCOUNT = (
    "sign_in.",
    "password.",
    "address.",
    "role.",
    "second_factor.",
    "provider.",
    "person.",
    "token.",
    "consent.",
    "erasure.",
    "view.",
)
"""What the acts upon an account begin with, which its person may read of."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; "" and None leave everything. `person`: an id, who did it or whom it was done to.

    `by` and `about` are words that name people, or for `about` the id of a subject. `since` and `until` are of the
    real clock. `before` is the id of the row that the page goes on after.
    """

    by: str = ""
    act: str = ""
    about: str = ""
    person: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Rows, newest first, one more than a page shows where there are more; the names of people, and scopes, by id."""

    rows: tuple[Row[Any], ...]
    people: Mapping[str, str]
    scopes: Mapping[str, Scope]


def audit_rows(conn: Connection, visitor: Visitor, wanted: Wanted) -> Found:
    """One page of the audit log; five statements. Raises NotFound for everybody who may not read it."""
    if not visitor.me.may(Permission.READ_AUDIT):
        raise NotFound
    found = select(ROW).where(*_conditions(wanted)).order_by(ROW.c.id.desc()).limit(PER_PAGE + 1)
    return _with_names(conn, conn.execute(found).all())


def my_account(conn: Connection, visitor: Visitor, before: str = "") -> Found:
    """One page of what was done with the visitor's own account, by whomever; five statements."""
    upon = or_(*(ROW.c.act.startswith(prefix, autoescape=True) for prefix in OF_AN_ACCOUNT))
    mine = (ROW.c.subject_kind == "person", ROW.c.subject_id == visitor.me.id, upon)
    found = select(ROW).where(*mine, *_after(before)).order_by(ROW.c.id.desc()).limit(PER_PAGE + 1)
    return _with_names(conn, conn.execute(found).all())


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = list(_after(wanted.before))
    if wanted.person:
        found.append(or_(ROW.c.actor_id == wanted.person, ROW.c.subject_id == wanted.person))
    if wanted.by.strip():
        found.append(ROW.c.actor_id.in_(_named(wanted.by)))
    if wanted.about.strip():
        found.append(or_(ROW.c.subject_id == wanted.about.strip(), ROW.c.subject_id.in_(_named(wanted.about))))
    if wanted.act:
        found.append(ROW.c.act == wanted.act)
    if wanted.since:
        found.append(ROW.c.at >= wanted.since)
    if wanted.until:
        found.append(ROW.c.at < wanted.until)
    return found


def _after(before: str) -> tuple[ColumnElement[bool], ...]:
    return (ROW.c.id < before,) if before else ()


def _named(words: str) -> Any:
    return select(PERSON.c.id).where(fits(words)).limit(MOST_PEOPLE)


def _with_names(conn: Connection, rows: Collection[Row[Any]]) -> Found:
    people = {row.actor_id for row in rows} | {row.subject_id for row in rows if row.subject_kind == "person"}
    named = select(PERSON.c.id, PERSON.c.legal_name).where(PERSON.c.id.in_(sorted(one for one in people if one)))
    placed = {row.subject_id for row in rows if row.subject_kind in ("course", "cohort", "section")}
    return Found(
        tuple(rows),
        {row.id: row.legal_name for row in conn.execute(named)},
        scopes().named(conn, placed) if placed else {},
    )
