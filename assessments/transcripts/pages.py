"""What the transcript's page shows, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from assessments.credit.rules import ceu_text, contact_hours_text
from assessments.transcripts.parts import LineStatus, TranscriptLine
from assessments.transcripts.queries import Issued, issued_to
from assessments.transcripts.record import Record, record_of
from assessments.transcripts.sums import in_print_order, subtotal, totals_of
from assessments.transcripts.view import by_course, say_category, say_count, say_day
from courses.paging import Pager, pager, query
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.settings import Settings

_STANDING = {
    LineStatus.ACTIVE: ("Demonstrated", "good"),
    LineStatus.AMENDED: ("Corrected", "info"),
    LineStatus.REVOKED: ("Taken back", "bad"),
    LineStatus.REPEAT: ("Repeat, no credit", "plain"),
}


@dataclass(frozen=True, slots=True)
class LineRow:
    module: str
    completed: str
    category: str
    minutes: str
    ceu: str
    standing: tuple[str, str]


@dataclass(frozen=True, slots=True)
class CourseRows:
    """The lines of one course and their sums."""

    title: str
    badge: str | None
    lines: tuple[LineRow, ...]
    minutes: str
    ceu: str
    attendance: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentRow:
    number: str
    issued: str
    credit: str
    lines: int


@dataclass(frozen=True, slots=True)
class RecordRows:
    """A person's record: courses, totals, and the documents issued from it."""

    name: str
    number: str
    courses: tuple[CourseRows, ...]
    modules: int
    hours: str
    ceu: str
    documents: tuple[DocumentRow, ...]
    pager: Pager


def transcript_page(conn: Connection, visitor: Visitor, settings: Settings, number: int) -> RecordRows:
    """The visitor's own record; three statements."""
    return record_rows(conn, visitor, visitor.me.id, settings, number)


def record_rows(conn: Connection, visitor: Visitor, person_id: str, settings: Settings, number: int) -> RecordRows:
    """Anybody's record; the caller has authorised it."""
    issued, total = issued_to(conn, person_id, number)
    found = record_of(conn, person_id, settings.public_url)
    documents = tuple(_document(row, zone(settings.zone), zone(visitor.me.zone)) for row in issued)
    return _rows(found, documents, pager(number, total, lambda n: query(page=n)))


def _rows(found: Record, documents: tuple[DocumentRow, ...], pages: Pager) -> RecordRows:
    ordered = in_print_order(found.lines)
    totals = totals_of(ordered)
    return RecordRows(
        name=found.learner.legal_name,
        number=found.learner.number,
        courses=tuple(_course(lines) for lines in by_course(ordered)),
        modules=totals.modules,
        hours=totals.contact_hours,
        ceu=totals.ceu,
        documents=documents,
        pager=pages,
    )


def _course(lines: Sequence[TranscriptLine]) -> CourseRows:
    whole = subtotal("course", lines)
    return CourseRows(
        title=lines[0].course_title,
        badge=next((line.award_url for line in lines if line.award_url), None),
        lines=tuple(map(_line, lines)),
        minutes=say_count(whole.counted_minutes),
        ceu=whole.ceu,
        attendance=tuple(dict.fromkeys(line.attendance for line in lines if line.attendance)),
    )


def _line(line: TranscriptLine) -> LineRow:
    minutes = say_count(line.counted_minutes)
    return LineRow(
        module=f"{line.module_number} {line.module_title}",
        completed=say_day(line.completed_on),
        category=say_category(line.category),
        minutes=minutes if line.status.counts else f"({minutes})",
        ceu=line.ceu,
        standing=_STANDING[line.status],
    )


def _document(row: Issued, here: ZoneInfo, viewer: ZoneInfo) -> DocumentRow:
    credit = f"{contact_hours_text(row.minutes)} hours, {ceu_text(row.tenths)} CEU"
    return DocumentRow(row.number, str(say_instant(row.issued_at, here, viewer)), credit, row.lines)
