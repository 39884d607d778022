"""Reading appeals, their arguments, threads and graders."""

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, and_, bindparam, exists, func, or_, select

from assessments.allocation.models import Conflict
from assessments.appeals.models import Appeal, AppealLine, AppealMessage, AppealState
from assessments.evidence.members import MEMBER
from assessments.grading.access import COHORT, ENROLMENT, SUBMISSION
from assessments.grading.models import DecisionReview, Outcome, Purpose, RatingState
from assessments.grading.queries import DECISION, DECISION_LINE, POSTING, RATING
from assessments.grading.rules import Scoring
from assessments.rubrics.queries import CRITERION, LEVEL
from assessments.second.models import SecondRating
from courses.cohorts.scopes import holds_in
from fourweek.accounts.access import ALLOWS, GRANT, Permission
from fourweek.accounts.models import Person
from fourweek.database import table
from fourweek.light import dataclass
from fourweek.prepared import Prepared

APPEAL, LINE, MESSAGE = table(Appeal), table(AppealLine), table(AppealMessage)
PERSON, CONFLICT, REVIEW, SECOND = table(Person), table(Conflict), table(DecisionReview), table(SecondRating)
AUTHOR = table(Person).alias("author")
RUNS = (AppealState.OPEN, AppealState.RATED)
GRADERS = tuple(role for role, allows in ALLOWS.items() if Permission.GRADE in allows)
_ABLE = table(Person).alias("able")
_GRADES = (GRANT.c.role.in_(GRADERS), holds_in(COHORT.c.id, ENROLMENT.c.section_id))


