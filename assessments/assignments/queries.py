"""Reading what a version asks for, as anybody may see it."""

from typing import Any

from sqlalchemy import Connection, and_, bindparam, select

from assessments.assignments.models import Assignment, Requirement
from assessments.deciding.queries import NEWEST, RULE, VERSION
from assessments.deciding.rules import rule_of
from assessments.deciding.words import say_rule
from assessments.rubrics.queries import public_criteria
from courses.catalogue.models import Module
from courses.coursework import PublicAssignment, PublicCriterion
from fourweek.database import table

ASSIGNMENT, REQUIREMENT, MODULE = table(Assignment), table(Requirement), table(Module)

IN_ORDER = (MODULE.c.number, ASSIGNMENT.c.position)
_ASKED = (
    select(
        ASSIGNMENT.c.id,
        ASSIGNMENT.c.key,
        ASSIGNMENT.c.title,
        ASSIGNMENT.c.required,
        ASSIGNMENT.c.rubric_id,
        MODULE.c.number,
        REQUIREMENT.c.title.label("asks"),
        RULE.c.terms,
    )
    .join(MODULE, MODULE.c.id == ASSIGNMENT.c.module_id)
    .join(VERSION, VERSION.c.id == ASSIGNMENT.c.version_id)
    .outerjoin(RULE, and_(RULE.c.course_id == VERSION.c.course_id, RULE.c.assignment_key == ASSIGNMENT.c.key, NEWEST))
    .join(REQUIREMENT, REQUIREMENT.c.assignment_id == ASSIGNMENT.c.id)
    .where(ASSIGNMENT.c.version_id == bindparam("version"))
    .order_by(*IN_ORDER, REQUIREMENT.c.position)
)


def public_assignments(conn: Connection, version_id: str) -> tuple[PublicAssignment, ...]:
    """All assignments of a version with their rubrics, in order; instructions and prompts stay out.

    Two statements. A rule is told where it is not simply every criterion.
    """
    rows = conn.execute(_ASKED, {"version": version_id}).all()
    criteria = public_criteria(conn, {row.rubric_id for row in rows})
    asks: dict[str, tuple[str, ...]] = {}
    for row in rows:
        asks[row.id] = (*asks.get(row.id, ()), row.asks)
    return tuple(
        PublicAssignment(
            key=row.key,
            title=row.title,
            module_number=row.number,
            required=row.required,
            asks=asks[row.id],
            criteria=criteria.get(row.rubric_id, ()),
            rule=_rule(row.terms, criteria.get(row.rubric_id, ())),
        )
        for row in {row.id: row for row in rows}.values()
    )


def _rule(terms: dict[str, Any] | None, criteria: tuple[PublicCriterion, ...]) -> tuple[str, ...]:
    return say_rule(rule_of(terms), criteria) if terms else ()
