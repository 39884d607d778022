"""Whom a version of a rubric concerns: who has pinned it, and who would begin with it."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, case, exists, func, select

from assessments.assignments.models import Assignment
from assessments.evidence.models import Submission, SubmissionState
from courses.cohorts.queries import COHORT
from courses.enrolment.models import Enrolment, EnrolmentState
from fourweek.database import table
from fourweek.light import dataclass

ASSIGNMENT, SUBMISSION, ENROLMENT = table(Assignment), table(Submission), table(Enrolment)
_BEGUN, _WORK = ASSIGNMENT.alias("begun"), SUBMISSION.alias("work")


def _in_state(state: SubmissionState) -> Any:
    return func.sum(case((SUBMISSION.c.state == state, 1), else_=0))


_PINNED: Any = (
    select(
        SUBMISSION.c.rubric_id,
        COHORT.c.id,
        COHORT.c.name,
        func.count(SUBMISSION.c.enrolment_id.distinct()).label("begun"),
        _in_state(SubmissionState.DRAFT).label("drafts"),
        _in_state(SubmissionState.SUBMITTED).label("waiting"),
    )
    .join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .where(
        SUBMISSION.c.rubric_id.in_(bindparam("rubrics", expanding=True)), ENROLMENT.c.state != EnrolmentState.WITHDRAWN
    )
    .group_by(SUBMISSION.c.rubric_id, COHORT.c.id, COHORT.c.name)
    .order_by(COHORT.c.name, COHORT.c.id)
)
# An assignment is known by its key in all versions of its course, and a cohort is of one course.
_HAS_BEGUN = exists(
    select(_WORK.c.id)
    .join(_BEGUN, _BEGUN.c.id == _WORK.c.assignment_id)
    .where(_WORK.c.enrolment_id == ENROLMENT.c.id, _BEGUN.c.key == ASSIGNMENT.c.key)
)
_TO_COME: Any = (
    select(ASSIGNMENT.c.rubric_id, COHORT.c.id, COHORT.c.name, func.count().label("to_come"))
    .join(COHORT, COHORT.c.version_id == ASSIGNMENT.c.version_id)
    .join(ENROLMENT, ENROLMENT.c.cohort_id == COHORT.c.id)
    .where(
        ASSIGNMENT.c.rubric_id.in_(bindparam("rubrics", expanding=True)),
        ENROLMENT.c.state == EnrolmentState.ACTIVE,
        ~_HAS_BEGUN,
    )
    .group_by(ASSIGNMENT.c.rubric_id, COHORT.c.id, COHORT.c.name)
    .order_by(COHORT.c.name, COHORT.c.id)
)


@dataclass(frozen=True, slots=True)
class InCohort:
    """How many learners of a cohort one version concerns, those who withdrew left out.

    `begun` have pinned it by a first attempt and keep it; of their attempts `drafts` are being written and `waiting`
    wait for a decision. `to_come` have no attempt yet and would begin with it as their cohort stands.
    """

    cohort_id: str
    cohort_name: str
    begun: int = 0
    drafts: int = 0
    waiting: int = 0
    to_come: int = 0


def affected(conn: Connection, rubric_ids: Collection[str]) -> dict[str, tuple[InCohort, ...]]:
    """{rubric id: the cohorts it concerns, by name}; two statements, whatever their number."""
    found: dict[tuple[str, str], InCohort] = {}
    for row in conn.execute(_PINNED, {"rubrics": list(rubric_ids)}):
        found[row.rubric_id, row.id] = InCohort(row.id, row.name, row.begun, row.drafts, row.waiting)
    for row in conn.execute(_TO_COME, {"rubrics": list(rubric_ids)}):
        known = found.get((row.rubric_id, row.id), InCohort(row.id, row.name))
        found[row.rubric_id, row.id] = replace(known, to_come=row.to_come)
    by_name = sorted(found.items(), key=lambda one: (one[1].cohort_name, one[1].cohort_id))
    return {rubric: tuple(cohort for (of, _), cohort in by_name if of == rubric) for rubric in rubric_ids}


def begun(cohorts: Iterable[InCohort]) -> int:
    return sum(one.begun for one in cohorts)


def to_come(cohorts: Iterable[InCohort]) -> int:
    return sum(one.to_come for one in cohorts)
