"""Reading how the people of a cohort get on: as many statements for one as for all of them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, select

from courses.cohorts.queries import CohortFacts
from courses.coursework import Coursework, Work, module_complete
from courses.enrolment.access import ENROLMENT, LIVE, SECTION, Place, places
from courses.enrolment.models import EnrolmentState
from courses.leading.rules import Clocks, Concern, Learner, Reason, reasons
from courses.live.access import taught_cohort
from courses.live.queries import ASKED, ATTENDED, CONCERNS, meetings
from courses.live.rules import Meeting
from fourweek.accounts.access import PERSON, Visitor
from fourweek.light import dataclass

_PEOPLE: Any = (
    select(ENROLMENT.c.id, PERSON.c.display_name, PERSON.c.seen_at, SECTION.c.name.label("section"))
    .select_from(
        ENROLMENT.join(PERSON, PERSON.c.id == ENROLMENT.c.person_id).outerjoin(
            SECTION, SECTION.c.id == ENROLMENT.c.section_id
        )
    )
    .where(ENROLMENT.c.cohort_id == bindparam("cohort"), ENROLMENT.c.state == EnrolmentState.ACTIVE)
)
_MISSED: Any = (
    select(ENROLMENT.c.id.label("enrolment_id"), LIVE.c.id.label("session_id"))
    .select_from(LIVE.join(ENROLMENT, CONCERNS))
    .where(LIVE.c.cohort_id == bindparam("cohort"), ENROLMENT.c.state == EnrolmentState.ACTIVE, ASKED, ~ATTENDED)
    .order_by(LIVE.c.on, LIVE.c.at, LIVE.c.id)
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One active learner of the cohort; `done` of `total` modules are complete."""

    enrolment_id: str
    section: str
    learner: Learner
    done: int
    total: int
    reasons: tuple[Reason, ...]

    def is_about(self, concern: Concern | None, module_number: int | None) -> bool:
        """Whether a reason of this concern and module is there; None stands for any."""
        return any(
            (concern is None or reason.concern is concern)
            and (module_number is None or reason.module_number == module_number)
            for reason in self.reasons
        )


@dataclass(frozen=True, slots=True)
class Class:
    """A cohort's active learners as they stand, and how many completed it."""

    facts: CohortFacts
    people: tuple[Standing, ...]
    completed: int


def class_of(conn: Connection, visitor: Visitor, coursework: Coursework, cohort_id: str) -> Class:
    """How everybody in a cohort gets on, for those who run or teach it; seven statements, eight when cold.

    Forbidden for the cohort's other staff, NotFound for everybody else.
    """
    facts, clocks = taught_cohort(conn, visitor, cohort_id), Clocks(visitor.now.school, visitor.now.real)
    enrolled = places(conn, ENROLMENT.c.cohort_id == cohort_id)
    active = [place for place in enrolled if place.state is EnrolmentState.ACTIVE]
    works = coursework.work_of_many(conn, {one.enrolment_id: facts.version_id for one in active}, clocks.school)
    people = {row.id: row for row in conn.execute(_PEOPLE, {"cohort": cohort_id})}
    unattended = _unattended(conn, cohort_id) if any(place.meets_live for place in active) else {}
    known = [
        _standing(place, people[place.enrolment_id], works[place.enrolment_id], unattended, clocks) for place in active
    ]
    completed = sum(place.state is EnrolmentState.COMPLETED for place in enrolled)
    return Class(facts, tuple(known), completed)


def _unattended(conn: Connection, cohort_id: str) -> dict[str, list[Meeting]]:
    """The sessions that each enrolment is still asked to attend, in the order of their days; two statements."""
    known = {one.id: one for one in meetings(conn, cohort_id)}
    found: dict[str, list[Meeting]] = {}
    for row in conn.execute(_MISSED, {"cohort": cohort_id}):
        found.setdefault(row.enrolment_id, []).append(known[row.session_id])
    return found


def _standing(
    place: Place, person: Any, works: tuple[Work, ...], unattended: dict[str, list[Meeting]], clocks: Clocks
) -> Standing:
    asked = unattended.get(place.enrolment_id, [])
    learner = Learner(
        name=person.display_name,
        works=works,
        dates=place.all_dates(clocks.school),
        missed=tuple(_missed(asked, clocks)),
        enrolled_at=place.enrolled_at,
        seen_at=person.seen_at,
    )
    modules = [one.module_number for one in asked if one.module_number]
    asking = sorted({work.module_number for work in works if work.required})
    return Standing(
        enrolment_id=place.enrolment_id,
        section=person.section or "",
        learner=learner,
        done=sum(module_complete(works, number, modules) for number in asking),
        total=len(asking),
        reasons=reasons(learner, clocks),
    )


def _missed(asked: Iterable[Meeting], clocks: Clocks) -> Iterable[tuple[int, str]]:
    return ((one.module_number, one.title) for one in asked if one.module_number and one.is_over(clocks.school))
