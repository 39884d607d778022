"""Reading cohorts with their places and the visitor's own place in them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select

from courses.cohorts.queries import COHORT, COHORT_COLUMNS, COHORT_SOURCE, COURSE, CohortFacts, facts_of
from courses.enrolment.models import Enrolment, EnrolmentState
from courses.enrolment.rules import Seats
from fourweek.accounts.access import Visitor
from fourweek.database import table

ENROLMENT = table(Enrolment)

_COUNTED = ENROLMENT.alias("counted")
TAKEN = (
    select(func.count())
    .where(_COUNTED.c.cohort_id == COHORT.c.id, _COUNTED.c.state != EnrolmentState.WITHDRAWN)
    .correlate(COHORT)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A cohort as somebody who might enrol sees it; `mine` is the state of the visitor's enrolment, if there is one."""

    facts: CohortFacts
    seats: Seats
    mine: EnrolmentState | None
    enrolment_id: str | None


_OFFERS = (
    select(
        *COHORT_COLUMNS,
        COHORT.c.capacity,
        COHORT.c.open_for_enrolment,
        TAKEN.label("taken"),
        ENROLMENT.c.id.label("enrolment_id"),
        ENROLMENT.c.state.label("mine"),
        func.count().over().label("total"),
    )
    .select_from(
        COHORT_SOURCE.outerjoin(
            ENROLMENT, and_(ENROLMENT.c.cohort_id == COHORT.c.id, ENROLMENT.c.person_id == bindparam("person"))
        )
    )
    .order_by(COHORT.c.start_date, COHORT.c.id)
)
_OF_COURSE = (
    _OFFERS.where(COURSE.c.id == bindparam("course"), COHORT.c.start_date >= bindparam("since"))
    .where(COHORT.c.open_for_enrolment)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_ONE = _OFFERS.where(COHORT.c.id == bindparam("cohort"))


def offers(
    conn: Connection, visitor: Visitor, course_id: str, *, since: date, limit: int, offset: int
) -> tuple[list[Offer], int]:
    """One page of the cohorts of a course that start on `since` or later, soonest first, and how many there are."""
    values = {"course": course_id, "since": since, "limit": limit, "offset": offset, **_person(visitor)}
    rows = conn.execute(_OF_COURSE, values).all()
    return [_offer(row) for row in rows], rows[0].total if rows else 0


def offer(conn: Connection, visitor: Visitor, cohort_id: str) -> Offer | None:
    """One cohort; None when there is none."""
    row = conn.execute(_ONE, {"cohort": cohort_id, **_person(visitor)}).first()
    return _offer(row) if row else None


def _person(visitor: Visitor) -> dict[str, str]:
    return {"person": visitor.person.id if visitor.person else ""}


def _offer(row: Any) -> Offer:
    return Offer(
        facts=facts_of(row),
        seats=Seats(row.capacity, row.taken, row.open_for_enrolment),
        mine=row.mine,
        enrolment_id=row.enrolment_id,
    )
