"""Reading rubrics, ratings and decisions; `posted_decisions` is for the other parts of the house."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select

from assessments.evidence.queries import POSTED
from assessments.grading.access import ASSIGNMENT, SUBMISSION, Found
from assessments.grading.carrying import Carried, Reached, Verdict, carried_over
from assessments.grading.errors import Kept
from assessments.grading.models import (
    Decision,
    DecisionLine,
    Outcome,
    Posting,
    Purpose,
    Rating,
    RatingLine,
    RatingState,
)
from assessments.grading.rules import Criterion, Level, Scoring
from assessments.rubrics.queries import CRITERIA, CRITERION, LEVEL
from fourweek.accounts.models import Person
from fourweek.database import table
from fourweek.light import dataclass
from fourweek.prepared import Prepared

RATING, RATING_LINE = table(Rating), table(RatingLine)
DECISION, DECISION_LINE, POSTING = table(Decision), table(DecisionLine), table(Posting)
RATER = table(Person).alias("rater")

_NEWER = DECISION.alias("newer_decision")
SUPERSEDED = exists(select(_NEWER.c.id).where(_NEWER.c.supersedes_id == DECISION.c.id))

_CRITERIA = Prepared(CRITERIA.where(CRITERION.c.rubric_id == bindparam("rubric")))
_RATING = Prepared(
    select(
        RATING.c.id,
        RATING.c.version,
        RATING.c.comment,
        RATING.c.saved_at,
        RATING.c.state,
        RATING.c.purpose,
        RATING.c.note,
        CRITERION.c.key,
        LEVEL.c.key.label("level_key"),
        RATING_LINE.c.comment.label("line_comment"),
    )
    .select_from(
        RATING.outerjoin(RATING_LINE, RATING_LINE.c.rating_id == RATING.c.id)
        .outerjoin(CRITERION, CRITERION.c.id == RATING_LINE.c.criterion_id)
        .outerjoin(LEVEL, LEVEL.c.id == RATING_LINE.c.level_id)
    )
    .where(RATING.c.submission_id == bindparam("submission"), RATING.c.grader_id == bindparam("grader"))
)
_GIVEN = Prepared(
    select(
        RATING.c.id,
        RATING.c.grader_id,
        RATING.c.purpose,
        RATING.c.comment,
        RATER.c.display_name,
        CRITERION.c.key,
        LEVEL.c.key.label("level_key"),
        RATING_LINE.c.comment.label("line_comment"),
    )
    .select_from(
        RATING.join(RATER, RATER.c.id == RATING.c.grader_id)
        .outerjoin(RATING_LINE, RATING_LINE.c.rating_id == RATING.c.id)
        .outerjoin(CRITERION, CRITERION.c.id == RATING_LINE.c.criterion_id)
        .outerjoin(LEVEL, LEVEL.c.id == RATING_LINE.c.level_id)
    )
    .where(
        RATING.c.submission_id == bindparam("submission"),
        RATING.c.state == RatingState.DONE,
        RATING.c.purpose != Purpose.APPEAL,
    )
    .order_by(RATING.c.done_at, RATING.c.id)
)
_CURRENT = Prepared(
    select(
        DECISION.c.id,
        DECISION.c.outcome,
        DECISION.c.decided_by,
        DECISION.c.rating_id,
        DECISION.c.supersedes_id,
        DECISION.c.comment,
        DECISION.c.reason,
    ).where(DECISION.c.submission_id == bindparam("submission"), ~SUPERSEDED)
)
_LINES = Prepared(
    select(CRITERION.c.key, LEVEL.c.key.label("level_key"), DECISION_LINE.c.comment)
    .select_from(
        DECISION_LINE.join(CRITERION, CRITERION.c.id == DECISION_LINE.c.criterion_id).outerjoin(
            LEVEL, LEVEL.c.id == DECISION_LINE.c.level_id
        )
    )
    .where(DECISION_LINE.c.decision_id == bindparam("decision"))
)
_VERDICTS = Prepared(
    select(SUBMISSION.c.attempt, CRITERION.c.key, LEVEL.c.key.label("level_key"), DECISION_LINE.c.met)
    .join_from(SUBMISSION, POSTED, POSTED.c.submission_id == SUBMISSION.c.id)
    .join(DECISION_LINE, DECISION_LINE.c.decision_id == POSTED.c.decision_id)
    .join(CRITERION, CRITERION.c.id == DECISION_LINE.c.criterion_id)
    .join(LEVEL, LEVEL.c.id == DECISION_LINE.c.level_id)
    .where(
        SUBMISSION.c.enrolment_id == bindparam("enrolment"),
        SUBMISSION.c.assignment_id == bindparam("assignment"),
        SUBMISSION.c.attempt < bindparam("attempt"),
        POSTED.c.outcome != Outcome.RETURNED_INCOMPLETE,
    )
    .order_by(SUBMISSION.c.attempt)
)
_POSTED = (
    select(
        SUBMISSION.c.enrolment_id,
        SUBMISSION.c.assignment_id,
        ASSIGNMENT.c.key.label("assignment_key"),
        ASSIGNMENT.c.module_id,
        SUBMISSION.c.id.label("submission_id"),
        SUBMISSION.c.attempt,
        POSTED.c.decision_id,
        POSTED.c.outcome,
        POSTED.c.posted_at,
    )
    .join(POSTED, POSTED.c.submission_id == SUBMISSION.c.id)
    .join(ASSIGNMENT, ASSIGNMENT.c.id == SUBMISSION.c.assignment_id)
    .where(SUBMISSION.c.enrolment_id.in_(bindparam("enrolments", expanding=True)))
    .order_by(POSTED.c.posted_at, SUBMISSION.c.id)
)


@dataclass(frozen=True, slots=True)
class DoneRating:
    """A rating that is done."""

    id: str
    grader_id: str
    grader: str
    purpose: Purpose
    scoring: Scoring


@dataclass(frozen=True, slots=True)
class PostedDecision:
    """A decision that holds and is posted (law 5); `posted_at` is the school's clock."""

    enrolment_id: str
    assignment_id: str
    assignment_key: str
    module_id: str
    submission_id: str
    attempt: int
    decision_id: str
    outcome: Outcome
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Current:
    """The newest decision of a submission, posted or not; `supersedes_id` is the one whose place it takes."""

    id: str
    outcome: Outcome
    decided_by: str
    rating_id: str | None
    supersedes_id: str | None
    comment: str
    reason: str


