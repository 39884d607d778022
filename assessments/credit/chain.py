"""The hash chain over a person's credit entries: one altered, missing or swapped entry breaks it visibly.

What is hashed is listed field by field in `EntryFields`, and none of it says who the person is: the ledger and the
enrolment are named by random identifiers, so the chain can outlive the profile. Entries of format 1, from before there
were other credit types, keep the bytes and the hash they had.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import StrEnum

from assessments.credit.amounts import Amount, Part, Stored, stored_amounts, stored_parts
from fourweek.light import dataclass

GENESIS = "0" * 64
FORMAT = 2
_SINCE_2 = ("amounts", "parts", "group_key", "repeat_of", "cause")


class EntryKind(StrEnum):
    """Earned: a module was completed. A reversal takes one earlier entry back in full; a correction replaces it.

    Transferred: an entry that stood in the ledger of an account found to be the same person's, and was reversed there.
    """

    EARNED = "earned"
    REVERSAL = "reversal"
    CORRECTION = "correction"
    TRANSFERRED = "transferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFields:
    """One credit entry as the chain sees it. Minutes, tenths and amounts are negative in a reversal.

    `repeat_of` is the entry that had the credit before, of one that therefore carries none; `cause` the approved
    proposal or merge behind an entry. An entry of format 1 has nothing in these and the fields beside them.
    """

    entry_id: str
    ledger_id: str
    sequence: int
    kind: EntryKind
    reverses: str | None
    reason_code: str | None
    enrolment_id: str
    course_code: str
    course_version: str
    module_number: int
    category: str
    credit_type: str
    rule_id: str
    minutes_before: int
    counted_minutes: int
    tenths: int
    completed_at: datetime
    completed_on: date
    zone: str
    recorded_at: datetime
    format: int = FORMAT
    amounts: tuple[Amount, ...] = ()
    parts: tuple[Part, ...] = ()
    group_key: str = ""
    repeat_of: str | None = None
    cause: str | None = None


_NAMES = tuple(field.name for field in fields(EntryFields) if field.name != "format")
_HASHED = {1: tuple(name for name in _NAMES if name not in _SINCE_2), FORMAT: _NAMES}
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class ChainedEntry:
    """An entry as it is stored: its fields, the hash before it and its own."""

    fields: EntryFields
    prev_hash: str
    entry_hash: str


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """Where a chain first fails. `position` counts from 1."""

    position: int
    entry_id: str
    why: str


def entry_hash(prev_hash: str, fields: EntryFields) -> str:
    """SHA-256, as 64 hex digits, over the previous hash and the canonical JSON of the fields."""
    if len(prev_hash) != len(GENESIS) or not set(prev_hash) <= set("0123456789abcdef"):
        raise ValueError("A previous hash is 64 lower-case hex digits.")
    return hashlib.sha256(canonical_bytes(prev_hash, fields)).hexdigest()


def canonical_bytes(prev_hash: str, entry: EntryFields) -> bytes:
    """What is hashed: JSON in UTF-8, keys sorted, no spaces, instants in UTC to the microsecond.

    Raises ValueError for a format that is not known, and for an entry that holds more than its format has.
    """
    if _beyond_format(entry):
        raise ValueError("The entry holds what its format does not have.")
    values = {name: _plain(getattr(entry, name)) for name in _HASHED[entry.format]}
    return _JSON.encode({"format": entry.format, "previous": prev_hash, "entry": values}).encode()


def first_broken_link(entries: Iterable[ChainedEntry]) -> BrokenLink | None:
    """The first entry of one ledger that does not follow from those before it, or None for a whole chain.

    Entries come in order of their sequence. Entries cut off at the end cannot be seen from the chain alone: compare the
    last hash with the head that is kept elsewhere.
    """
    previous, ledger_id = GENESIS, None
    for position, entry in enumerate(entries, start=1):
        ledger_id = ledger_id or entry.fields.ledger_id
        why = _fault(entry, position, previous, ledger_id)
        if why:
            return BrokenLink(position, entry.fields.entry_id, why)
        previous = entry.entry_hash
    return None


def _fault(entry: ChainedEntry, position: int, previous: str, ledger_id: str) -> str | None:
    if entry.fields.ledger_id != ledger_id:
        return "It belongs to another ledger."
    if entry.fields.sequence != position:
        return f"Its number is {entry.fields.sequence} where {position} was expected."
    if entry.prev_hash != previous:
        return "It does not follow the entry before it."
    if _beyond_format(entry.fields) or not _fits(entry, previous):
        return "Its content does not match its hash."
    return None


def _fits(entry: ChainedEntry, previous: str) -> bool:
    """Whether its hash is that of its content; what was put in its place can be of a kind that has no hash at all."""
    try:
        return entry.entry_hash == entry_hash(previous, entry.fields)
    except (TypeError, ValueError):
        return False


def _beyond_format(entry: EntryFields) -> bool:
    """Whether something in the entry would be in no hash, because its format is older or not known."""
    return entry.format != FORMAT and (entry.format != 1 or any(getattr(entry, name) for name in _SINCE_2))


def _plain(value: object) -> str | int | list[Stored] | None:
    if value is None or type(value) is str or type(value) is int:
        return value
    match value:
        case tuple():
            return _plain_list(value)
        case datetime():
            if value.tzinfo is None:
                raise ValueError("An instant needs a zone.")
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case date():
            return value.isoformat()
        case str():
            return str(value)
    raise TypeError(f"A chained field cannot be {type(value).__name__}.")


def _plain_list(values: tuple[Amount | Part, ...]) -> list[Stored]:
    """Amounts or parts, whose numbers must be whole ones too."""
    found = [*stored_amounts(one for one in values if isinstance(one, Amount))]
    found += stored_parts(one for one in values if isinstance(one, Part))
    for one in found:
        for value in one.values():
            _plain(value)
    return found