def may_judge(person: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether this person grades in the cohort and had no part in what is appealed.

    For statements over `appeal`, `submission`, `enrolment` and `cohort`. No part: not whose work it is, no conflict,
    and no hand in any rating, decision, review or reconciling of the submission, earlier appeals included.
    """
    around = (APPEAL, SUBMISSION, ENROLMENT, COHORT, PERSON)
    grants = (
        select(GRANT.c.person_id)
        .join(_ABLE, _ABLE.c.id == GRANT.c.person_id)
        .where(GRANT.c.person_id == person, _ABLE.c.disabled_at.is_(None), *_GRADES)
    )
    member = select(MEMBER.c.person_id).where(MEMBER.c.submission_id == SUBMISSION.c.id, MEMBER.c.person_id == person)
    judged = DECISION.c.submission_id == SUBMISSION.c.id
    reviewed = select(REVIEW.c.decision_id).join(DECISION, DECISION.c.id == REVIEW.c.decision_id)
    now_theirs = and_(APPEAL.c.given_to.is_not(None), APPEAL.c.given_to == person)
    blind = and_(RATING.c.purpose == Purpose.APPEAL, or_(RATING.c.state == RatingState.DRAFT, now_theirs))
    rated = select(RATING.c.id).where(RATING.c.submission_id == SUBMISSION.c.id, RATING.c.grader_id == person, ~blind)
    settled = select(SECOND.c.submission_id).where(
        SECOND.c.submission_id == SUBMISSION.c.id, SECOND.c.reconciled_by == person
    )
    had_part = (
        member,
        rated,
        select(DECISION.c.id).where(judged, DECISION.c.decided_by == person),
        reviewed.where(judged, REVIEW.c.reviewed_by == person),
        settled,
        _conflict(person),
    )
    return and_(
        ENROLMENT.c.person_id != person,
        exists(grants.correlate(*around)),
        *(~exists(one.correlate(*around)) for one in had_part),
    )


def _conflict(person: ColumnElement[str]) -> Any:
    theirs = select(MEMBER.c.person_id).where(MEMBER.c.submission_id == SUBMISSION.c.id).correlate(SUBMISSION)
    return select(CONFLICT.c.id).where(
        CONFLICT.c.grader_id == person,
        CONFLICT.c.ended_at.is_(None),
        or_(CONFLICT.c.person_id == ENROLMENT.c.person_id, CONFLICT.c.person_id.in_(theirs)),
    )


HELD = and_(APPEAL.c.given_to.is_not(None), may_judge(APPEAL.c.given_to))
"""Whether whoever an appeal was given to may still judge it."""

_ITS = (
    SUBMISSION.join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .join(APPEAL, APPEAL.c.submission_id == SUBMISSION.c.id)
)
_OPEN_OF = table(Appeal).alias("open_of")
_LOAD = (
    select(func.count())
    .where(_OPEN_OF.c.given_to == PERSON.c.id, _OPEN_OF.c.state.in_(RUNS))
    .correlate(PERSON)
    .scalar_subquery()
)
_CANDIDATES = (
    select(PERSON.c.id, PERSON.c.display_name, _LOAD.label("load"))
    .distinct()
    .select_from(_ITS.join(GRANT, and_(*_GRADES)).join(PERSON, PERSON.c.id == GRANT.c.person_id))
    .where(APPEAL.c.id == bindparam("appeal"), may_judge(PERSON.c.id))
    .order_by("load", PERSON.c.id)
)
OUTCOME_COUNTS = exists(
    select(POSTING.c.decision_id).where(
        POSTING.c.decision_id == APPEAL.c.outcome_id, POSTING.c.posted_at <= bindparam("now")
    )
).correlate(APPEAL)
_OF_SUBMISSION = Prepared(
    select(
        APPEAL,
        CRITERION.c.key,
        CRITERION.c.title,
        LINE.c.argument,
        OUTCOME_COUNTS.label("outcome_counts"),
    )
    .join(LINE, LINE.c.appeal_id == APPEAL.c.id)
    .join(CRITERION, CRITERION.c.id == LINE.c.criterion_id)
    .where(APPEAL.c.submission_id == bindparam("submission"))
    .order_by(APPEAL.c.id.desc(), CRITERION.c.position)
)
_MESSAGES = (
    select(MESSAGE, AUTHOR.c.display_name)
    .join(AUTHOR, AUTHOR.c.id == MESSAGE.c.author_id)
    .where(MESSAGE.c.appeal_id.in_(bindparam("appeals", expanding=True)))
    .order_by(MESSAGE.c.id)
)
_LATELY = (
    select(func.count())
    .select_from(MESSAGE)
    .where(
        MESSAGE.c.appeal_id == bindparam("appeal"),
        MESSAGE.c.author_id == bindparam("me", type_=String),
        MESSAGE.c.written_at > bindparam("since"),
    )
)
_DECIDED = Prepared(
    select(
        DECISION.c.id,
        DECISION.c.outcome,
        DECISION.c.comment,
        DECISION.c.rule_id,
        CRITERION.c.key,
        LEVEL.c.key.label("level_key"),
        DECISION_LINE.c.met,
        DECISION_LINE.c.comment.label("line_comment"),
    )
    .select_from(
        DECISION.outerjoin(DECISION_LINE, DECISION_LINE.c.decision_id == DECISION.c.id)
        .outerjoin(CRITERION, CRITERION.c.id == DECISION_LINE.c.criterion_id)
        .outerjoin(LEVEL, LEVEL.c.id == DECISION_LINE.c.level_id)
    )
    .where(DECISION.c.id == bindparam("decision"))
)


@dataclass(frozen=True, slots=True)
class Argued:
    """What a learner said of one criterion."""

    key: str
    title: str
    argument: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An appeal as it is stored, with its arguments in the rubric's order. Instants: school's clock.

    `outcome_counts`: the decision that came of it is posted and not to be undone any more.
    """

    id: str
    decision_id: str
    submission_id: str
    state: AppealState
    opened_by: str
    opened_at: datetime
    given_to: str | None
    promised_at: datetime | None
    closed_at: datetime | None
    closed_by: str | None
    outcome_id: str | None
    outcome_counts: bool
    argued: tuple[Argued, ...]

    @property
    def runs(self) -> bool:
        return self.state in RUNS

    @property
    def told(self) -> bool:
        """Whether the learner may know what came of it: nothing before the new decision is posted (law 5)."""
        return self.outcome_counts if self.state is AppealState.UPHELD else not self.runs


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with its levels and comments; `met` by criterion key."""

    id: str
    outcome: Outcome
    rule_id: str | None
    scoring: Scoring
    met: Mapping[str, bool]


def appeals_of(conn: Connection, submission_id: str, now: datetime) -> tuple[Kept, ...]:
    """Every appeal about a submission as it stands at `now` (school's clock), newest first; one statement."""
    rows = _OF_SUBMISSION.all(conn, submission=submission_id, now=now)
    return tuple(_kept(list(group)) for _, group in groupby(rows, key=lambda row: row.id))


def decided_by_id(conn: Connection, decision_id: str) -> Decided:
    """What a decision says; one statement. It must exist."""
    rows = _DECIDED.all(conn, decision=decision_id)
    first, lines = rows[0], [row for row in rows if row.key is not None]
    levels = {row.key: row.level_key for row in lines if row.level_key}
    comments = {row.key: row.line_comment for row in lines}
    met = {row.key: bool(row.met) for row in lines}
    return Decided(first.id, first.outcome, first.rule_id, Scoring(levels, comments, first.comment), met)


def messages_of(conn: Connection, appeal_ids: Collection[str]) -> dict[str, list[Any]]:
    """The threads of appeals, oldest message first, by appeal; one statement, none for none."""
    found: dict[str, list[Any]] = {appeal_id: [] for appeal_id in appeal_ids}
    for row in conn.execute(_MESSAGES, {"appeals": list(found)}) if found else ():
        found[row.appeal_id].append(row)
    return found


def written_since(conn: Connection, appeal_id: str, person_id: str, since: datetime) -> int:
    """How many messages somebody wrote in a thread after `since` (school's clock)."""
    return int(conn.execute(_LATELY, {"appeal": appeal_id, "me": person_id, "since": since}).scalar_one())


def candidates(conn: Connection, appeal_id: str) -> list[tuple[str, str]]:
    """(id, name) of everybody who may judge an appeal, whoever has the fewest open ones first; one statement."""
    return [(row.id, row.display_name) for row in conn.execute(_CANDIDATES, {"appeal": appeal_id})]


def _kept(rows: list[Any]) -> Kept:
    first = rows[0]
    facts = {column.name: getattr(first, column.name) for column in APPEAL.c}
    counts = bool(first.outcome_counts)
    return Kept(**facts, outcome_counts=counts, argued=tuple(Argued(row.key, row.title, row.argument) for row in rows))
