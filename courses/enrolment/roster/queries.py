"""Reading the people of a cohort, page by page."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from courses.cohorts.access import staff_cohort, staff_part
from courses.cohorts.models import Extension
from courses.cohorts.queries import COHORT, CohortFacts
from courses.coursework import Coursework, Work, WorkState
from courses.enrolment.access import SECTION
from courses.enrolment.models import EnrolmentState, RequestKind, RequestState
from courses.enrolment.queries import ENROLMENT, ENTRY_COLUMNS, POSITION, REQUEST, seats_of
from courses.enrolment.roster.pages import Filters, PersonLine, RequestLine, RequestsPage, RosterPage
from courses.enrolment.rules import Seats
from courses.enrolment.words import STATES, say_taken
from courses.paging import PER_PAGE, offset, pager, query
from courses.schedule.walltime import local_day
from courses.schedule.words import say_date, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Visitor
from fourweek.accounts.service import EMAIL
from fourweek.database import table
from fourweek.language import N_, _, n_
from fourweek.light import dataclass
from fourweek.searching import holds
from fourweek.spreadsheets import safe_cell, written

EXTENSION = table(Extension)
NO_SECTION = "none"
STATE_CHOICES = (("", N_("Everybody")), *((state.value, words) for state, (words, _tone) in STATES.items()))
TABS = {
    RequestKind.APPROVAL: N_("To answer"),
    RequestKind.WAITLIST: N_("In line"),
    RequestKind.INVITATION: N_("Invited"),
}
COLUMNS = ("name", "email", "section", "state", "enrolled", "completed", "withdrawn", "learner number")

ADDRESS = (
    select(func.min(EMAIL.c.address))
    .where(EMAIL.c.person_id == PERSON.c.id, EMAIL.c.is_primary)
    .correlate(PERSON)
    .scalar_subquery()
)


def _open(kind: RequestKind) -> Any:
    counted = REQUEST.alias(f"open_{kind.value}")
    return (
        select(func.count())
        .where(counted.c.cohort_id == COHORT.c.id, counted.c.state == RequestState.OPEN, counted.c.kind == kind)
        .correlate(COHORT)
        .scalar_subquery()
        .label(f"open_{kind.value}")
    )


_COUNTS: Any = select(*ENTRY_COLUMNS, *(_open(kind) for kind in RequestKind)).where(COHORT.c.id == bindparam("cohort"))
_SECTIONS = (
    select(SECTION.c.id, SECTION.c.name).where(SECTION.c.cohort_id == bindparam("cohort")).order_by(SECTION.c.name)
)
_EXTENSIONS = (
    select(func.count()).where(EXTENSION.c.enrolment_id == ENROLMENT.c.id).correlate(ENROLMENT).scalar_subquery()
)
_PEOPLE: Any = (
    select(
        ENROLMENT.c.id,
        ENROLMENT.c.state,
        ENROLMENT.c.enrolled_at,
        ENROLMENT.c.completed_at,
        ENROLMENT.c.withdrawn_at,
        PERSON.c.display_name,
        PERSON.c.learner_number,
        ADDRESS.label("address"),
        SECTION.c.name.label("section"),
        _EXTENSIONS.label("extensions"),
        func.count().over().label("total"),
    )
    .select_from(
        ENROLMENT.join(PERSON, PERSON.c.id == ENROLMENT.c.person_id).outerjoin(
            SECTION, SECTION.c.id == ENROLMENT.c.section_id
        )
    )
    .where(ENROLMENT.c.cohort_id == bindparam("cohort"))
    .order_by(PERSON.c.display_name, ENROLMENT.c.id)
)
_REQUESTS: Any = (
    select(
        REQUEST.c.id,
        REQUEST.c.message,
        REQUEST.c.made_at,
        PERSON.c.display_name,
        ADDRESS.label("address"),
        SECTION.c.name.label("section"),
        POSITION.label("position"),
        func.count().over().label("total"),
    )
    .select_from(
        REQUEST.join(PERSON, PERSON.c.id == REQUEST.c.person_id)
        .join(COHORT, COHORT.c.id == REQUEST.c.cohort_id)
        .outerjoin(SECTION, SECTION.c.id == REQUEST.c.section_id)
    )
    .where(
        REQUEST.c.cohort_id == bindparam("cohort"),
        REQUEST.c.state == RequestState.OPEN,
        REQUEST.c.kind == bindparam("kind"),
    )
    .order_by(REQUEST.c.made_at, REQUEST.c.id)
    .limit(PER_PAGE)
    .offset(bindparam("offset"))
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How a cohort's places stand, and how many ask, wait and are invited."""

    seats: Seats
    open: Mapping[RequestKind, int]


def counts(conn: Connection, cohort_id: str) -> Counts:
    """The counts of a cohort; the caller has authorised it."""
    row = conn.execute(_COUNTS, {"cohort": cohort_id}).one()
    return Counts(seats_of(row), {kind: getattr(row, f"open_{kind.value}") for kind in RequestKind})


