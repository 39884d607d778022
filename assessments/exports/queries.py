"""Reading ratings, decisions, appeals and evidence of a cohort, a piece at a time, so that memory does not grow.

A piece is the work of some places, found by their key: what a piece costs does not grow with the cohort. In it works
stand by assignment, so that in an anonymous cohort nothing says which works of different assignments are one person's.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, String, bindparam, or_, select

from assessments.allocation.conflicts import in_conflict
from assessments.appeals.blind import is_blind
from assessments.appeals.models import Appeal, AppealLine
from assessments.assignments.queries import REQUIREMENT
from assessments.deciding.models import DecisionRule
from assessments.evidence.members import is_member
from assessments.evidence.models import SubmissionState
from assessments.evidence.queries import EVIDENCE, POSTED
from assessments.grading.access import ASSIGNMENT, ENROLMENT, SOURCE, SUBMISSION
from assessments.grading.models import DecisionReview, RatingState
from assessments.grading.queries import DECISION, DECISION_LINE, POSTING, RATING, RATING_LINE
from assessments.identity.names import ALL_NAMES, NAMING
from assessments.rubrics.models import Rubric
from assessments.rubrics.queries import CRITERION, LEVEL
from fourweek.accounts.models import Person
from fourweek.database import table
from fourweek.light import dataclass
from fourweek.scanning.gate import verdict_of

PIECE = 50
RUBRIC, RULE, REVIEW = table(Rubric), table(DecisionRule), table(DecisionReview)
APPEAL, APPEAL_LINE = table(Appeal), table(AppealLine)
GRADER = table(Person).alias("grader")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is taken away: of one cohort, by whom, one assignment ("" for all), as things stand at `now` (school's).

    One read takes the work of `piece` places.
    """

    cohort: str
    me: str
    assignment: str
    now: datetime
    piece: int = PIECE

    def values(self, places: Sequence[str]) -> dict[str, Any]:
        """For statements with `_ASKED`."""
        return {"places": places, "me": self.me, "assignment": self.assignment, "now": self.now}


_PLACES: Select[Any] = (
    select(ENROLMENT.c.id)
    .where(ENROLMENT.c.cohort_id == bindparam("cohort"), ENROLMENT.c.id > bindparam("after"))
    .order_by(ENROLMENT.c.id)
    .limit(bindparam("piece"))
)
_ASKED = (
    ENROLMENT.c.id.in_(bindparam("places", expanding=True)),
    ENROLMENT.c.person_id != bindparam("me", type_=String),
    ~is_member(bindparam("me", type_=String)),
    ~in_conflict(),
    or_(bindparam("assignment", type_=String) == "", ASSIGNMENT.c.key == bindparam("assignment", type_=String)),
)
_WORK = (
    SUBMISSION.c.id.label("submission"),
    SUBMISSION.c.receipt,
    SUBMISSION.c.attempt,
    SUBMISSION.c.submitted_at,
    ASSIGNMENT.c.key.label("assignment"),
    RUBRIC.c.major,
    RUBRIC.c.minor,
    *NAMING,
)
_WITH_RUBRIC = SOURCE.join(RUBRIC, RUBRIC.c.id == SUBMISSION.c.rubric_id)
# What is still being rated is left out, and what its reader has an appeal to rate about: whoever has yet to judge does
# not meet the others' judgement here.
_RATINGS: Select[Any] = (
    select(
        RATING.c.id,
        RATING.c.purpose,
        RATING.c.done_at,
        RATING.c.comment,
        GRADER.c.display_name.label("grader"),
        *_WORK,
    )
    .select_from(
        _WITH_RUBRIC.join(RATING, RATING.c.submission_id == SUBMISSION.c.id).join(
            GRADER, GRADER.c.id == RATING.c.grader_id
        )
    )
    .where(
        *_ASKED,
        ~is_blind(),
        RATING.c.state == RatingState.DONE,
        SUBMISSION.c.state == SubmissionState.DECIDED,
    )
    .order_by(ASSIGNMENT.c.key, RATING.c.id)
)
_DECISIONS: Select[Any] = (
    select(
        DECISION.c.id,
        DECISION.c.outcome,
        DECISION.c.way,
        DECISION.c.decided_at,
        DECISION.c.supersedes_id,
        DECISION.c.reason,
        DECISION.c.comment,
        RULE.c.number.label("rule"),
        GRADER.c.display_name.label("decided_by"),
        POSTING.c.posted_at,
        POSTED.c.decision_id.label("holds"),
        REVIEW.c.result.label("review"),
        APPEAL.c.state.label("appeal"),
        *_WORK,
    )
    .select_from(
        SOURCE.join(DECISION, DECISION.c.submission_id == SUBMISSION.c.id)
        .join(RUBRIC, RUBRIC.c.id == DECISION.c.rubric_id)
        .join(GRADER, GRADER.c.id == DECISION.c.decided_by)
        .outerjoin(RULE, RULE.c.id == DECISION.c.rule_id)
        .outerjoin(POSTING, POSTING.c.decision_id == DECISION.c.id)
        .outerjoin(POSTED, POSTED.c.decision_id == DECISION.c.id)
        .outerjoin(REVIEW, REVIEW.c.decision_id == DECISION.c.id)
        .outerjoin(APPEAL, APPEAL.c.decision_id == DECISION.c.id)
    )
    .where(*_ASKED, ~is_blind())
    .order_by(ASSIGNMENT.c.key, DECISION.c.id)
)
_APPEALS: Select[Any] = (
    select(
        APPEAL.c.id,
        APPEAL.c.decision_id,
        APPEAL.c.state,
        APPEAL.c.opened_at,
        APPEAL.c.closed_at,
        APPEAL.c.outcome_id,
        GRADER.c.display_name.label("given_to"),
        *_WORK,
    )
    .select_from(
        _WITH_RUBRIC.join(APPEAL, APPEAL.c.submission_id == SUBMISSION.c.id).outerjoin(
            GRADER, GRADER.c.id == APPEAL.c.given_to
        )
    )
    .where(*_ASKED)
    .order_by(ASSIGNMENT.c.key, APPEAL.c.id)
)
_EVIDENCE: Select[Any] = (
    select(
        EVIDENCE.c.id,
        EVIDENCE.c.position,
        EVIDENCE.c.kind,
        EVIDENCE.c.text,
        EVIDENCE.c.url,
        EVIDENCE.c.file_name,
        EVIDENCE.c.media_type,
        EVIDENCE.c.size,
        EVIDENCE.c.sha256,
        EVIDENCE.c.purged_at,
        verdict_of(EVIDENCE.c.sha256),
        REQUIREMENT.c.key.label("slot"),
        *ALL_NAMES,
        *_WORK,
    )
    .select_from(
        _WITH_RUBRIC.join(EVIDENCE, EVIDENCE.c.submission_id == SUBMISSION.c.id).join(
            REQUIREMENT, REQUIREMENT.c.id == EVIDENCE.c.requirement_id
        )
    )
    .where(
        *_ASKED,
        SUBMISSION.c.state.in_((SubmissionState.SUBMITTED, SubmissionState.DECIDED)),
    )
    .order_by(ASSIGNMENT.c.key, EVIDENCE.c.id)
)


