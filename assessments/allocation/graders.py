"""Who grades in a cohort, in which sections, and how much each has to do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, exists, func, or_, select, union_all

from assessments.allocation.models import SectionGrader
from assessments.evidence.models import Submission, SubmissionState
from assessments.grading.models import Claim
from courses.enrolment.access import SECTION
from fourweek.accounts.access import ALLOWS, EVERYWHERE, GRANT, PERSON, Permission
from fourweek.accounts.models import Role
from fourweek.database import table

MOST = 200
GRADING_ROLES = tuple(role for role, allowed in ALLOWS.items() if Permission.GRADE in allowed)
SECTION_GRADER, SUBMISSION, CLAIM = table(SectionGrader), table(Submission), table(Claim)

_GRADERS = (
    select(
        PERSON.c.id,
        PERSON.c.display_name,
        func.max(case((GRANT.c.role == Role.GRADER, 1), else_=0)).label("is_grader"),
    )
    .join(GRANT, GRANT.c.person_id == PERSON.c.id)
    .where(
        GRANT.c.role.in_(GRADING_ROLES),
        or_(GRANT.c.scope_id == EVERYWHERE, GRANT.c.scope_id == bindparam("cohort")),
        PERSON.c.disabled_at.is_(None),
    )
    .group_by(PERSON.c.id, PERSON.c.display_name)
    .order_by(PERSON.c.display_name, PERSON.c.id)
    .limit(MOST)
)
_SECTIONS = (
    select(SECTION_GRADER.c.section_id, SECTION_GRADER.c.grader_id, SECTION.c.name)
    .join(SECTION, SECTION.c.id == SECTION_GRADER.c.section_id)
    .where(SECTION.c.cohort_id == bindparam("cohort"))
    .order_by(SECTION.c.name, SECTION_GRADER.c.section_id, SECTION_GRADER.c.grader_id)
)
_PEOPLE: Any = bindparam("people", expanding=True)
_TO_DO = union_all(
    select(SUBMISSION.c.given_to.label("grader_id")).where(
        SUBMISSION.c.state == SubmissionState.SUBMITTED, SUBMISSION.c.given_to.in_(_PEOPLE)
    ),
    select(CLAIM.c.grader_id)
    .join(SUBMISSION, SUBMISSION.c.id == CLAIM.c.submission_id)
    .where(
        CLAIM.c.until > bindparam("real"),
        CLAIM.c.grader_id.in_(_PEOPLE),
        or_(SUBMISSION.c.given_to.is_(None), SUBMISSION.c.given_to != CLAIM.c.grader_id),
    ),
).subquery("to_do")
_LOADS = select(_TO_DO.c.grader_id, func.count().label("number")).group_by(_TO_DO.c.grader_id)


@dataclass(frozen=True, slots=True)
class Grader:
    """Somebody who may grade in a cohort; `is_lead`: only because they lead it, or all cohorts."""

    id: str
    name: str
    is_lead: bool


@dataclass(frozen=True, slots=True)
class InSection:
    """A section with one of its own graders."""

    section_id: str
    grader_id: str
    name: str


def graders_of(conn: Connection, cohort_id: str) -> tuple[Grader, ...]:
    """Everybody who may grade in a cohort, by name, at most MOST; one statement."""
    rows = conn.execute(_GRADERS, {"cohort": cohort_id})
    return tuple(Grader(row.id, row.display_name, not row.is_grader) for row in rows)


def section_graders(conn: Connection, cohort_id: str) -> tuple[InSection, ...]:
    """The graders of its sections; one statement."""
    rows = conn.execute(_SECTIONS, {"cohort": cohort_id})
    return tuple(InSection(row.section_id, row.grader_id, row.name) for row in rows)


def loads_of(conn: Connection, people: Collection[str], real: datetime) -> dict[str, int]:
    """How many submissions each is given or has on the desk, in all cohorts; one statement."""
    rows = conn.execute(_LOADS, {"people": sorted(people), "real": real})
    return dict.fromkeys(people, 0) | {row.grader_id: row.number for row in rows}


def grades_in(person: ColumnElement[str], cohort: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a person may grade in a cohort, for statements that select both columns."""
    grants = select(GRANT.c.id).join(PERSON, PERSON.c.id == GRANT.c.person_id)
    held = and_(
        GRANT.c.person_id == person,
        GRANT.c.role.in_(GRADING_ROLES),
        or_(GRANT.c.scope_id == EVERYWHERE, GRANT.c.scope_id == cohort),
        PERSON.c.disabled_at.is_(None),
    )
    return exists(grants.where(held).correlate(person.table, cohort.table))
