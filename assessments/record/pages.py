"""What the registrar's pages show, in words."""

from typing import Any

from sqlalchemy import Connection, Row

from assessments.corrections.pages import REASONS
from assessments.corrections.words import amounts_words
from assessments.credit.amounts import read_amounts
from assessments.credit.chain import EntryKind
from assessments.credit.ledger import parts_of
from assessments.credit.rules import ceu_text
from assessments.holds.pages import Waiting, waiting_of
from assessments.identity_checks.pages import CheckRow, newest_words
from assessments.names.scripts import flags
from assessments.record import queries
from assessments.transcripts.pages import RecordRows, record_rows
from assessments.transcripts.view import say_count
from courses.catalogue.categories import say_category
from courses.paging import Pager, pager, query
from courses.schedule.words import say_day, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.language import N_, NP_, _
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass
from fourweek.settings import Settings

_KINDS = {
    EntryKind.EARNED: N_("Earned"),
    EntryKind.REVERSAL: NP_("credit", "Taken back"),
    EntryKind.CORRECTION: NP_("credit", "Corrected"),
    EntryKind.TRANSFERRED: N_("Transferred"),
}


@dataclass(frozen=True, slots=True)
class LearnerRow:
    name: str
    number: str
    entries: int
    is_merged: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    words: str
    learners: tuple[LearnerRow, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A ledger entry. `others` are credit of other types and `parts` how its minutes divide, where there are several.

    `notes` say what became of it and who did that; `may_change`: a change of it may be proposed.
    """

    id: str
    place: int
    module: str
    kind: str
    completed: str
    recorded: str
    minutes: str
    ceu: str
    others: str
    parts: tuple[str, ...]
    notes: tuple[str, ...]
    may_change: bool
    waiting: str | None


@dataclass(frozen=True, slots=True)
class LearnerPage:
    """`total` counts the entries on all pages of the ledger. `kept` is (name, number) of who this account is now.

    `flags` say what in the name a second pair of eyes should see.
    """

    record: RecordRows
    entries: tuple[EntryRow, ...]
    total: int
    ledger: str
    pager: Pager
    kept: tuple[str, str] | None
    check: CheckRow | None
    waiting: tuple[Waiting, ...]
    flags: tuple[str, ...]


def search_page(conn: Connection, visitor: Visitor, words: str, number: int) -> SearchPage:
    queries.registrar(visitor)
    rows, total = queries.learners(conn, words, number)
    return SearchPage(
        words=words,
        learners=tuple(
            LearnerRow(row.legal_name, row.learner_number, row.entries or 0, row.merged_into_id is not None)
            for row in rows
        ),
        pager=pager(number, total, lambda n: query(q=words, page=n)),
    )


def learner_page(
    conn: Connection, visitor: Visitor, learner_number: str, settings: Settings, numbers: tuple[int, int]
) -> LearnerPage:
    """A learner's record, ledger and documents; `numbers` are the pages of the documents and of the ledger."""
    queries.registrar(visitor)
    documents, number = numbers
    person = queries.one_learner(conn, learner_number)
    rows, total = queries.ledger_entries(conn, person.id, number), person.entries or 0
    return LearnerPage(
        record=record_rows(conn, visitor, person.id, settings, documents),
        entries=tuple(_entry(row, settings.zone) for row in rows),
        total=total,
        ledger=person.ledger_id or "",
        pager=pager(number, total, lambda n: query(entries=n)),
        kept=(person.kept_name, person.kept_number) if person.kept_number else None,
        check=newest_words(conn, person.id),
        waiting=waiting_of(conn, person.id),
        flags=flags(person.legal_name),
    )


def _entry(row: Row[Any], zone_name: str) -> EntryRow:
    parts = parts_of(row)
    return EntryRow(
        id=row.id,
        place=row.seq,
        module=f"{row.course_title}, {row.module_number} {row.module_title}",
        kind=_(_KINDS[row.kind]),
        completed=say_day(row.completed_on),
        recorded=say_instant(row.recorded_at, zone(zone_name)).words,
        minutes=say_count(row.minutes),
        ceu=ceu_text(row.tenths),
        others=in_a_row(amounts_words(read_amounts(row.amounts))),
        parts=tuple(f"{say_count(part.minutes)} {say_category(part.category)}" for part in parts),
        notes=tuple(_notes(row)),
        may_change=row.kind is not EntryKind.REVERSAL and row.taken_back_by is None and row.waiting is None,
        waiting=row.waiting,
    )


def _notes(row: Row[Any]) -> list[str]:
    notes = []
    if row.repeat_of_id is not None:
        notes.append(_("Repeat of entry {first}: no credit", first=row.first) if row.first else _("Repeat: no credit"))
    if row.taken_back_by is not None:
        notes.append(_("Taken back by entry {number}", number=row.taken_back_by))
    if row.reason_code:
        notes.append(_(REASONS[row.reason_code]))
    if row.proposer:
        notes.append(_("Proposed by {proposer}, approved by {approver}", proposer=row.proposer, approver=row.approver))
    return notes
