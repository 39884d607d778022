"""Checks as graders read them, and which of them stand in the way of a decision."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select

from assessments.assignments.models import RequirementKind
from assessments.assignments.queries import REQUIREMENT
from assessments.checks.parts import answered_views, outcome, say_rules
from assessments.checks.queries import DONE, TRY, Sheet, done_of, pools_of
from assessments.checks.questions import Pool
from assessments.checks.views import AnsweredView
from assessments.evidence.queries import SUBMISSION
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.prepared import Prepared

MOST_TRIES = 20
_MINE = (SUBMISSION.c.enrolment_id == bindparam("enrolment"), SUBMISSION.c.attempt <= bindparam("attempt"))
_CHECKS = (
    REQUIREMENT.c.assignment_id == bindparam("assignment"),
    REQUIREMENT.c.kind == RequirementKind.CHECK,
)
_TRIES = Prepared(
    select(*DONE, TRY.c.drawn, TRY.c.answers, TRY.c.saved_at, REQUIREMENT.c.key)
    .join_from(TRY, SUBMISSION, SUBMISSION.c.id == TRY.c.submission_id)
    .join(REQUIREMENT, REQUIREMENT.c.id == TRY.c.requirement_id)
    .where(*_MINE, *_CHECKS)
    .order_by(REQUIREMENT.c.position, SUBMISSION.c.attempt.desc(), TRY.c.number.desc())
)
_PASSED = exists(
    select(TRY.c.id)
    .join(SUBMISSION, SUBMISSION.c.id == TRY.c.submission_id)
    .where(TRY.c.requirement_id == REQUIREMENT.c.id, TRY.c.passed, *_MINE)
    .correlate(REQUIREMENT)
)
_UNPASSED = Prepared(
    select(REQUIREMENT.c.title).where(*_CHECKS, REQUIREMENT.c.required, ~_PASSED).order_by(REQUIREMENT.c.position)
)


@dataclass(frozen=True, slots=True)
class GradedTry:
    """One try with its questions, answers, and what was right."""

    name: str
    verdict: str
    words: str
    tone: str
    questions: tuple[AnsweredView, ...]


@dataclass(frozen=True, slots=True)
class GradedCheck:
    """What was tried, newest first; `more` tries are older than those shown."""

    passed: bool
    rules: str
    tries: tuple[GradedTry, ...]
    more: int


def graded_checks(conn: Connection, enrolment_id: str, assignment_id: str, attempt: int) -> Mapping[str, GradedCheck]:
    """Every check that was tried up to this attempt, by the key of its requirement; one statement, two when cold.

    Whoever calls has authorised it: right answers are in it.
    """
    rows = _TRIES.all(conn, enrolment=enrolment_id, assignment=assignment_id, attempt=attempt)
    pools = pools_of(conn, {row.requirement_id for row in rows})
    checks = {}
    for key, group in groupby(rows, key=lambda row: str(row.key)):
        tried = list(group)
        pool = pools[tried[0].requirement_id]
        checks[key] = GradedCheck(
            passed=any(row.passed for row in tried),
            rules=say_rules(pool.rules),
            tries=tuple(_try(row, pool) for row in tried[:MOST_TRIES]),
            more=max(0, len(tried) - MOST_TRIES),
        )
    return checks


def unpassed_checks(conn: Connection, enrolment_id: str, assignment_id: str, attempt: int) -> tuple[str, ...]:
    """The titles of the required checks that were not passed up to this attempt; one statement."""
    rows = _UNPASSED.all(conn, enrolment=enrolment_id, assignment=assignment_id, attempt=attempt)
    return tuple(row.title for row in rows)


def _try(row: Any, pool: Pool) -> GradedTry:
    done = done_of(row)
    words, tone = outcome(done)
    sheet = Sheet([(one, list(keys)) for one, keys in row.drawn], dict(row.answers), row.saved_at)
    return GradedTry(
        name=_("Attempt {attempt}, try {number}", attempt=done.attempt, number=done.number),
        verdict=done.verdict,
        words=words,
        tone=tone,
        questions=answered_views(pool, sheet, told=done.finished_at is not None, key=True),
    )
