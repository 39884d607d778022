"""Every attempt at an assignment with its decisions, as staff see them, posted or not."""

from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, select

from assessments.completeness.models import CompletenessCheck
from assessments.completeness.rules import message
from assessments.deciding.queries import RULE
from assessments.evidence.models import SubmissionState
from assessments.grading.access import SUBMISSION, Found
from assessments.grading.carrying import say_comment
from assessments.grading.models import Outcome
from assessments.grading.queries import DECISION, DECISION_LINE, POSTING
from assessments.grading.rules import Scoring
from assessments.grading.words import ATTEMPTS, OUTCOMES, TONES, WAYS, clock
from assessments.rubrics.models import Rubric
from assessments.rubrics.queries import CRITERION, LEVEL
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Person
from fourweek.database import table
from fourweek.language import N_, _
from fourweek.language.stored import say
from fourweek.light import dataclass
from fourweek.prepared import Prepared

DECIDER, CHECKER, CHECK = table(Person).alias("decider"), table(Person).alias("checker"), table(CompletenessCheck)
RUBRIC = table(Rubric)

_ATTEMPTS = Prepared(
    select(
        SUBMISSION.c.id.label("submission_id"),
        SUBMISSION.c.attempt,
        SUBMISSION.c.submitted_at,
        SUBMISSION.c.withdrawn_at,
        DECISION.c.id,
        DECISION.c.outcome,
        DECISION.c.comment,
        DECISION.c.reason,
        DECISION.c.decided_by,
        DECISION.c.decided_at,
        DECISION.c.supersedes_id,
        DECISION.c.way,
        RUBRIC.c.major,
        RUBRIC.c.minor,
        RULE.c.number.label("rule_number"),
        DECIDER.c.display_name,
        POSTING.c.posted_at,
        POSTING.c.posted_by,
        CRITERION.c.key,
        CRITERION.c.title,
        LEVEL.c.key.label("level_key"),
        LEVEL.c.title.label("level_title"),
        DECISION_LINE.c.met,
        DECISION_LINE.c.comment.label("line_comment"),
        CHECK.c.findings,
        CHECK.c.ruled_at,
        CHECK.c.checked_at,
        CHECKER.c.display_name.label("checker_name"),
    )
    .select_from(
        SUBMISSION.outerjoin(DECISION, DECISION.c.submission_id == SUBMISSION.c.id)
        .outerjoin(RUBRIC, RUBRIC.c.id == DECISION.c.rubric_id)
        .outerjoin(RULE, RULE.c.id == DECISION.c.rule_id)
        .outerjoin(DECIDER, DECIDER.c.id == DECISION.c.decided_by)
        .outerjoin(POSTING, POSTING.c.decision_id == DECISION.c.id)
        .outerjoin(DECISION_LINE, DECISION_LINE.c.decision_id == DECISION.c.id)
        .outerjoin(CRITERION, CRITERION.c.id == DECISION_LINE.c.criterion_id)
        .outerjoin(LEVEL, LEVEL.c.id == DECISION_LINE.c.level_id)
        .outerjoin(CHECK, CHECK.c.submission_id == SUBMISSION.c.id)
        .outerjoin(CHECKER, CHECKER.c.id == CHECK.c.checked_by)
    )
    .where(
        SUBMISSION.c.enrolment_id == bindparam("enrolment"),
        SUBMISSION.c.assignment_id == bindparam("assignment"),
        SUBMISSION.c.state != SubmissionState.DRAFT,
    )
    .order_by(SUBMISSION.c.attempt.desc(), DECISION.c.id.desc(), CRITERION.c.position)
)


@dataclass(frozen=True, slots=True)
class Completeness:
    """What the rules found, if anything, once they have run (`ruled`); `message` begins a letter that returns the work.

    `checked_by` is who said, at `checked_at`, that it can be judged; "" for nobody yet.
    """

    findings: tuple[str, ...] = ()
    message: str = ""
    ruled: bool = False
    checked_by: str = ""
    checked_at: Said | None = None


@dataclass(frozen=True, slots=True)
class DecidedLine:
    key: str
    title: str
    level: str
    met: bool
    comment: str


