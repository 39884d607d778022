"""Reading attempts with what was posted about them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, select

from assessments.assignments.queries import ASSIGNMENT, IN_ORDER, MODULE
from assessments.evidence.models import Evidence, Submission
from assessments.evidence.standing import Attempt, as_of, last_handed_in, standing, used
from assessments.grading.models import Decision, Posting
from courses.coursework import Work
from fourweek.database import table
from fourweek.keeping import Bounded
from fourweek.prepared import Prepared

SUBMISSION, EVIDENCE, DECISION, POSTING = table(Submission), table(Evidence), table(Decision), table(Posting)

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
        DECISION.c.outcome,
        DECISION.c.comment,
        _POSTED_AT.scalar_subquery().label("posted_at"),
    )
    .where(_POSTED_AT.exists(), ~_SUPERSEDED)
    .subquery("posted")
)

_ASKED: Select[Any] = (
    select(
        ASSIGNMENT.c.version_id,
        ASSIGNMENT.c.id,
        ASSIGNMENT.c.key,
        ASSIGNMENT.c.title,
        ASSIGNMENT.c.required,
        ASSIGNMENT.c.max_attempts,
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
        ASSIGNMENT.c.key,
        ASSIGNMENT.c.max_attempts,
        SUBMISSION.c.attempt,
        SUBMISSION.c.state,
        SUBMISSION.c.submitted_at,
        SUBMISSION.c.late,
        POSTED.c.outcome,
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
    return Attempt(row.attempt, row.state, row.submitted_at, row.late, row.outcome)


def work_of_many(conn: Connection, enrolments: Mapping[str, str], now: datetime) -> dict[str, tuple[Work, ...]]:
    """Every assignment as each {enrolment id: version id} stands with it, in order; one statement, two when cold.

    An assignment is known by its key within the course: attempts that were begun on another version count.
    """
    asked = _asked_by(conn, frozenset(enrolments.values()))
    attempts: dict[tuple[str, str], list[Attempt]] = {}
    limits: dict[tuple[str, str], int | None] = {}
    for made in _attempts(conn, list(enrolments), now):
        attempts.setdefault((made.enrolment_id, made.key), []).append(as_of(attempt_of(made), now))
        limits.setdefault((made.enrolment_id, made.key), made.max_attempts)
    return {
        enrolment: tuple(_works(asked.get(version, ()), enrolment, attempts, limits))
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


def _works(
    asked: Iterable[Row[Any]],
    enrolment_id: str,
    attempts: Mapping[tuple[str, str], list[Attempt]],
    limits: Mapping[tuple[str, str], int | None],
) -> Iterable[Work]:
    """`limits` are those of the assignments as they were begun; they hold to the end (law 6)."""
    for row in asked:
        mine = attempts.get((enrolment_id, row.key), [])
        limit = limits.get((enrolment_id, row.key), row.max_attempts)
        newest, tried = last_handed_in(mine), used(mine)
        yield Work(
            assignment_id=row.id,
            key=row.key,
            title=row.title,
            module_number=row.number,
            required=row.required,
            state=standing(mine),
            attempts=tried,
            submitted_at=newest.submitted_at if newest else None,
            late=newest.late if newest else False,
            attempts_left=None if limit is None else max(0, limit - tried),
        )
