"""The next cohort of a course that takes people, as everybody may know of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Date, Select, and_, bindparam, case, or_, select

from courses.cohorts.models import EnrolmentWay
from courses.cohorts.queries import COHORT, VERSION
from courses.enrolment.queries import TAKEN
from courses.schedule.terms import Pacing

TODAY: Final = bindparam("today", type_=Date)
# Who enrols in a self-paced cohort starts on that day.
STARTS: Final = case(
    (and_(COHORT.c.pacing == Pacing.ENROLMENT, COHORT.c.start_date < TODAY), TODAY), else_=COHORT.c.start_date
)
TAKES_PEOPLE: Final = and_(
    COHORT.c.open_for_enrolment,
    COHORT.c.way != EnrolmentWay.INVITATION,
    STARTS >= TODAY,
    or_(COHORT.c.enrol_until.is_(None), COHORT.c.enrol_until >= TODAY),
    or_(COHORT.c.capacity.is_(None), COHORT.c.waitlist, COHORT.c.capacity > TAKEN),
)
_NEXT: Select[Any] = (
    select(VERSION.c.course_id, COHORT.c.name, COHORT.c.pacing, COHORT.c.start_date)
    .join_from(COHORT, VERSION, VERSION.c.id == COHORT.c.version_id)
    .where(TAKES_PEOPLE, VERSION.c.course_id.in_(bindparam("courses", expanding=True)))
    .order_by(STARTS.desc(), COHORT.c.id.desc())
)


@dataclass(frozen=True, slots=True)
class NextCohort:
    """`starts` is None where everybody starts at once."""

    name: str
    starts: date | None


def next_cohorts(conn: Connection, course_ids: Collection[str], today: date) -> dict[str, NextCohort]:
    """{course id: the cohort that starts soonest of those that take people}; one statement."""
    rows = conn.execute(_NEXT, {"courses": list(course_ids), "today": today})
    return {
        row.course_id: NextCohort(row.name, None if row.pacing == Pacing.ENROLMENT else row.start_date) for row in rows
    }
