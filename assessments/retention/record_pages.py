"""What the page of the record's period shows: what falls due when, what goes now, and what keeps the rest."""

from dataclasses import field
from datetime import UTC, datetime

from sqlalchemy import Connection

from assessments.record.queries import registrar
from assessments.retention.record_queries import DueRecord, due_records, free_number, years_of_last_change
from assessments.retention.record_rules import Papers, RecordKeeps, due_before, kept_until
from courses.paging import Pager, pager, query
from courses.schedule.words import say_date
from fourweek.accounts.access import Visitor
from fourweek.language import N_, _, n_
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass
from fourweek.settings import Settings

_KEEPS = {
    RecordKeeps.HOLD: N_("Kept by a legal hold"),
    RecordKeeps.OPEN: N_("Kept by a change of a name, of credit or of an account that is not decided"),
}


@dataclass(frozen=True, slots=True)
class YearRow:
    """How many people's papers were last added to in a year, and from which day they may go."""

    year: int
    people: int
    due_on: str


@dataclass(frozen=True, slots=True)
class DueRow:
    """One person whose period is over; `keeps` says why the papers stay, "" when they are to go."""

    name: str
    number: str
    last: str
    papers: str
    keeps: str


@dataclass(frozen=True, slots=True)
class PeriodPage:
    """`going` of the `total` are kept by nothing."""

    years: int
    falls_due: tuple[YearRow, ...]
    rows: tuple[DueRow, ...]
    total: int
    going: int
    pager: Pager
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def period_page(conn: Connection, visitor: Visitor, number: int, settings: Settings) -> PeriodPage:
    """Four statements. Raises NotFound for everybody but the registrar."""
    registrar(visitor)
    before = due_before(visitor.now.real, settings.record_kept_years)
    found, total = due_records(conn, before, number)
    return PeriodPage(
        years=settings.record_kept_years,
        falls_due=tuple(_year(*row, settings.record_kept_years) for row in years_of_last_change(conn)),
        rows=tuple(map(_row, found)),
        total=total,
        going=free_number(conn, before),
        pager=pager(number, total, lambda n: query(page=n)),
    )


def _year(year: int, people: int, years: int) -> YearRow:
    return YearRow(year, people, say_date(kept_until(datetime(year, 12, 31, tzinfo=UTC), years)))


def _row(found: DueRecord) -> DueRow:
    keeps = _(_KEEPS[found.keeps]) if found.keeps else ""
    return DueRow(found.name, found.number, say_date(found.last.date()), say_papers(found.papers), keeps)


def say_papers(papers: Papers) -> str:
    """Such as "2 documents, 1 paper of a name"."""
    counts = (
        (papers.documents, n_("{count} document", "{count} documents", papers.documents)),
        (papers.name_papers, n_("{count} paper of a name", "{count} papers of names", papers.name_papers)),
        (
            papers.certificates,
            n_("{count} certificate from elsewhere", "{count} certificates from elsewhere", papers.certificates),
        ),
        (papers.licences, n_("{count} removed licence", "{count} removed licences", papers.licences)),
    )
    return in_a_row(words for count, words in counts if count)
