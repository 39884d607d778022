"""The next cohorts of a course that take people, as everybody may know of them."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Date, Select, and_, bindparam, case, or_, select

from courses.cohorts.models import EnrolmentWay
from courses.cohorts.queries import COHORT, VERSION
from courses.enrolment.queries import TAKEN
from courses.schedule.terms import Pacing
from fourweek.light import dataclass

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
    select(VERSION.c.course_id, COHORT.c.id, COHORT.c.name, COHORT.c.pacing, COHORT.c.start_date)
    .join_from(COHORT, VERSION, VERSION.c.id == COHORT.c.version_id)
    .where(TAKES_PEOPLE, VERSION.c.course_id.in_(bindparam("courses", expanding=True)))
    .order_by(STARTS, COHORT.c.id)
)


@dataclass(frozen=True, slots=True)
class NextCohort:
    """`starts` is None where everybody starts at once."""

    id: str
    name: str
    starts: date | None


def next_cohorts(conn: Connection, course_ids: Collection[str], today: date) -> dict[str, list[NextCohort]]:
    """{course id: the cohorts that take people, soonest first}; one statement."""
    found: dict[str, list[NextCohort]] = {course_id: [] for course_id in course_ids}
    for row in conn.execute(_NEXT, {"courses": list(course_ids), "today": today}):
        starts = None if row.pacing == Pacing.ENROLMENT else row.start_date
        found[row.course_id].append(NextCohort(row.id, row.name, starts))
    return found
