"""A person's progress by competency across courses, by posted decisions alone (law 5)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from assessments.assignments.queries import ASSIGNMENT, MODULE
from assessments.competencies.queries import alignments_of
from assessments.competencies.standing import Asked, Reached, Standing, standings
from assessments.evidence.members import MEMBER
from assessments.evidence.queries import POSTED, SUBMISSION, work_of_many
from assessments.grading.models import DecisionLine, Outcome
from assessments.rubrics.queries import COMPETENCY, CRITERION, LEVEL
from courses.cohorts.queries import COHORT, COHORT_SOURCE, VERSION
from courses.coursework import Work, WorkState
from courses.enrolment.models import Enrolment, EnrolmentState
from fourweek.database import table
from fourweek.light import dataclass

ENROLMENT, LINE = table(Enrolment), table(DecisionLine)
_OTHER = LEVEL.alias("other_level")
_LEVELS = select(func.count()).where(_OTHER.c.criterion_id == CRITERION.c.id).correlate(CRITERION).scalar_subquery()

_ENROLMENTS: Any = (
    select(
        ENROLMENT.c.id,
        ENROLMENT.c.state,
        COHORT.c.id.label("cohort_id"),
        COHORT.c.zone,
        COHORT.c.version_id,
        VERSION.c.title.label("course"),
    )
    .select_from(COHORT_SOURCE.join(ENROLMENT, ENROLMENT.c.cohort_id == COHORT.c.id))
    .where(ENROLMENT.c.person_id == bindparam("person"))
)
_REACHED: Any = (
    select(
        SUBMISSION.c.enrolment_id,
        SUBMISSION.c.attempt,
        ASSIGNMENT.c.key,
        ASSIGNMENT.c.title,
        MODULE.c.number,
        CRITERION.c.key.label("criterion_key"),
        CRITERION.c.title.label("criterion"),
        COMPETENCY.c.id.label("competency_id"),
        COMPETENCY.c.title.label("competency"),
        LEVEL.c.title.label("level"),
        LEVEL.c.position,
        _LEVELS.label("levels"),
        LINE.c.met,
        POSTED.c.posted_at,
    )
    .join_from(SUBMISSION, MEMBER, MEMBER.c.submission_id == SUBMISSION.c.id)
    .join(POSTED, POSTED.c.submission_id == SUBMISSION.c.id)
    .join(LINE, LINE.c.decision_id == POSTED.c.decision_id)
    .join(LEVEL, LEVEL.c.id == LINE.c.level_id)
    .join(CRITERION, CRITERION.c.id == LINE.c.criterion_id)
    .join(COMPETENCY, COMPETENCY.c.id == CRITERION.c.competency_id)
    .join(ASSIGNMENT, ASSIGNMENT.c.id == SUBMISSION.c.assignment_id)
    .join(MODULE, MODULE.c.id == ASSIGNMENT.c.module_id)
    .where(
        MEMBER.c.person_id == bindparam("person"),
        SUBMISSION.c.enrolment_id.in_(bindparam("enrolments", expanding=True)),
        POSTED.c.outcome != Outcome.RETURNED_INCOMPLETE,
    )
    .order_by(POSTED.c.posted_at, SUBMISSION.c.id, CRITERION.c.position)
)
_CRITERIA: Any = (
    select(
        CRITERION.c.rubric_id,
        CRITERION.c.key,
        CRITERION.c.title,
        COMPETENCY.c.id.label("competency_id"),
        COMPETENCY.c.title.label("competency"),
    )
    .join(COMPETENCY, COMPETENCY.c.id == CRITERION.c.competency_id)
    .where(CRITERION.c.rubric_id.in_(bindparam("rubrics", expanding=True)))
    .order_by(CRITERION.c.rubric_id, CRITERION.c.position)
)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose progress is shown; `cohort_id` narrows it to what one cohort knows, `is_own` lets links lead to work."""

    person_id: str
    is_own: bool = False
    cohort_id: str = ""


def progress(conn: Connection, whose: Whose, now: datetime) -> tuple[tuple[Standing, ...], dict[str, Row[Any]]]:
    """How a person stands with every competency at `now` (school's clock), and their cohorts' rows by id."""
    enrolled = conn.execute(_ENROLMENTS, {"person": whose.person_id}).all()
    places = {row.id: row for row in enrolled if whose.cohort_id in ("", row.cohort_id)}
    values = {"person": whose.person_id, "enrolments": list(places), "now": now}
    lines = conn.execute(_REACHED, values).all() if places else []
    running = {key: row.version_id for key, row in places.items() if row.state is EnrolmentState.ACTIVE}
    works = work_of_many(conn, running, now) if running else {}
    criteria = _criteria(conn, {one.rubric_id for found in works.values() for one in found})
    reached = [_reached(row, places[row.enrolment_id]) for row in lines]
    met = {(row.enrolment_id, row.key, row.criterion_key) for row in lines if row.met}
    left = [
        Asked(row.competency_id, row.title, places[key].course, one.title, places[key].cohort_id, *_where(one))
        for key, found in works.items()
        for one in found
        for row in criteria.get(one.rubric_id, ())
        if one.state is not WorkState.DEMONSTRATED and (key, one.key, row.key) not in met
    ]
    named = {row.competency_id: (row.competency, places[row.enrolment_id].course) for row in lines}
    for key, found in works.items():
        asked = (row for one in found for row in criteria.get(one.rubric_id, ()))
        named |= {row.competency_id: (row.competency, places[key].course) for row in asked}
    found_all = standings(named, reached, left, alignments_of(conn, named) if named else {})
    return found_all, {row.cohort_id: row for row in places.values()}


def _where(one: Work) -> tuple[int, str]:
    return one.module_number, one.key


def _criteria(conn: Connection, rubric_ids: Collection[str]) -> Mapping[str, Sequence[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    for row in conn.execute(_CRITERIA, {"rubrics": list(rubric_ids)}) if rubric_ids else ():
        found.setdefault(row.rubric_id, []).append(row)
    return found


def _reached(row: Row[Any], place: Row[Any]) -> Reached:
    return Reached(
        competency_id=row.competency_id,
        criterion=row.criterion,
        level=row.level,
        share=Fraction(row.position, max(1, row.levels - 1)),
        met=row.met,
        course=place.course,
        assignment=row.title,
        posted_at=row.posted_at,
        cohort_id=place.cohort_id,
        module_number=row.number,
        assignment_key=row.key,
        attempt=row.attempt,
    )