def posted_decisions(conn: Connection, enrolment_ids: Iterable[str], now: datetime) -> tuple[PostedDecision, ...]:
    """What counts at `now` (the school's clock) for these enrolments, in order of posting; one statement."""
    rows = conn.execute(_POSTED, {"enrolments": list(enrolment_ids), "now": now})
    return tuple(PostedDecision(**row._mapping) for row in rows)


def carried_into(conn: Connection, found: Found, now: datetime) -> dict[str, Carried]:
    """What earlier attempts met, by what is posted at `now` (the school's clock); one statement, none for a first."""
    if found.attempt == 1:
        return {}
    keys = {"enrolment": found.enrolment_id, "assignment": found.assignment_id, "attempt": found.attempt}
    rows = _VERDICTS.all(conn, **keys, now=now)
    return carried_over(
        [
            Verdict(attempt, {row.key: Reached(row.level_key, row.met) for row in group})
            for attempt, group in groupby(rows, key=lambda row: row.attempt)
        ]
    )


def criteria_of(conn: Connection, rubric_id: str) -> tuple[Criterion, ...]:
    """A rubric's criteria in order, each with its levels, lowest first; one statement."""
    rows = _CRITERIA.all(conn, rubric=rubric_id)
    return tuple(_criterion(list(group)) for _, group in groupby(rows, key=lambda row: row.id))


def kept_rating(conn: Connection, submission_id: str, grader_id: str) -> Kept | None:
    """What this grader has stored for the submission."""
    rows = _RATING.all(conn, submission=submission_id, grader=grader_id)
    if not rows:
        return None
    first, lines = rows[0], [row for row in rows if row.key is not None]
    done = first.state is RatingState.DONE
    scoring = _scoring(first.comment, lines)
    return Kept(first.id, first.version, first.saved_at, scoring, done, first.purpose, first.note)


def given_ratings(conn: Connection, submission_id: str) -> dict[Purpose, DoneRating]:
    """The ratings of a submission that are done, by what they were given for, appeals apart; one statement."""
    rows = _GIVEN.all(conn, submission=submission_id)
    return {made.purpose: made for made in (_given(list(group)) for _, group in groupby(rows, key=lambda row: row.id))}


def current_decision(conn: Connection, submission_id: str) -> Current | None:
    row = _CURRENT.first(conn, submission=submission_id)
    return Current(**row._asdict()) if row else None


def decided_scoring(conn: Connection, decision: Current) -> Scoring:
    """What a decision says, as it would be typed."""
    lines = _LINES.all(conn, decision=decision.id)
    levels = {line.key: line.level_key for line in lines if line.level_key}
    return Scoring(levels, {line.key: line.comment for line in lines}, decision.comment)


def _given(rows: Sequence[Any]) -> DoneRating:
    first = rows[0]
    scoring = _scoring(first.comment, [row for row in rows if row.key is not None])
    return DoneRating(first.id, first.grader_id, first.display_name, first.purpose, scoring)


def _scoring(comment: str, lines: Sequence[Any]) -> Scoring:
    levels = {line.key: line.level_key for line in lines if line.level_key is not None}
    return Scoring(levels, {line.key: line.line_comment for line in lines}, comment)


def _criterion(rows: Sequence[Any]) -> Criterion:
    first = rows[0]
    return Criterion(
        id=first.id,
        key=first.key,
        title=first.title,
        description=first.description,
        competency=first.competency,
        judged_on=tuple(first.judged_on),
        required_level=first.required_level,
        levels=tuple(Level(row.level_id, row.level_key, row.level_title, row.descriptor, row.exemplar) for row in rows),
    )