def _lines(target: Any, owner: Any, *more: Any) -> Select[Any]:
    return (
        select(
            owner.label("owner"),
            CRITERION.c.key,
            CRITERION.c.title,
            LEVEL.c.key.label("level"),
            LEVEL.c.title.label("level_title"),
            LEVEL.c.position,
            target.c.comment,
            *more,
        )
        .select_from(
            target.join(CRITERION, CRITERION.c.id == target.c.criterion_id).outerjoin(
                LEVEL, LEVEL.c.id == target.c.level_id
            )
        )
        .where(owner.in_(bindparam("owners", expanding=True)))
        .order_by(owner, CRITERION.c.position)
    )


_LINES_OF: dict[str, Select[Any]] = {
    "ratings": _lines(RATING_LINE, RATING_LINE.c.rating_id),
    "decisions": _lines(DECISION_LINE, DECISION_LINE.c.decision_id, DECISION_LINE.c.met),
    "appeals": select(
        APPEAL_LINE.c.appeal_id.label("owner"), CRITERION.c.key, CRITERION.c.title, APPEAL_LINE.c.argument
    )
    .join(CRITERION, CRITERION.c.id == APPEAL_LINE.c.criterion_id)
    .where(APPEAL_LINE.c.appeal_id.in_(bindparam("owners", expanding=True)))
    .order_by(APPEAL_LINE.c.appeal_id, CRITERION.c.position),
}
_ROWS_OF = {"ratings": _RATINGS, "decisions": _DECISIONS, "appeals": _APPEALS}


def places_after(conn: Connection, wanted: Wanted, after: str) -> list[str]:
    """The next places of the cohort; one statement."""
    asked = {"cohort": wanted.cohort, "after": after, "piece": wanted.piece}
    return list(conn.execute(_PLACES, asked).scalars())


def piece_of(conn: Connection, what: str, wanted: Wanted, after: str) -> tuple[str, list[tuple[Any, list[Any]]]]:
    """The last place of the next piece, "" at the end, and its rows with their criteria; three statements.

    `what` is ratings, decisions or appeals.
    """
    places = places_after(conn, wanted, after)
    rows = conn.execute(_ROWS_OF[what], wanted.values(places)).all() if places else []
    found = conn.execute(_LINES_OF[what], {"owners": [row.id for row in rows]}) if rows else ()
    lines = {owner: list(group) for owner, group in groupby(found, key=lambda line: line.owner)}
    return (places[-1] if places else ""), [(row, lines.get(row.id, [])) for row in rows]


def evidence_after(conn: Connection, wanted: Wanted, after: str) -> tuple[str, Sequence[Any]]:
    """The last place of the next piece, "" at the end, and what was handed in and not taken back; two statements."""
    places = places_after(conn, wanted, after)
    return (places[-1], conn.execute(_EVIDENCE, wanted.values(places)).all()) if places else ("", ())
