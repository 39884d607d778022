"""A scan that gives work to graders where a cohort's terms say so, and takes it from those who do not grade any more.

Safe to run twice or at once: what is looked at is locked, and only what nobody has is given.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, delete, exists, or_, select, union_all, update

from assessments.allocation.conflicts import CONFLICT
from assessments.allocation.graders import (
    CLAIM,
    SUBMISSION,
    Grader,
    graders_of,
    grades_in,
    loads_of,
    section_graders,
)
from assessments.allocation.rules import Work, share_out
from assessments.evidence.members import MEMBER
from assessments.evidence.models import Step, SubmissionState
from assessments.grading.models import Rating, RatingState
from assessments.terms.models import Allocation
from assessments.terms.queries import TERMS, terms_of
from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import EnrolmentState
from fourweek.audit.service import record_all
from fourweek.clock import Now
from fourweek.database import Database, table
from fourweek.light import dataclass

PIECE = 200
RATING = table(Rating)
_HELD = exists(
    select(CLAIM.c.submission_id).where(CLAIM.c.submission_id == SUBMISSION.c.id, CLAIM.c.until > bindparam("real"))
)
_LOOSE = and_(
    SUBMISSION.c.state == SubmissionState.SUBMITTED,
    SUBMISSION.c.step != Step.RECONCILING,
    SUBMISSION.c.given_to.is_(None),
    ENROLMENT.c.state != EnrolmentState.WITHDRAWN,
    ~_HELD,
)
_COHORTS = select(TERMS.c.cohort_id).where(
    TERMS.c.allocation != Allocation.OPEN,
    exists(
        select(SUBMISSION.c.id)
        .join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
        .where(ENROLMENT.c.cohort_id == TERMS.c.cohort_id, _LOOSE)
    ),
)
_WORK: Select[Any] = (
    select(SUBMISSION.c.id, ENROLMENT.c.section_id)
    .join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
    .where(ENROLMENT.c.cohort_id == bindparam("cohort"), _LOOSE)
    .order_by(SUBMISSION.c.promised_at.asc().nulls_last(), SUBMISSION.c.submitted_at, SUBMISSION.c.id)
    .limit(PIECE)
)
_THESE: Any = bindparam("submissions", expanding=True)
_BARRED = union_all(
    select(MEMBER.c.submission_id, MEMBER.c.person_id.label("grader_id")).where(MEMBER.c.submission_id.in_(_THESE)),
    select(MEMBER.c.submission_id, CONFLICT.c.grader_id)
    .join(CONFLICT, CONFLICT.c.person_id == MEMBER.c.person_id)
    .where(MEMBER.c.submission_id.in_(_THESE), CONFLICT.c.ended_at.is_(None)),
    select(RATING.c.submission_id, RATING.c.grader_id).where(
        RATING.c.submission_id.in_(_THESE), RATING.c.state == RatingState.DONE
    ),
)
"""Who must not judge which of these: whose work it is, who is in conflict with them, who rated it."""
_ITS = select(MEMBER.c.person_id).where(MEMBER.c.submission_id == SUBMISSION.c.id).correlate(SUBMISSION)
_MISPLACED: Select[Any] = (
    select(SUBMISSION.c.id, SUBMISSION.c.given_to)
    .join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
    .where(
        SUBMISSION.c.state == SubmissionState.SUBMITTED,
        SUBMISSION.c.given_to.is_not(None),
        or_(
            ~grades_in(SUBMISSION.c.given_to, ENROLMENT.c.cohort_id, ENROLMENT.c.section_id),
            exists(
                select(CONFLICT.c.id)
                .where(
                    CONFLICT.c.grader_id == SUBMISSION.c.given_to,
                    CONFLICT.c.ended_at.is_(None),
                    CONFLICT.c.person_id.in_(_ITS),
                )
                .correlate(SUBMISSION)
            ),
            exists(
                select(RATING.c.id)
                .where(
                    RATING.c.submission_id == SUBMISSION.c.id,
                    RATING.c.grader_id == SUBMISSION.c.given_to,
                    RATING.c.state == RatingState.DONE,
                )
                .correlate(SUBMISSION)
            ),
        ),
    )
    .limit(PIECE)
)
_ABANDONED: Select[Any] = (
    select(CLAIM.c.submission_id, CLAIM.c.grader_id)
    .join(SUBMISSION, SUBMISSION.c.id == CLAIM.c.submission_id)
    .join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
    .where(
        CLAIM.c.until > bindparam("real"),
        ~grades_in(CLAIM.c.grader_id, ENROLMENT.c.cohort_id, ENROLMENT.c.section_id),
    )
    .limit(PIECE)
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is given what, by submission, and the count of turns after it."""

    given: dict[str, str]
    turn: int


