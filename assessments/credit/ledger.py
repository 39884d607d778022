"""Writing to a ledger and following it: rows to chained entries and back."""

import secrets
from collections.abc import Callable, Collection, Iterator
from dataclasses import fields, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, func, select, update

from assessments.credit.amounts import Part, joined_parts, read_amounts, read_parts, stored_amounts, stored_parts
from assessments.credit.chain import (
    FORMAT,
    GENESIS,
    BrokenLink,
    ChainedEntry,
    EntryFields,
    EntryKind,
    entry_hash,
    first_broken_link,
)
from assessments.credit.models import CreditEntry, Ledger
from fourweek.accounts.access import PERSON
from fourweek.database import add, add_once, new_id, table
from fourweek.light import dataclass

LEDGER, ENTRY = table(Ledger), table(CreditEntry)
PIECE = 200
AT_ONCE = 20

# What is chained under a name of its own, and the column that holds it; all other names are the same.
_COLUMNS = {
    "entry_id": "id",
    "sequence": "seq",
    "reverses": "reverses_id",
    "counted_minutes": "minutes",
    "repeat_of": "repeat_of_id",
    "cause": "cause_id",
}
_CHAINED = tuple((field.name, _COLUMNS.get(field.name, field.name)) for field in fields(EntryFields))

_OF_PERSON = select(LEDGER).where(LEDGER.c.person_id == bindparam("person")).with_for_update()
_SOME = (
    select(LEDGER, PERSON.c.learner_number)
    .join(PERSON, PERSON.c.id == LEDGER.c.person_id)
    .where(LEDGER.c.id > bindparam("after"))
    .order_by(LEDGER.c.id)
    .limit(AT_ONCE)
    .subquery()
)
_FOLLOWED: Select[Any] = (
    select(
        ENTRY,
        _SOME.c.id.label("of_ledger"),
        _SOME.c.learner_number,
        _SOME.c.entries.label("kept_entries"),
        _SOME.c.head.label("kept_head"),
    )
    .select_from(_SOME.outerjoin(ENTRY, ENTRY.c.ledger_id == _SOME.c.id))
    .order_by(_SOME.c.id, ENTRY.c.seq)
)
_FOLLOWED_ONE = _FOLLOWED.where(ENTRY.c.id == bindparam("entry"))
_IDS = select(ENTRY.c.id).where(ENTRY.c.ledger_id == bindparam("ledger")).order_by(ENTRY.c.seq)
# What reading a row raises whose columns were written behind our back.
_UNREADABLE = (LookupError, TypeError, ValueError)
NO_ENTRY = "It holds what no entry can hold."
_TAKING_BACK = ENTRY.alias("taking_back")
_CREDITED = select(ENTRY.c.enrolment_id, ENTRY.c.module_number).where(
    ENTRY.c.enrolment_id.in_(bindparam("enrolments", expanding=True)),
    ENTRY.c.kind != EntryKind.REVERSAL,
    ~exists().where(_TAKING_BACK.c.reverses_id == ENTRY.c.id),
)


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """A ledger whose row is held by this transaction: how many entries it has and the hash of the last."""

    id: str
    entries: int = 0
    head: str = GENESIS


@dataclass(frozen=True, slots=True)
class BrokenLedger:
    """The first ledger that does not hold, whose it is, and where; `link` is None when its end was cut off or added."""

    ledger_id: str
    learner_number: str
    link: BrokenLink | None

    def __str__(self) -> str:
        ledger = f"Ledger {self.ledger_id} of learner {self.learner_number}"
        if self.link is None:
            return f"{ledger}: its last entry is not the one that was recorded last."
        return f"{ledger}, entry {self.link.position} ({self.link.entry_id}): {self.link.why}"


def hold_ledger(conn: Connection, person_id: str) -> LedgerHead:
    """The person's ledger, made if there is none, and locked until the transaction ends."""
    row = conn.execute(_OF_PERSON, {"person": person_id}).first()
    if row is None:
        add_once(conn, Ledger(id=secrets.token_hex(13), person_id=person_id))
        row = conn.execute(_OF_PERSON, {"person": person_id}).one()
    return LedgerHead(row.id, row.entries, row.head)


def append(conn: Connection, ledger: LedgerHead, entry: EntryFields, module_id: str) -> LedgerHead:
    """Add an entry to a held ledger and return its new head.

    Raises ValueError for an entry that does not follow, or whose parts are not the whole of its minutes.
    """
    if (entry.ledger_id, entry.sequence) != (ledger.id, ledger.entries + 1):
        raise ValueError("The entry does not follow the last one of this ledger.")
    if sum(part.minutes for part in entry.parts) != entry.counted_minutes:
        raise ValueError("The parts of an entry add up to its minutes.")
    hashed = entry_hash(ledger.head, entry)
    values = {column: getattr(entry, name) for name, column in _CHAINED}
    values |= {"amounts": stored_amounts(entry.amounts), "parts": stored_parts(entry.parts)}
    add(conn, CreditEntry(**values, module_id=module_id, previous=ledger.head, hash=hashed))
    now = LedgerHead(ledger.id, entry.sequence, hashed)
    conn.execute(update(LEDGER).where(LEDGER.c.id == now.id).values(entries=now.entries, head=now.head))
    return now


