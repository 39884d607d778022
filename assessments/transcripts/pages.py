"""What the transcript's page shows, in words."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from assessments.credit.rules import ceu_text, contact_hours_text
from assessments.holds.pages import Waiting, waiting_of
from assessments.licences.queries import licences_of
from assessments.licences.words import say_shipped
from assessments.names.queries import names_of
from assessments.stated.queries import stated_of
from assessments.transcripts.attended import say_attended
from assessments.transcripts.choosing import PAPERS, WHATS, DocumentForm
from assessments.transcripts.parts import LineStatus, Subtotal, TranscriptLine
from assessments.transcripts.queries import Issued, issued_to
from assessments.transcripts.record import Record, record_of
from assessments.transcripts.scope import Scope
from assessments.transcripts.standing import Standing, Why
from assessments.transcripts.sums import in_print_order, subtotal, totals_of
from assessments.transcripts.transcript_view import say_credits
from assessments.transcripts.view import TITLES, by_course, say_category, say_count
from assessments.transcripts.words import say_subjects
from courses.jurisdictions import say_jurisdiction
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import say_day, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.language import N_, NP_, _, n_, p_
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass
from fourweek.settings import Settings

_STANDING = {
    LineStatus.ACTIVE: (N_("Demonstrated"), "good"),
    LineStatus.AMENDED: (NP_("credit", "Corrected"), "info"),
    LineStatus.REVOKED: (NP_("credit", "Taken back"), "bad"),
    LineStatus.REPEAT: (N_("Repeat, no credit"), "plain"),
}
_WHY = {
    Why.LINE: N_("a line that it shows was corrected"),
    Why.NAME: N_("the name that it shows was corrected"),
}


@dataclass(frozen=True, slots=True)
class LineRow:
    module: str
    completed: str
    subjects: tuple[str, ...]
    minutes: str
    ceu: str
    credits: tuple[str, ...]
    standing: tuple[str, str]


@dataclass(frozen=True, slots=True)
class CourseRows:
    """The lines of one course and their sums."""

    code: str
    title: str
    badge: str | None
    lines: tuple[LineRow, ...]
    minutes: str
    ceu: str
    credits: tuple[str, ...]
    attendance: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SumRow:
    """Sums of a category or a year; `ceu` is "" for a category, which has none."""

    label: str
    modules: int
    hours: str
    ceu: str = ""
    credits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document: what it is, of what part of the record, how it stands, and the files that it has."""

    number: str
    kind: str
    scope: str
    issued: str
    credit: str
    lines: int
    standing: tuple[str, str]
    why: str
    endings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordRows:
    """A person's record: one page of its courses, totals, and the documents issued from it."""

    name: str
    number: str
    courses: tuple[CourseRows, ...]
    course_pager: Pager
    modules: int
    hours: str
    ceu: str
    credits: tuple[str, ...]
    categories: tuple[SumRow, ...]
    years: tuple[SumRow, ...]
    documents: tuple[DocumentRow, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class TranscriptPage:
    """The visitor's own record, and the form of a document with what may be chosen for it: (value, words)."""

    record: RecordRows
    waiting: tuple[Waiting, ...]
    form: DocumentForm
    whats: tuple[tuple[str, str, str], ...]
    papers: tuple[tuple[str, str], ...]
    courses: tuple[tuple[str, str], ...]
    licences: tuple[tuple[str, str], ...]
    states: int
    former: tuple[str, ...]


def transcript_page(
    conn: Connection, visitor: Visitor, settings: Settings, numbers: tuple[int, int], form: DocumentForm
) -> TranscriptPage:
    """The visitor's own record; eight statements. `numbers` are the pages of the documents and of the courses."""
    me = visitor.me.id
    found = record_of(conn, me, settings.public_url)
    documents = _documents(conn, visitor, me, settings, numbers[0])
    titles = {line.course_code: line.course_title for line in in_print_order(found.lines)}
    return TranscriptPage(
        record=_rows(found, *documents, numbers[1]),
        waiting=waiting_of(conn, me),
        form=form,
        whats=WHATS,
        papers=PAPERS,
        courses=tuple(titles.items()),
        licences=tuple(
            (row.id, in_a_row((say_shipped(row.profession), say_jurisdiction(row.jurisdiction), row.number)))
            for row in licences_of(conn, me)
        ),
        states=len(stated_of(conn, me)),
        former=tuple(one.name for one in names_of(conn, me)),
    )


def record_rows(conn: Connection, visitor: Visitor, person_id: str, settings: Settings, number: int) -> RecordRows:
    """Anybody's record; the caller has authorised it. Three statements."""
    found = record_of(conn, person_id, settings.public_url)
    return _rows(found, *_documents(conn, visitor, person_id, settings, number), 1)


def _documents(
    conn: Connection, visitor: Visitor, person_id: str, settings: Settings, number: int
) -> tuple[tuple[DocumentRow, ...], Pager]:
    issued, total = issued_to(conn, person_id, number)
    here, viewer = zone(settings.zone), zone(visitor.me.zone)
    return tuple(_document(row, here, viewer) for row in issued), pager(number, total, lambda n: query(page=n))


def _rows(found: Record, documents: tuple[DocumentRow, ...], pages: Pager, number: int) -> RecordRows:
    courses = by_course(in_print_order(found.lines))[::-1]
    totals = totals_of(found.lines)
    return RecordRows(
        name=found.learner.legal_name,
        number=found.learner.number,
        courses=tuple(map(_course, courses[offset(number) : offset(number) + PER_PAGE])),
        course_pager=pager(number, len(courses), lambda n: query(courses=n)),
        modules=totals.modules,
        hours=totals.contact_hours,
        ceu=totals.ceu,
        credits=tuple(say_credits(totals.credits)),
        categories=tuple(
            SumRow(say_category(part.label), part.modules, part.contact_hours) for part in totals.by_category
        ),
        years=tuple(map(_year, totals.by_year)),
        documents=documents,
        pager=pages,
    )


def _year(part: Subtotal) -> SumRow:
    return SumRow(part.label, part.modules, part.contact_hours, part.ceu, tuple(say_credits(part.credits)))


def _course(lines: Sequence[TranscriptLine]) -> CourseRows:
    whole = subtotal("course", lines)
    return CourseRows(
        code=lines[0].course_code,
        title=lines[0].course_title,
        badge=next((line.award_url for line in lines if line.award_url), None),
        lines=tuple(map(_line, lines)),
        minutes=say_count(whole.counted_minutes),
        ceu=whole.ceu,
        credits=tuple(say_credits(whole.credits)),
        attendance=tuple(dict.fromkeys(say_attended(line.attendance) for line in lines if line.attendance)),
    )


def _line(line: TranscriptLine) -> LineRow:
    minutes = say_count(line.counted_minutes)
    return LineRow(
        module=f"{line.module_number} {line.module_title}",
        completed=say_day(line.completed_on),
        subjects=tuple(say_subjects(line)),
        minutes=minutes if line.status.counts else f"({minutes})",
        ceu=line.ceu,
        credits=tuple(say_credits(line.credits)),
        standing=_STANDING[line.status],
    )


def _document(row: Issued, here: ZoneInfo, viewer: ZoneInfo) -> DocumentRow:
    return DocumentRow(
        number=row.number,
        kind=_(TITLES[row.kind]),
        scope=_scope(row.scope),
        issued=str(say_instant(row.issued_at, here, viewer)),
        credit=_("{minutes} hours, {tenths} CEU", minutes=contact_hours_text(row.minutes), tenths=ceu_text(row.tenths)),
        lines=row.lines,
        standing=_stands(row.standing),
        why=_(_WHY.get(row.standing.why, "")),
        endings=row.endings,
    )


def _scope(scope: Scope) -> str:
    """Such as "Whole record", "2 courses", "1 January 2025 to 31 December 2026"."""
    if scope.is_whole:
        return _("Whole record")
    said = []
    if scope.module:
        said.append(_("One module"))
    if scope.courses:
        said.append(n_("One course", "{count} courses", len(scope.courses)))
    if scope.since and scope.until:
        said.append(_("{first} to {last}", first=say_day(scope.since), last=say_day(scope.until)))
    elif scope.since:
        said.append(_("From {day}", day=say_day(scope.since)))
    elif scope.until:
        said.append(_("To {day}", day=say_day(scope.until)))
    return ". ".join(said)


def _stands(standing: Standing) -> tuple[str, str]:
    if standing.valid:
        return _("Valid as of its date"), "good"
    return (_("Superseded by {by}", by=standing.by) if standing.by else p_("a document", "Superseded"), "warn")
