"""Who grades in a cohort, in which sections, and how much each has to do."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, func, or_, select, union_all

from assessments.allocation.models import SectionGrader
from assessments.evidence.models import Submission, SubmissionState
from assessments.grading.models import Claim
from courses.cohorts.scopes import holds_in, holds_within
from courses.enrolment.access import SECTION
from fourweek.accounts.access import ALLOWS, GRANT, PERSON, Permission
from fourweek.accounts.models import Role, ScopeKind
from fourweek.database import table
from fourweek.light import dataclass

MOST = 200
GRADING_ROLES = tuple(role for role, allowed in ALLOWS.items() if Permission.GRADE in allowed)
SECTION_GRADER, SUBMISSION, CLAIM = table(SectionGrader), table(Submission), table(Claim)

_GRADERS = (
    select(PERSON.c.id, PERSON.c.display_name, GRANT.c.role, GRANT.c.scope_id, GRANT.c.scope_kind)
    .join(GRANT, GRANT.c.person_id == PERSON.c.id)
    .where(GRANT.c.role.in_(GRADING_ROLES), holds_within(bindparam("cohort")), PERSON.c.disabled_at.is_(None))
    .order_by(PERSON.c.display_name, PERSON.c.id)
    .limit(MOST * len(GRADING_ROLES))
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
    """Somebody who may grade in a cohort; `is_lead`: only because they lead it, or all cohorts.

    `sections` are the only ones of its sections in which they may; None for all of the cohort.
    """

    id: str
    name: str
    is_lead: bool
    sections: frozenset[str] | None = None

    def grades(self, section_id: str | None) -> bool:
        """Whether they may grade the work of this section's learners; None: of those without one."""
        return self.sections is None or section_id in self.sections


@dataclass(frozen=True, slots=True)
class InSection:
    """A section with one of its own graders."""

    section_id: str
    grader_id: str
    name: str


def graders_of(conn: Connection, cohort_id: str) -> tuple[Grader, ...]:
    """Everybody who may grade in a cohort, by name, at most MOST; one statement."""
    rows = conn.execute(_GRADERS, {"cohort": cohort_id})
    return tuple(_grader(list(group)) for _, group in groupby(rows, key=lambda row: str(row.id)))[:MOST]


def _grader(rows: Sequence[Any]) -> Grader:
    is_lead = all(row.role is not Role.GRADER for row in rows)
    parts = frozenset(row.scope_id for row in rows)
    whole = any(row.scope_kind is not ScopeKind.SECTION for row in rows)
    return Grader(rows[0].id, rows[0].display_name, is_lead, None if whole else parts)


def section_graders(conn: Connection, cohort_id: str) -> tuple[InSection, ...]:
    """The graders of its sections; one statement."""
    rows = conn.execute(_SECTIONS, {"cohort": cohort_id})
    return tuple(InSection(row.section_id, row.grader_id, row.name) for row in rows)


def loads_of(conn: Connection, people: Collection[str], real: datetime) -> dict[str, int]:
    """How many submissions each is given or has on the desk, in all cohorts; one statement."""
    rows = conn.execute(_LOADS, {"people": sorted(people), "real": real})
    return dict.fromkeys(people, 0) | {row.grader_id: row.number for row in rows}


def grades_in(
    person: ColumnElement[str], cohort: ColumnElement[str], section: ColumnElement[str | None]
) -> ColumnElement[bool]:
    """Whether a person may grade the work of a section of a cohort, for statements that select these columns."""
    grants = select(GRANT.c.id).join(PERSON, PERSON.c.id == GRANT.c.person_id)
    held = and_(
        GRANT.c.person_id == person,
        GRANT.c.role.in_(GRADING_ROLES),
        holds_in(cohort, section),
        PERSON.c.disabled_at.is_(None),
    )
    return exists(grants.where(held).correlate(person.table, cohort.table))
