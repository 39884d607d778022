"""What the registrar's pages show, in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row

from assessments.credit.chain import EntryKind
from assessments.credit.models import ReasonCode
from assessments.credit.rules import ceu_text
from assessments.credit.service import reverse_entry
from assessments.record import queries
from assessments.transcripts.pages import RecordRows, record_rows
from assessments.transcripts.view import say_count, say_day
from courses.paging import Pager, pager, query
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.settings import Settings

REASONS: Final[Mapping[ReasonCode, str]] = {
    ReasonCode.RECORDED_IN_ERROR: "Recorded in error",
    ReasonCode.DECISION_CHANGED: "The decision was changed",
    ReasonCode.REPEATED: "Credited before for the same course",
    ReasonCode.INTEGRITY: "The work was not the learner’s own",
}
_KINDS = {EntryKind.EARNED: "Earned", EntryKind.REVERSAL: "Taken back", EntryKind.CORRECTION: "Corrected"}


@dataclass(frozen=True, slots=True)
class LearnerRow:
    name: str
    number: str
    entries: int


@dataclass(frozen=True, slots=True)
class SearchPage:
    words: str
    learners: tuple[LearnerRow, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A ledger entry. `may_reverse`: it adds credit and was not taken back."""

    id: str
    place: int
    module: str
    kind: str
    completed: str
    recorded: str
    minutes: str
    ceu: str
    note: str
    may_reverse: bool


@dataclass(frozen=True, slots=True)
class LearnerPage:
    """`total` counts the entries on all pages of the ledger."""

    record: RecordRows
    entries: tuple[EntryRow, ...]
    total: int
    pager: Pager


@dataclass(frozen=True, slots=True)
class ReversePage:
    """The form that takes an entry back, with what was typed and what is wrong with it."""

    learner_name: str
    learner_number: str
    entry: EntryRow
    reasons: tuple[tuple[str, str], ...]
    code: str = ""
    words: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def search_page(conn: Connection, visitor: Visitor, words: str, number: int) -> SearchPage:
    queries.registrar(visitor)
    rows, total = queries.learners(conn, words, number)
    return SearchPage(
        words=words,
        learners=tuple(LearnerRow(row.legal_name, row.learner_number, row.entries or 0) for row in rows),
        pager=pager(number, total, lambda n: query(q=words, page=n)),
    )


def learner_page(
    conn: Connection, visitor: Visitor, learner_number: str, settings: Settings, numbers: tuple[int, int]
) -> LearnerPage:
    """A learner's record, ledger and documents; `numbers` are the pages of the documents and of the ledger."""
    queries.registrar(visitor)
    documents, number = numbers
    person_id = queries.person_id_of(conn, learner_number)
    rows, total = queries.ledger_entries(conn, person_id, number)
    return LearnerPage(
        record=record_rows(conn, visitor, person_id, settings, documents),
        entries=tuple(_entry(row, settings.zone) for row in rows),
        total=total,
        pager=pager(number, total, lambda n: query(entries=n)),
    )


def reverse_page(
    conn: Connection, visitor: Visitor, learner_number: str, entry_id: str, settings: Settings
) -> ReversePage:
    queries.registrar(visitor)
    row = queries.ledger_entry(conn, learner_number, entry_id)
    reasons = tuple((code.value, words) for code, words in REASONS.items())
    return ReversePage(row.legal_name, row.learner_number, _entry(row, settings.zone), reasons)


def take_back(conn: Connection, visitor: Visitor, learner_number: str, entry_id: str, reason: tuple[str, str]) -> None:
    """Take an entry of this learner back; `reason` is its code and the words. Raises as `reverse_entry` does."""
    queries.registrar(visitor)
    queries.ledger_entry(conn, learner_number, entry_id)
    reverse_entry(conn, visitor, entry_id, *reason)


def _entry(row: Row[Any], zone_name: str) -> EntryRow:
    taken_back = row.taken_back_by is not None
    reason = REASONS[row.reason_code] if row.reason_code else ""
    return EntryRow(
        id=row.id,
        place=row.seq,
        module=f"{row.course_title}, {row.module_number} {row.module_title}",
        kind=_KINDS[row.kind],
        completed=say_day(row.completed_on),
        recorded=say_instant(row.recorded_at, zone(zone_name)).words,
        minutes=say_count(row.minutes),
        ceu=ceu_text(row.tenths),
        note="Taken back since" if taken_back else reason,
        may_reverse=row.kind is not EntryKind.REVERSAL and not taken_back,
    )
