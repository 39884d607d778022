"""From levels to the one decision of a submission: what they are judged by, and how it is written."""

from datetime import timedelta

from sqlalchemy import Connection, select, update

from assessments.checks.graded import unpassed_checks
from assessments.deciding.queries import Holding, rule_for
from assessments.evidence.models import Step, SubmissionState
from assessments.grading.access import SUBMISSION, Found
from assessments.grading.carrying import Carried, still_asked, with_carried
from assessments.grading.models import Decision, DecisionLine, Outcome
from assessments.grading.postings import put
from assessments.grading.queries import Current, carried_into, criteria_of, current_decision
from assessments.grading.rules import Criterion, Line, Scoring, Verdict, judge
from assessments.grading.stages import REVIEW
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add, new_id
from fourweek.light import dataclass

SENT_BACK = "Rated again after a lead had looked at it."
"""Kept as the reason of a decision where the lead left none."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a rating: the outcome where it is decided, else the step that the submission waits for now.

    `goes_to_lead`: it was to be posted at once, and a lead looks at it first.
    """

    outcome: Outcome | None
    step: Step | None = None
    goes_to_lead: bool = False


@dataclass(frozen=True, slots=True)
class Bench:
    """What levels are judged by: the rubric, what earlier attempts met, the rule that holds.

    `unpassed` are titles of required knowledge checks that are not passed.
    """

    rubric: tuple[Criterion, ...]
    carried: dict[str, Carried]
    holds: Holding
    unpassed: tuple[str, ...]

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Those that are asked in this attempt."""
        return still_asked(self.rubric, self.carried)

    def verdict(self, scoring: Scoring) -> Verdict:
        """Every criterion that is asked must have a level."""
        return judge(self.rubric, with_carried(scoring, self.carried), self.unpassed, self.holds.rule)


def bench_of(conn: Connection, visitor: Visitor, found: Found) -> Bench:
    """What a submission is judged by now; three statements, four for a further attempt."""
    rubric, carried = criteria_of(conn, found.rubric_id), carried_into(conn, found, visitor.now.school)
    return bench_with(conn, visitor, found, rubric, carried)


def bench_with(
    conn: Connection, visitor: Visitor, found: Found, rubric: tuple[Criterion, ...], carried: dict[str, Carried]
) -> Bench:
    """The same where the rubric, and what earlier attempts met of it, were read already; two statements."""
    return Bench(
        rubric=rubric,
        carried=carried,
        holds=rule_for(conn, found.enrolment_id, found.assignment_id, visitor.now.school),
        unpassed=unpassed_checks(conn, found.enrolment_id, found.assignment_id, found.attempt),
    )


def settle(
    conn: Connection,
    visitor: Visitor,
    found: Found,
    decision: Decision,
    lines: tuple[Line, ...],
    post_after: timedelta | None,
) -> Result:
    """Write the decision of a submission that waits, in the place of one that was sent back; post it if asked to.

    The caller has locked the submission and authorised.
    """
    before = current_decision(conn, found.id)
    if before is not None:
        decision.supersedes_id, decision.reason = before.id, _note_on(conn, before.id)
    write_decision(conn, visitor, decision, lines)
    decided = update(SUBMISSION).where(SUBMISSION.c.id == found.id)
    conn.execute(decided.values(state=SubmissionState.DECIDED))
    posted_at = put(conn, visitor, found, as_current(decision), post_after) if post_after is not None else None
    return Result(decision.outcome, goes_to_lead=post_after is not None and posted_at is None)


def _note_on(conn: Connection, decision_id: str) -> str:
    """What the lead wrote who sent a decision back."""
    note = select(REVIEW.c.note).where(REVIEW.c.decision_id == decision_id)
    return conn.execute(note).scalar() or SENT_BACK


def write_decision(conn: Connection, visitor: Visitor, decision: Decision, lines: tuple[Line, ...]) -> None:
    """Write a decision with its lines and its audit row; the caller has locked the submission and authorised."""
    add(conn, decision)
    rows = [
        DecisionLine(
            decision_id=decision.id,
            criterion_id=line.criterion_id,
            level_id=line.level_id,
            met=line.met,
            comment=line.comment,
        )
        for line in lines
    ]
    if rows:
        add(conn, *rows)
    record(
        conn,
        "decision.changed" if decision.supersedes_id else "decision.made",
        "decision",
        decision.id,
        at=visitor.now.real,
        actor_id=visitor.me.id,
        reason=decision.reason,
        detail={"submission": decision.submission_id},  # the outcome is nobody's to read here before it is posted
    )


def new_decision(found: Found, visitor: Visitor, outcome: Outcome, comment: str) -> Decision:
    return Decision(
        id=new_id(),
        submission_id=found.id,
        outcome=outcome,
        rubric_id=found.rubric_id,
        decided_by=visitor.me.id,
        decided_at=visitor.now.school,
        comment=comment,
    )


def as_current(decision: Decision) -> Current:
    return Current(
        id=decision.id,
        outcome=decision.outcome,
        decided_by=decision.decided_by,
        rating_id=decision.rating_id,
        supersedes_id=decision.supersedes_id,
        comment=decision.comment,
        reason=decision.reason,
    )
