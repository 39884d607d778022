"""Reading cohorts with their places, how one comes in, and how the visitor stands with them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select, tuple_

from courses.cohorts.queries import COHORT, COHORT_COLUMNS, COHORT_SOURCE, COURSE, CohortFacts, facts_of
from courses.enrolment.models import Enrolment, EnrolmentState, PlaceRequest, RequestKind, RequestState
from courses.enrolment.rules import Entry, Hindrance, Seats, Step, next_step
from courses.schedule.terms import Pacing
from fourweek.accounts.access import Visitor
from fourweek.database import table
from fourweek.light import dataclass

ENROLMENT, REQUEST = table(Enrolment), table(PlaceRequest)

_COUNTED = ENROLMENT.alias("counted")
TAKEN = (
    select(func.count())
    .where(_COUNTED.c.cohort_id == COHORT.c.id, _COUNTED.c.state != EnrolmentState.WITHDRAWN)
    .correlate(COHORT)
    .scalar_subquery()
)
_IN_LINE = REQUEST.alias("in_line")
_STANDS_IN_LINE = and_(
    _IN_LINE.c.cohort_id == COHORT.c.id,
    _IN_LINE.c.state == RequestState.OPEN,
    _IN_LINE.c.kind == RequestKind.WAITLIST,
)
WAITING = select(func.count()).where(_STANDS_IN_LINE).correlate(COHORT).scalar_subquery()
POSITION = (
    select(func.count())
    .where(
        _STANDS_IN_LINE,
        tuple_(_IN_LINE.c.made_at, _IN_LINE.c.id) <= tuple_(REQUEST.c.made_at, REQUEST.c.id),
    )
    .correlate(COHORT, REQUEST)
    .scalar_subquery()
)
"""Where an open request stands in line, from 1; for rows that select from COHORT and REQUEST."""

ENTRY_COLUMNS = (
    COHORT.c.capacity,
    TAKEN.label("taken"),
    WAITING.label("waiting"),
    COHORT.c.way,
    COHORT.c.waitlist,
    COHORT.c.open_for_enrolment,
    COHORT.c.enrol_from,
    COHORT.c.enrol_until,
)
"""What `seats_of` and `entry_of` need."""


@dataclass(frozen=True, slots=True)
class MyRequest:
    """The visitor's open request; `position` in line counts from 1 and means something for WAITLIST alone."""

    id: str
    kind: RequestKind
    made_at: datetime
    message: str
    section_id: str | None
    position: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A cohort as somebody who might enrol sees it; `mine` is the state of the visitor's enrolment, if there is one."""

    facts: CohortFacts
    seats: Seats
    entry: Entry
    mine: EnrolmentState | None
    enrolment_id: str | None
    request: MyRequest | None

    @property
    def has_place(self) -> bool:
        return self.mine in {EnrolmentState.ACTIVE, EnrolmentState.COMPLETED}

    def step(self, now: datetime) -> Step | Hindrance:
        """What the visitor can do for a place; one who has a place does not ask."""
        invited = self.request is not None and self.request.kind is RequestKind.INVITATION
        return next_step(self.facts.rules, self.seats, self.entry, now, invited=invited)


_OFFERS: Any = (
    select(
        *COHORT_COLUMNS,
        *ENTRY_COLUMNS,
        ENROLMENT.c.id.label("enrolment_id"),
        ENROLMENT.c.state.label("mine"),
        REQUEST.c.id.label("request_id"),
        REQUEST.c.kind.label("request_kind"),
        REQUEST.c.made_at.label("request_made_at"),
        REQUEST.c.message.label("request_message"),
        REQUEST.c.section_id.label("request_section_id"),
        POSITION.label("request_position"),
        func.count().over().label("total"),
    )
    .select_from(
        COHORT_SOURCE.outerjoin(
            ENROLMENT, and_(ENROLMENT.c.cohort_id == COHORT.c.id, ENROLMENT.c.person_id == bindparam("person"))
        ).outerjoin(
            REQUEST,
            and_(
                REQUEST.c.cohort_id == COHORT.c.id,
                REQUEST.c.person_id == bindparam("person"),
                REQUEST.c.state == RequestState.OPEN,
            ),
        )
    )
    .order_by(COHORT.c.start_date, COHORT.c.id)
)
_OF_COURSE = (
    _OFFERS.where(
        COURSE.c.id == bindparam("course"),
        or_(COHORT.c.start_date >= bindparam("since"), COHORT.c.pacing == Pacing.ENROLMENT),
    )
    .where(COHORT.c.open_for_enrolment)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_ONE = _OFFERS.where(COHORT.c.id == bindparam("cohort"))
_ASKED = _OFFERS.where(REQUEST.c.id.is_not(None)).limit(bindparam("limit")).offset(bindparam("offset"))


def offers(
    conn: Connection, visitor: Visitor, course_id: str, *, since: date, limit: int, offset: int
) -> tuple[list[Offer], int]:
    """One page of the cohorts of a course that start on `since` or later, or with each person, soonest first,
    and how many there are."""
    values = {"course": course_id, "since": since, "limit": limit, "offset": offset, **_person(visitor)}
    rows = conn.execute(_OF_COURSE, values).all()
    return [_offer(row) for row in rows], rows[0].total if rows else 0


def offer(conn: Connection, visitor: Visitor, cohort_id: str) -> Offer | None:
    """One cohort; None when there is none."""
    row = conn.execute(_ONE, {"cohort": cohort_id, **_person(visitor)}).first()
    return _offer(row) if row else None


def asked(conn: Connection, visitor: Visitor, *, limit: int, offset: int) -> tuple[list[Offer], int]:
    """One page of the cohorts in which the visitor has an open request, by their start, and how many there are."""
    rows = conn.execute(_ASKED, {"limit": limit, "offset": offset, **_person(visitor)}).all()
    return [_offer(row) for row in rows], rows[0].total if rows else 0


def seats_of(row: Any) -> Seats:
    """Seats from a row that selects ENTRY_COLUMNS."""
    return Seats(row.capacity, row.taken, row.waiting)


def entry_of(row: Any) -> Entry:
    """Entry from a row that selects ENTRY_COLUMNS."""
    return Entry(row.way, row.waitlist, row.open_for_enrolment, row.enrol_from, row.enrol_until)


def _person(visitor: Visitor) -> dict[str, str]:
    return {"person": visitor.person.id if visitor.person else ""}


def _offer(row: Any) -> Offer:
    request = None
    if row.request_id is not None:
        request = MyRequest(
            id=row.request_id,
            kind=row.request_kind,
            made_at=row.request_made_at,
            message=row.request_message,
            section_id=row.request_section_id,
            position=row.request_position,
        )
    return Offer(
        facts=facts_of(row),
        seats=seats_of(row),
        entry=entry_of(row),
        mine=row.mine,
        enrolment_id=row.enrolment_id,
        request=request,
    )