def allocate_work(db: Database, now: Now) -> int:
    """Put back what its grader may not have any more, and give out what terms allocate; returns how much moved."""
    moved = db.write_now(put_back, now) if db.read_now(_astray, now) else 0
    for cohort_id in db.read_now(_asking, now):
        while db.read_now(planned, cohort_id, now).given:
            given = db.write_now(give_out, cohort_id, now)
            moved += given
            if not given:
                break
    return moved


def put_back(conn: Connection, now: Now) -> int:
    """Take work from people who do not grade in its cohort any more, are in conflict, or have rated it."""
    lost = {row.id: {"from": row.given_to} for row in conn.execute(_MISPLACED.with_for_update(of=SUBMISSION))}
    if lost:
        none = {"given_to": None, "given_by": None, "given_at": None}
        conn.execute(update(SUBMISSION).where(SUBMISSION.c.id.in_(list(lost))).values(none))
        record_all(conn, "submission.put_back", "submission", lost, at=now.real, actor_id=None)
    left = {
        row.submission_id: {"grader": row.grader_id}
        for row in conn.execute(_ABANDONED.with_for_update(of=CLAIM), {"real": now.real})
    }
    if left:
        conn.execute(delete(CLAIM).where(CLAIM.c.submission_id.in_(list(left))))
        record_all(conn, "claim.ended", "submission", left, at=now.real, actor_id=None)
    return len(lost) + len(left)


def planned(conn: Connection, cohort_id: str, now: Now, *, deciding: bool = False) -> Plan:
    """Who is to be given what nobody has; six statements. `deciding` locks it, passing over what is being taken."""
    work = _WORK.with_for_update(of=SUBMISSION, skip_locked=True) if deciding else _WORK
    rows = conn.execute(work, {"cohort": cohort_id, "real": now.real}).all()
    terms = terms_of(conn, cohort_id)
    graders = graders_of(conn, cohort_id)
    own: dict[str, list[str]] = {}
    for one in section_graders(conn, cohort_id):
        own.setdefault(one.section_id, []).append(one.grader_id)
    may = {one.id for one in graders}
    barred: dict[str, set[str]] = {}
    for row in conn.execute(_BARRED, {"submissions": [row.id for row in rows]}):
        barred.setdefault(row.submission_id, set()).add(row.grader_id)
    works = [Work(row.id, _pool(graders, row.section_id, own), frozenset(barred.get(row.id, ()))) for row in rows]
    return Plan(*share_out(terms.allocation, works, loads_of(conn, may, now.real), terms.turn))


def _pool(graders: Sequence[Grader], section_id: str | None, own: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Who may be given work of a section: its own graders where it has any, else all graders who are no leads."""
    able = (one for one in graders if one.grades(section_id))
    if section_id is not None and section_id in own:
        return tuple(sorted(one.id for one in able if one.id in own[section_id]))
    return tuple(sorted(one.id for one in able if not one.is_lead))


def give_out(conn: Connection, cohort_id: str, now: Now) -> int:
    """Give a piece of what nobody has by the terms of its cohort; returns how much."""
    conn.execute(select(TERMS.c.turn).where(TERMS.c.cohort_id == cohort_id).with_for_update()).all()
    plan = planned(conn, cohort_id, now, deciding=True)
    for grader in sorted(set(plan.given.values())):
        ids = [one for one, to in plan.given.items() if to == grader]
        target = update(SUBMISSION).where(SUBMISSION.c.id.in_(ids), SUBMISSION.c.given_to.is_(None))
        conn.execute(target.values(given_to=grader, given_by=None, given_at=now.school))
    if plan.given:
        conn.execute(update(TERMS).where(TERMS.c.cohort_id == cohort_id).values(turn=plan.turn))
        details = {one: {"to": grader} for one, grader in plan.given.items()}
        record_all(conn, "submission.give", "submission", details, at=now.real, actor_id=None)
    return len(plan.given)


def _asking(conn: Connection, now: Now) -> list[str]:
    return list(conn.execute(_COHORTS, {"real": now.real}).scalars())


def _astray(conn: Connection, now: Now) -> bool:
    found = conn.execute(_MISPLACED.limit(1)).first() or conn.execute(_ABANDONED.limit(1), {"real": now.real}).first()
    return found is not None