def credited_of_many(conn: Connection, enrolment_ids: Collection[str]) -> dict[str, frozenset[int]]:
    """The numbers of the modules that each enrolment has credit for, what was taken back left out; one statement."""
    found: dict[str, set[int]] = {enrolment_id: set() for enrolment_id in enrolment_ids}
    for row in conn.execute(_CREDITED, {"enrolments": list(found)}):
        found[row.enrolment_id].add(row.module_number)
    return {enrolment_id: frozenset(numbers) for enrolment_id, numbers in found.items()}


def chained(row: Row[Any]) -> ChainedEntry:
    """A stored entry as the chain sees it; the row selects every column of `credit_entry`."""
    values = {name: getattr(row, column) for name, column in _CHAINED}
    values |= {"amounts": read_amounts(row.amounts), "parts": read_parts(row.parts)}
    return ChainedEntry(EntryFields(**values), row.previous, row.hash)


def following(row: Row[Any], ledger: LedgerHead, kind: EntryKind, at: datetime, **changes: Any) -> EntryFields:
    """The next entry of a held ledger, in today's format: of the module and the course of a stored one, saying the same
    but for its `changes`; it takes nothing back and has no cause unless they say so."""
    own: dict[str, Any] = {"entry_id": new_id(), "ledger_id": ledger.id, "sequence": ledger.entries + 1}
    own |= {"kind": kind, "format": FORMAT, "recorded_at": at, "parts": parts_of(row)}
    own |= {"reverses": None, "reason_code": None, "cause": None}
    return replace(chained(row).fields, **(own | changes))


def parts_of(row: Row[Any]) -> tuple[Part, ...]:
    """How a stored entry's minutes divide by category; one of format 1 was all of its course's category."""
    return read_parts(row.parts) if row.format > 1 else joined_parts([(row.category, row.minutes)])


def entries_kept(conn: Connection) -> int:
    """How many entries all ledgers say that they have."""
    return int(conn.execute(select(func.coalesce(func.sum(LEDGER.c.entries), 0))).scalar_one())


def first_broken_ledger(conn: Connection, followed: Callable[[int], None] = lambda _: None) -> BrokenLedger | None:
    """Follow every person's ledger and compare its end with the head that is kept; None when all hold.

    A few ledgers are in memory at a time. `followed` is told of each one's number of entries.
    """
    after = ""
    try:
        for rows in _ledgers(conn):
            if broken := _fault(rows):
                return broken
            after = rows[0].of_ledger
            followed(rows[0].kept_entries)
    except _UNREADABLE:
        return _first_unreadable(conn, after)
    return None


def _ledgers(conn: Connection) -> Iterator[list[Row[Any]]]:
    """The rows of each ledger, a few ledgers at a time: one statement sees entries and head at one moment."""
    after = ""
    while rows := conn.execute(_FOLLOWED, {"after": after}).all():
        for _, group in groupby(rows, key=lambda row: row.of_ledger):
            yield list(group)
        after = rows[-1].of_ledger


def _first_unreadable(conn: Connection, after: str) -> BrokenLedger | None:
    """The same for the next few ledgers, entry by entry, where a column holds what none of its kind can hold."""
    for kept in conn.execute(select(_SOME), {"after": after}).all():
        rows: list[Row[Any]] = []
        for entry_id in conn.execute(_IDS, {"ledger": kept.id}).scalars().all():
            try:
                rows.append(conn.execute(_FOLLOWED_ONE, {"after": after, "entry": entry_id}).one())
            except _UNREADABLE:
                link = first_broken_link(map(chained, rows)) or BrokenLink(len(rows) + 1, entry_id, NO_ENTRY)
                return BrokenLedger(kept.id, kept.learner_number, link)
        if rows and (broken := _fault(rows)):
            return broken
    return None


def _fault(rows: list[Row[Any]]) -> BrokenLedger | None:
    first, entries = rows[0], [chained(row) for row in rows if row.id is not None]
    if link := first_broken_link(entries):
        return BrokenLedger(first.of_ledger, first.learner_number, link)
    end = entries[-1].entry_hash if entries else GENESIS
    whole = (len(entries), end) == (first.kept_entries, first.kept_head)
    return None if whole else BrokenLedger(first.of_ledger, first.learner_number, None)