@dataclass(frozen=True, slots=True)
class DecidedView:
    """A decision as staff see it: `judged` says how it came about and by what, `posting` if the learner sees it."""

    id: str
    outcome: Outcome
    words: str
    tone: str
    comment: str
    reason: str
    by: str
    by_id: str
    at: Said
    judged: str
    posting: str
    is_posted: bool
    undo: bool
    superseded: bool
    lines: tuple[DecidedLine, ...]
    scoring: Scoring


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One attempt with its decisions, newest first; `taken_back` is when its learner took it back."""

    submission_id: str
    number: int
    handed_in: Said
    taken_back: Said | None
    decisions: tuple[DecidedView, ...]
    completeness: Completeness

    @property
    def decision(self) -> DecidedView | None:
        return next((one for one in self.decisions if not one.superseded), None)

    @property
    def words(self) -> str:
        """Which attempt it is, and what became of it."""
        if self.taken_back:
            return _("Attempt {number}: taken back by the learner", number=self.number)
        decision = self.decision
        return _(ATTEMPTS[decision.outcome] if decision else N_("Attempt {number}"), number=self.number)


def attempts(conn: Connection, visitor: Visitor, found: Found) -> list[AttemptView]:
    """All attempts of the same enrolment and assignment, newest first; one statement."""
    rows = _ATTEMPTS.all(conn, enrolment=found.enrolment_id, assignment=found.assignment_id)
    return [
        _attempt(list(group), visitor, found) for _submission, group in groupby(rows, key=lambda row: row.submission_id)
    ]


def _attempt(rows: list[Any], visitor: Visitor, found: Found) -> AttemptView:
    first = rows[0]
    replaced = {row.supersedes_id for row in rows}
    decisions = [
        _decided(list(group), visitor, found, replaced)
        for decision_id, group in groupby(rows, key=lambda row: row.id)
        if decision_id is not None
    ]
    handed_in = _said(first.submitted_at, visitor, found)
    taken_back = _said(first.withdrawn_at, visitor, found) if first.withdrawn_at else None
    return AttemptView(
        submission_id=first.submission_id,
        number=first.attempt,
        handed_in=handed_in,
        taken_back=taken_back,
        decisions=tuple(decisions),
        completeness=_completeness(first, visitor, blind=found.is_blind and first.submission_id == found.id),
    )


def _completeness(row: Any, visitor: Visitor, *, blind: bool) -> Completeness:
    found, own = row.findings or [], zone(visitor.me.zone)
    at = say_instant(row.checked_at, own, own, visitor.now.real) if row.checked_at else None
    return Completeness(
        findings=tuple(say(one["words"]) for one in found),
        message=message(found),
        ruled=row.ruled_at is not None,
        checked_by="" if at is None else _("A grader") if blind else row.checker_name,
        checked_at=at,
    )


def _said(instant: datetime, visitor: Visitor, found: Found) -> Said:
    return say_instant(instant, zone(found.cohort_zone), zone(visitor.me.zone), visitor.now.school)


def _decided(rows: list[Any], visitor: Visitor, found: Found, replaced: set[str | None]) -> DecidedView:
    first, lines = rows[0], [row for row in rows if row.key is not None]
    now, place, own = visitor.now.school, zone(found.cohort_zone), zone(visitor.me.zone)
    waits = first.posted_at is not None and first.posted_at > now
    levels = {row.key: row.level_key for row in lines if row.level_key}
    return DecidedView(
        id=first.id,
        outcome=first.outcome,
        words=_(OUTCOMES[first.outcome]),
        tone=TONES[first.outcome],
        comment=first.comment,
        reason=first.reason,
        by=first.display_name,
        by_id=first.decided_by,
        at=say_instant(first.decided_at, place, own, now),
        judged=_judged_words(first),
        posting=_posting_words(first.posted_at, visitor),
        is_posted=first.posted_at is not None,
        undo=waits and (found.may_change or first.posted_by == visitor.me.id),
        superseded=first.id in replaced,
        lines=tuple(
            DecidedLine(row.key, row.title, row.level_title or "", row.met, say_comment(row.line_comment))
            for row in lines
        ),
        scoring=Scoring(levels, {row.key: row.line_comment for row in lines}, first.comment),
    )


def _judged_words(row: Any) -> str:
    """How a decision came about, by which rubric and rule."""
    way, rubric = _(WAYS[row.way]), f"{row.major}.{row.minor}"
    if row.rule_number:
        return _("{way}, by rubric {rubric}, rule {number}", way=way, rubric=rubric, number=row.rule_number)
    return _("{way}, by rubric {rubric}", way=way, rubric=rubric)


def _posting_words(posted_at: Any, visitor: Visitor) -> str:
    if posted_at is None:
        return _("Not posted: the learner does not see it yet")
    at = clock(posted_at, visitor.me.zone)
    return _("Posted, counts from {time}", time=at) if posted_at > visitor.now.school else _("Posted")
