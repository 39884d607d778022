"""Reading which rule holds."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, select

from assessments.assignments.models import Assignment
from assessments.deciding.models import DecisionRule
from assessments.deciding.rules import EVERY, Rule, rule_of
from assessments.evidence.models import Submission
from courses.catalogue.models import CourseVersion
from fourweek.database import INSTANT, table
from fourweek.light import dataclass
from fourweek.prepared import Prepared

RULE, SUBMISSION = table(DecisionRule), table(Submission)
ASSIGNMENT, VERSION = table(Assignment), table(CourseVersion)
_BEGAN = (
    select(func.min(SUBMISSION.c.started_at))
    .where(SUBMISSION.c.enrolment_id == bindparam("enrolment"), SUBMISSION.c.assignment_id == ASSIGNMENT.c.id)
    .scalar_subquery()
)
_HOLDS = select(RULE.c.id, RULE.c.number, RULE.c.terms).order_by(RULE.c.number.desc()).limit(1)
_HOLDS_FOR_WORK = _HOLDS.select_from(
    ASSIGNMENT.join(VERSION, VERSION.c.id == ASSIGNMENT.c.version_id).join(
        RULE, and_(RULE.c.course_id == VERSION.c.course_id, RULE.c.assignment_key == ASSIGNMENT.c.key)
    )
).where(
    ASSIGNMENT.c.id == bindparam("assignment"),
    RULE.c.holds_from <= func.coalesce(_BEGAN, bindparam("now", type_=INSTANT)),
)
_FOR_WORK = Prepared(_HOLDS_FOR_WORK)
TERMS_FOR_WORK = _HOLDS_FOR_WORK.with_only_columns(RULE.c.terms).scalar_subquery()
"""The terms of the rule that `rule_for` finds, None for none, for a statement that asks for something else."""
_NEWER = RULE.alias("newer_rule")
NEWEST = ~exists(
    select(_NEWER.c.id).where(
        _NEWER.c.course_id == RULE.c.course_id,
        _NEWER.c.assignment_key == RULE.c.assignment_key,
        _NEWER.c.number > RULE.c.number,
    )
)
"""That a rule holds for work on its assignment that is begun now; for rows that select from RULE."""
_BY_ID = Prepared(_HOLDS.where(RULE.c.id == bindparam("rule")))


@dataclass(frozen=True, slots=True)
class Holding:
    """The rule that holds: its row, or none where every criterion counts because nobody said otherwise."""

    id: str | None = None
    number: int = 0
    rule: Rule = EVERY


def rule_for(conn: Connection, enrolment_id: str, assignment_id: str, now: datetime) -> Holding:
    """The rule of this enrolment's work on an assignment; one statement.

    The newest that held when its first attempt began; at `now` (school's clock) where none was begun.
    """
    return _holding(_FOR_WORK.first(conn, enrolment=enrolment_id, assignment=assignment_id, now=now))


def rule_by(conn: Connection, rule_id: str | None) -> Holding:
    """The rule that a decision was made by (`Decision.rule_id`); no statement for None."""
    return _holding(_BY_ID.first(conn, rule=rule_id)) if rule_id else Holding()


def _holding(row: Any) -> Holding:
    return Holding(row.id, row.number, rule_of(row.terms)) if row is not None else Holding()
