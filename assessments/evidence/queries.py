"""Reading attempts with what was posted about them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, or_, select

from assessments.assignments.queries import ASSIGNMENT, IN_ORDER, MODULE
from assessments.coaching.granted import GRANTED
from assessments.evidence.models import Evidence, Step, Submission
from assessments.evidence.standing import Attempt, as_of, last_handed_in, limit_with, standing, used
from assessments.grading.models import Decision, Outcome, Posting
from courses.coursework import Verdict, Work
from fourweek.database import table
from fourweek.keeping import Bounded
from fourweek.prepared import Prepared

SUBMISSION, EVIDENCE, DECISION, POSTING = table(Submission), table(Evidence), table(Decision), table(Posting)
CAME_BACK = frozenset({Outcome.NOT_YET, Outcome.RETURNED_INCOMPLETE})

_NEWER, _NEWER_POSTING = DECISION.alias("newer"), POSTING.alias("newer_posting")
_SUPERSEDED = exists(
    select(_NEWER.c.id)
    .join(_NEWER_POSTING, _NEWER_POSTING.c.decision_id == _NEWER.c.id)
    .where(_NEWER.c.supersedes_id == DECISION.c.id, _NEWER_POSTING.c.posted_at <= bindparam("now"))
)
_POSTED_AT = select(POSTING.c.posted_at).where(
    POSTING.c.decision_id == DECISION.c.id, POSTING.c.posted_at <= bindparam("now")
)
# The one decision of a submission that holds: posted by `now`, and not superseded by another that is posted (law 5).
# It selects from one table alone, so that SQLite looks decisions up by submission instead of laying out every posting.
POSTED = (
    select(
        DECISION.c.id.label("decision_id"),
        DECISION.c.submission_id,
        DECISION.c.supersedes_id,
        DECISION.c.outcome,
        DECISION.c.comment,
        _POSTED_AT.scalar_subquery().label("posted_at"),
    )
    .where(_POSTED_AT.exists(), ~_SUPERSEDED)
    .subquery("posted")
)

IS_JUDGED = or_(
    SUBMISSION.c.step != Step.RATING, exists(select(DECISION.c.id).where(DECISION.c.submission_id == SUBMISSION.c.id))
)
"""Whether a grader has judged it already: its first rating is done, or it was decided, even if it waits again."""

_ASKED: Select[Any] = (
    select(
        ASSIGNMENT.c.version_id,
        ASSIGNMENT.c.id,
        ASSIGNMENT.c.key,
        ASSIGNMENT.c.title,
        ASSIGNMENT.c.required,
        ASSIGNMENT.c.max_attempts,
        ASSIGNMENT.c.rubric_id,
        MODULE.c.number,
    )
    .join(MODULE, MODULE.c.id == ASSIGNMENT.c.module_id)
    .where(ASSIGNMENT.c.version_id.in_(bindparam("versions", expanding=True)))
    .order_by(ASSIGNMENT.c.version_id, *IN_ORDER)
)
# What a version asks for never changes once it is published.
_kept: Bounded[str, tuple[Row[Any], ...]] = Bounded(200)
_ATTEMPTS: Select[Any] = (
    select(
        SUBMISSION.c.enrolment_id,
        SUBMISSION.c.id,
        SUBMISSION.c.assignment_id,
        SUBMISSION.c.rubric_id,
        ASSIGNMENT.c.key,
        ASSIGNMENT.c.max_attempts,
        SUBMISSION.c.attempt,
        SUBMISSION.c.state,
        SUBMISSION.c.saved_at,
        SUBMISSION.c.submitted_at,
        SUBMISSION.c.late,
        SUBMISSION.c.withdrawn_at,
        POSTED.c.decision_id,
        POSTED.c.outcome,
        POSTED.c.comment,
        POSTED.c.posted_at,
        GRANTED,
    )
    .join_from(SUBMISSION, ASSIGNMENT, ASSIGNMENT.c.id == SUBMISSION.c.assignment_id)
    .outerjoin(POSTED, POSTED.c.submission_id == SUBMISSION.c.id)
    .where(SUBMISSION.c.started_at <= bindparam("now"))
    .order_by(SUBMISSION.c.attempt)
)
_ATTEMPTS_OF_ONE = Prepared(_ATTEMPTS.where(SUBMISSION.c.enrolment_id == bindparam("enrolment")))
_ATTEMPTS_OF_MANY = _ATTEMPTS.where(SUBMISSION.c.enrolment_id.in_(bindparam("enrolments", expanding=True)))


def attempt_of(row: Row[Any]) -> Attempt:
    """An attempt from a row that selects its number as `attempt`, its state and what was posted."""
    return Attempt(row.attempt, row.state, row.submitted_at, row.late, row.outcome, row.withdrawn_at)


def work_of_many(conn: Connection, enrolments: Mapping[str, str], now: datetime) -> dict[str, tuple[Work, ...]]:
    """Every assignment as each {enrolment id: version id} stands with it, in order; one statement, two when cold.

    An assignment is known by its key within the course: attempts that were begun on another version count.
    """
    asked = _asked_by(conn, frozenset(enrolments.values()))
    made: dict[str, dict[str, list[Any]]] = {}
    for row in _attempts(conn, list(enrolments), now):
        made.setdefault(row.enrolment_id, {}).setdefault(row.key, []).append(row)
    untouched = {version: tuple(_work(row, (), now) for row in rows) for version, rows in asked.items()}
    return {
        enrolment: tuple(_work(row, made[enrolment].get(row.key, ()), now) for row in asked.get(version, ()))
        if enrolment in made
        else untouched.get(version, ())
        for enrolment, version in enrolments.items()
    }


def asking_modules(conn: Connection, version_ids: Collection[str]) -> dict[str, frozenset[int]]:
    """The numbers of the modules that ask for evidence, by version; one statement for those that are not kept yet."""
    asked = _asked_by(conn, frozenset(version_ids))
    return {version: frozenset(row.number for row in asked.get(version, ())) for version in version_ids}


def _attempts(conn: Connection, enrolments: list[str], now: datetime) -> Sequence[Any]:
    if len(enrolments) == 1:
        return _ATTEMPTS_OF_ONE.all(conn, enrolment=enrolments[0], now=now)
    return conn.execute(_ATTEMPTS_OF_MANY, {"enrolments": enrolments, "now": now}).all()


def _asked_by(conn: Connection, versions: frozenset[str]) -> dict[str, tuple[Row[Any], ...]]:
    """The assignments of each version, in order; one statement for all that are not kept yet."""
    asked = {version: rows for version in versions if (rows := _kept.get(version))}
    missing = sorted(versions - asked.keys())
    if missing:
        found = conn.execute(_ASKED, {"versions": missing}).all()
        for version, group in groupby(found, key=lambda row: str(row.version_id)):
            asked[version] = _kept.put(version, tuple(group))
    return asked


def _work(asked: Row[Any], made: Sequence[Any], now: datetime) -> Work:
    """One assignment as the attempts `made`, oldest first, stand; its limit is that of what was begun (law 6)."""
    attempts = [as_of(attempt_of(row), now) for row in made]
    limit = limit_with(made[0].max_attempts, made[0].granted) if made else asked.max_attempts
    newest, tried = last_handed_in(attempts), used(attempts)
    is_draft = bool(attempts) and attempts[-1].is_draft
    return Work(
        assignment_id=asked.id,
        key=asked.key,
        title=asked.title,
        module_number=asked.number,
        required=asked.required,
        state=standing(attempts),
        attempts=tried,
        submitted_at=newest.submitted_at if newest else None,
        late=newest.late if newest else False,
        attempts_left=None if limit is None else max(0, limit - tried),
        came_back=sum(attempt.outcome in CAME_BACK for attempt in attempts),
        begun_id=made[0].assignment_id if made else asked.id,
        rubric_id=made[0].rubric_id if made else asked.rubric_id,
        draft_id=made[-1].id if is_draft else None,
        saved_at=made[-1].saved_at if made else None,
        verdict=_verdict(made),
    )


def _verdict(made: Sequence[Any]) -> Verdict | None:
    """What was posted last."""
    row = next((row for row in reversed(made) if row.decision_id), None)
    if row is None:
        return None
    return Verdict(row.decision_id, row.attempt, row.outcome in CAME_BACK, row.comment, row.posted_at)
