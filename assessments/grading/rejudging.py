"""What another rule would make of attempts that are decided: a look, which changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, select

from assessments.assignments.models import RequirementKind
from assessments.assignments.queries import REQUIREMENT
from assessments.checks.queries import TRY
from assessments.deciding.rules import Rule, demonstrates
from assessments.grading.access import ASSIGNMENT, COHORT, ENROLMENT, SOURCE, SUBMISSION, VERSION
from assessments.grading.models import Outcome
from assessments.grading.queries import DECISION, DECISION_LINE, SUPERSEDED, criteria_of
from assessments.grading.rules import Criterion
from assessments.rubrics.queries import CRITERION, LEVEL
from fourweek.light import dataclass

MOST = 2_000
_EARLIER = SUBMISSION.alias("earlier_submission")
_PASSED = exists(
    select(TRY.c.id)
    .join(_EARLIER, _EARLIER.c.id == TRY.c.submission_id)
    .where(
        TRY.c.requirement_id == REQUIREMENT.c.id,
        TRY.c.passed,
        _EARLIER.c.enrolment_id == SUBMISSION.c.enrolment_id,
        _EARLIER.c.attempt <= SUBMISSION.c.attempt,
    )
    .correlate(REQUIREMENT, SUBMISSION)
)
_BARRED = exists(
    select(REQUIREMENT.c.id)
    .where(
        REQUIREMENT.c.assignment_id == SUBMISSION.c.assignment_id,
        REQUIREMENT.c.kind == RequirementKind.CHECK,
        REQUIREMENT.c.required,
        ~_PASSED,
    )
    .correlate(SUBMISSION)
)
_NEWEST = (
    select(
        DECISION.c.id,
        DECISION.c.outcome,
        DECISION.c.rubric_id,
        SUBMISSION.c.id.label("submission_id"),
        SUBMISSION.c.attempt,
        SUBMISSION.c.pseudonym,
        COHORT.c.id.label("cohort_id"),
        COHORT.c.name.label("cohort_name"),
        ENROLMENT.c.section_id,
        _BARRED.label("is_barred"),
    )
    .select_from(SOURCE.join(DECISION, and_(DECISION.c.submission_id == SUBMISSION.c.id, ~SUPERSEDED)))
    .where(
        VERSION.c.course_id == bindparam("course"),
        ASSIGNMENT.c.key == bindparam("key"),
        DECISION.c.outcome != Outcome.RETURNED_INCOMPLETE,
    )
    .order_by(DECISION.c.id.desc())
    .limit(MOST)
    .subquery()
)
_ROWS = (
    select(*_NEWEST.c, CRITERION.c.key.label("criterion"), LEVEL.c.key.label("level"))
    .select_from(
        _NEWEST.join(DECISION_LINE, DECISION_LINE.c.decision_id == _NEWEST.c.id)
        .join(CRITERION, CRITERION.c.id == DECISION_LINE.c.criterion_id)
        .join(LEVEL, LEVEL.c.id == DECISION_LINE.c.level_id)
    )
    .order_by(_NEWEST.c.id.desc())
)


@dataclass(frozen=True, slots=True)
class Rejudged:
    """A decided attempt that another rule would judge otherwise; `section_id` of its learner, None for none."""

    submission_id: str
    cohort_id: str
    section_id: str | None
    cohort: str
    learner: str
    attempt: int
    before: Outcome
    now: Outcome


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule would do to the newest decided attempts, up to MOST: how many stay, and which would change."""

    looked_at: int
    changed: tuple[Rejudged, ...]

    @property
    def stay(self) -> int:
        return self.looked_at - len(self.changed)

    def to(self, outcome: Outcome) -> int:
        """How many would become this outcome."""
        return sum(one.now is outcome for one in self.changed)


def effect_of(conn: Connection, course_id: str, key: str, rule: Rule) -> Effect:
    """Judge the newest decided attempts of an assignment by `rule`, from the levels that were decided.

    One statement, and one for each rubric they were judged by; whoever calls has authorised it.
    """
    rows = conn.execute(_ROWS, {"course": course_id, "key": key}).all()
    groups = [list(group) for _, group in groupby(rows, key=lambda row: row.id)]
    rubrics = {rubric: criteria_of(conn, rubric) for rubric in {group[0].rubric_id for group in groups}}
    found = [_rejudged(group, rubrics[group[0].rubric_id], rule) for group in groups]
    return Effect(len(groups), tuple(one for one in found if one.before is not one.now))


def _rejudged(rows: Sequence[Any], criteria: Iterable[Criterion], rule: Rule) -> Rejudged:
    first = rows[0]
    levels: Mapping[str, str] = {row.criterion: row.level for row in rows}
    ladders = [criterion.ladder for criterion in criteria]
    whole = all(ladder.key in levels for ladder in ladders)
    shown = whole and not first.is_barred and demonstrates(ladders, levels, rule)
    return Rejudged(
        submission_id=first.submission_id,
        cohort_id=first.cohort_id,
        section_id=first.section_id,
        cohort=first.cohort_name,
        learner=first.pseudonym,
        attempt=first.attempt,
        before=first.outcome,
        now=Outcome.DEMONSTRATED if shown else Outcome.NOT_YET,
    )