def roster_page(
    conn: Connection,
    visitor: Visitor,
    cohort_id: str,
    coursework: Coursework,
    *,
    chosen: tuple[str, str, str],
    number: int,
) -> RosterPage:
    """One page of those with a place, as (search, state, section) were `chosen`; a constant number of statements.

    Whoever runs a section alone gets its people alone.
    """
    facts, part = staff_part(conn, visitor, cohort_id)
    known = counts(conn, cohort_id)
    filters = _filters(conn, cohort_id, chosen)
    wanted = _PEOPLE.where(*_wanted(filters), *_within(part)).limit(PER_PAGE).offset(offset(number))
    rows = conn.execute(wanted, {"cohort": cohort_id}).all()
    works = (
        coursework.work_of_many(conn, {row.id: facts.version_id for row in rows}, visitor.now.school) if rows else {}
    )
    total = rows[0].total if rows else 0
    given = {"q": filters.search, "state": filters.state, "section": filters.section}
    return RosterPage(
        cohort_id=cohort_id,
        cohort_name=facts.name,
        course_title=facts.course_title,
        is_whole=part is None,
        places=say_taken(known.seats),
        asking=known.open[RequestKind.APPROVAL],
        waiting=known.open[RequestKind.WAITLIST],
        invited=known.open[RequestKind.INVITATION],
        filters=filters,
        found=total,
        people=tuple(_person_line(row, works.get(row.id, ()), facts) for row in rows),
        pager=pager(number, total, lambda n: query(**given, page=n)),
    )


def roster_csv(conn: Connection, visitor: Visitor, cohort_id: str) -> bytes:
    """Everybody with a place as a table that the import takes; instants are local days of the cohort's zone."""
    facts, part = staff_part(conn, visitor, cohort_id)
    rows = conn.execute(_PEOPLE.where(*_within(part)), {"cohort": cohort_id}).all()

    def day(instant: Any) -> str:
        return local_day(instant, zone(facts.zone)).isoformat() if instant else ""

    lines = [
        (
            row.display_name,
            row.address or "",
            row.section or "",
            row.state.value,
            day(row.enrolled_at),
            day(row.completed_at),
            day(row.withdrawn_at),
            row.learner_number,
        )
        for row in rows
    ]
    return written(COLUMNS, ([safe_cell(cell) for cell in line] for line in lines))


def requests_page(conn: Connection, visitor: Visitor, cohort_id: str, kind: RequestKind, number: int) -> RequestsPage:
    """One page of the open requests of a kind, the first to come first."""
    facts = staff_cohort(conn, visitor, cohort_id)
    known = counts(conn, cohort_id)
    values = {"cohort": cohort_id, "kind": kind, "offset": offset(number)}
    rows = conn.execute(_REQUESTS, values).all()
    here, theirs = zone(facts.zone), zone(visitor.me.zone)
    return RequestsPage(
        cohort_id=cohort_id,
        cohort_name=facts.name,
        places=say_taken(known.seats),
        kind=kind.value,
        tabs=tuple((one.value, f"{_(label)} ({known.open[one]})", one is kind) for one, label in TABS.items()),
        lines=tuple(
            RequestLine(
                id=row.id,
                name=row.display_name,
                address=row.address or "",
                section=row.section or "",
                message=row.message,
                made=say_instant(row.made_at, here, theirs),
                position=row.position if kind is RequestKind.WAITLIST else 0,
            )
            for row in rows
        ),
        pager=pager(number, rows[0].total if rows else 0, lambda n: query(kind=kind.value, page=n)),
    )


def _filters(conn: Connection, cohort_id: str, chosen: tuple[str, str, str]) -> Filters:
    search, state, section = chosen
    sections = [(row.id, row.name) for row in conn.execute(_SECTIONS, {"cohort": cohort_id})]
    known = {NO_SECTION, *(key for key, _name in sections)}
    return Filters(
        search=" ".join(search.split())[:100],
        state=state if state in set(EnrolmentState) else "",
        section=section if section in known else "",
        states=tuple((key, _(label)) for key, label in STATE_CHOICES),
        sections=(("", _("Every section")), *sections, (NO_SECTION, _("Without a section"))) if sections else (),
    )


def _within(part: frozenset[str] | None) -> tuple[ColumnElement[bool], ...]:
    return () if part is None else (ENROLMENT.c.section_id.in_(sorted(part)),)


def _wanted(filters: Filters) -> Iterable[ColumnElement[bool]]:
    yield from (holds(word, PERSON.c.display_name, ADDRESS) for word in filters.search.split())
    if filters.state:
        yield ENROLMENT.c.state == EnrolmentState(filters.state)
    if filters.section:
        wanted = None if filters.section == NO_SECTION else filters.section
        yield ENROLMENT.c.section_id.is_(None) if wanted is None else ENROLMENT.c.section_id == wanted


def _person_line(row: Any, work: tuple[Work, ...], facts: CohortFacts) -> PersonLine:
    required = [one for one in work if one.required]
    done = sum(one.state is WorkState.DEMONSTRATED for one in required)
    words, tone = STATES[row.state]
    return PersonLine(
        enrolment_id=row.id,
        name=row.display_name,
        address=row.address or "",
        state=words,
        tone=tone,
        section=row.section or "",
        when=_when(row, facts),
        extended=n_("{count} granted", "{count} granted", row.extensions) if row.extensions else "",
        done=_("{done} of {total}", done=done, total=len(required)),
        waiting=sum(one.state is WorkState.SUBMITTED for one in work),
    )


def _when(row: Any, facts: CohortFacts) -> str:
    """The date that belongs to the state."""
    here = zone(facts.zone)
    if row.state is EnrolmentState.WITHDRAWN and row.withdrawn_at:
        return _("until {date}", date=say_date(local_day(row.withdrawn_at, here)))
    if row.state is EnrolmentState.COMPLETED and row.completed_at:
        return _("on {date}", date=say_date(local_day(row.completed_at, here)))
    return _("since {date}", date=say_date(local_day(row.enrolled_at, here)))
