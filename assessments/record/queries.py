"""Reading people and ledgers for the registrar. Everybody else gets NotFound."""

from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, or_, select, true

from assessments.assignments.queries import MODULE
from assessments.credit.ledger import ENTRY, LEDGER
from courses.cohorts.queries import VERSION
from courses.paging import PER_PAGE, offset
from courses.searching import holds
from fourweek.accounts.access import PERSON, Permission, SignedIn, Visitor
from fourweek.errors import NotFound

_TAKING_BACK = ENTRY.alias("taking_back")
_LEDGER_ENTRIES: Select[Any] = (
    select(ENTRY, MODULE.c.title.label("module_title"), VERSION.c.title.label("course_title"))
    .add_columns(_TAKING_BACK.c.id.label("taken_back_by"), PERSON.c.legal_name, PERSON.c.learner_number)
    .join(LEDGER, LEDGER.c.id == ENTRY.c.ledger_id)
    .join(PERSON, PERSON.c.id == LEDGER.c.person_id)
    .join(MODULE, MODULE.c.id == ENTRY.c.module_id)
    .join(VERSION, VERSION.c.id == MODULE.c.version_id)
    .outerjoin(_TAKING_BACK, _TAKING_BACK.c.reverses_id == ENTRY.c.id)
)
_OF_PERSON = (
    _LEDGER_ENTRIES.where(PERSON.c.id == bindparam("person"))
    .order_by(ENTRY.c.seq.desc())
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)
_ENTRY = _LEDGER_ENTRIES.where(PERSON.c.learner_number == bindparam("learner"), ENTRY.c.id == bindparam("entry"))
_PERSON = select(PERSON.c.id).where(PERSON.c.learner_number == bindparam("learner"))
_LENGTH = select(LEDGER.c.entries).where(LEDGER.c.person_id == bindparam("person"))


def registrar(visitor: Visitor) -> SignedIn:
    """The visitor if they keep the record; raises NotFound for everybody else who is signed in."""
    if not visitor.me.may(Permission.KEEP_RECORD):
        raise NotFound
    return visitor.me


def learners(conn: Connection, words: str, number: int) -> tuple[list[Row[Any]], int]:
    """One page of the people whose name holds every word, or whose learner number begins with them; two statements."""
    in_name = and_(*(holds(word, PERSON.c.legal_name) for word in words.split()), true())
    fits = or_(in_name, func.lower(PERSON.c.learner_number).startswith(words.lower(), autoescape=True))
    wanted: Select[Any] = (
        select(PERSON.c.legal_name, PERSON.c.learner_number, LEDGER.c.entries)
        .outerjoin(LEDGER, LEDGER.c.person_id == PERSON.c.id)
        .where(fits)
        .order_by(PERSON.c.legal_name, PERSON.c.learner_number)
        .limit(PER_PAGE)
        .offset(offset(number))
    )
    total = conn.execute(select(func.count()).select_from(PERSON).where(fits)).scalar_one()
    return list(conn.execute(wanted).all()), total


def person_id_of(conn: Connection, learner_number: str) -> str:
    """Who has this learner number. Raises NotFound."""
    found: str | None = conn.execute(_PERSON, {"learner": learner_number}).scalar()
    if found is None:
        raise NotFound
    return found


def ledger_entries(conn: Connection, person_id: str, number: int) -> tuple[list[Row[Any]], int]:
    """One page of a person's ledger, newest first, and how many entries it has; two statements."""
    rows = conn.execute(_OF_PERSON, {"person": person_id, "skipped": offset(number)}).all()
    return list(rows), conn.execute(_LENGTH, {"person": person_id}).scalar() or 0


def ledger_entry(conn: Connection, learner_number: str, entry_id: str) -> Row[Any]:
    """One entry of a learner's ledger. Raises NotFound."""
    row = conn.execute(_ENTRY, {"learner": learner_number, "entry": entry_id}).first()
    if row is None:
        raise NotFound
    return row
