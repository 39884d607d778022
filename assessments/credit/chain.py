"""The hash chain over a person's credit entries: one altered, missing or swapped entry breaks it visibly.

What is hashed is listed field by field in `EntryFields`, and none of it says who the person is: the ledger and the
enrolment are named by random identifiers, so the chain can outlive the profile.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from enum import StrEnum

GENESIS = "0" * 64
_FORMAT = 1


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
    """One credit entry as the chain sees it. Minutes and tenths are negative in a reversal."""

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
    """What is hashed: JSON in UTF-8, keys sorted, no spaces, instants in UTC to the microsecond."""
    values = {field.name: _plain(getattr(entry, field.name)) for field in fields(entry)}
    payload = {"format": _FORMAT, "previous": prev_hash, "entry": values}
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


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
    if entry.entry_hash != entry_hash(previous, entry.fields):
        return "Its content does not match its hash."
    return None


def _plain(value: object) -> str | int | None:
    match value:
        case datetime():
            if value.tzinfo is None:
                raise ValueError("An instant needs a zone.")
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case date():
            return value.isoformat()
        case str():
            return str(value)
        case None:
            return None
    if type(value) is int:
        return value
    raise TypeError(f"A chained field cannot be {type(value).__name__}.")
