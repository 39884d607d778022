"""An appeal as its learner, its grader or a lead may hold it: fetched and authorised in one step."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, String, bindparam, exists, select

from assessments.appeals.models import AppealState
from assessments.appeals.queries import APPEAL, HELD, Kept, appeals_of, may_judge
from assessments.appeals.rules import appeal_ends, is_appealable
from assessments.evidence.access import Where
from assessments.evidence.members import is_member
from assessments.evidence.models import SubmissionState
from assessments.evidence.queries import POSTED
from assessments.grading.access import (
    ASSIGNMENT,
    COHORT,
    ENROLMENT,
    HOLDER,
    MODULE,
    SOURCE,
    SUBMISSION,
    VERSION,
    Found,
    graded_submission,
)
from assessments.grading.models import Outcome
from assessments.terms.models import GradingTerms
from assessments.terms.queries import terms_of
from courses.enrolment.models import EnrolmentState
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.database import lock
from fourweek.errors import Forbidden, NotFound
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.prepared import Prepared

MOST_ATTEMPTS = 10_000
"""No attempt has such a number; a larger one in an address need not be looked up."""

_NEXT = SUBMISSION.alias("next_attempt")
_LATER = (
    select(_NEXT.c.id)
    .where(
        _NEXT.c.enrolment_id == SUBMISSION.c.enrolment_id,
        _NEXT.c.assignment_id == SUBMISSION.c.assignment_id,
        _NEXT.c.attempt > SUBMISSION.c.attempt,
    )
    .correlate(SUBMISSION)
)
_MINE = Prepared(
    select(
        SUBMISSION.c.id.label("submission_id"),
        SUBMISSION.c.attempt,
        SUBMISSION.c.rubric_id,
        ENROLMENT.c.state.label("enrolment_state"),
        COHORT.c.id.label("cohort_id"),
        COHORT.c.name.label("cohort_name"),
        COHORT.c.zone,
        COHORT.c.version_id,
        ASSIGNMENT.c.version_id.label("begun_on"),
        ASSIGNMENT.c.title,
        MODULE.c.number,
        VERSION.c.title.label("course_title"),
        POSTED.c.decision_id,
        POSTED.c.outcome,
        POSTED.c.posted_at,
        exists(_LATER).label("later"),
    )
    .select_from(SOURCE.outerjoin(POSTED, POSTED.c.submission_id == SUBMISSION.c.id))
    .where(
        COHORT.c.id == bindparam("cohort"),
        ASSIGNMENT.c.key == bindparam("key"),
        SUBMISSION.c.attempt == bindparam("attempt"),
        SUBMISSION.c.state != SubmissionState.DRAFT,
        is_member(bindparam("me", type_=String)),
    )
)
_GIVEN: Select[Any] = (
    select(
        APPEAL.c.submission_id,
        HELD.label("held"),
        HOLDER.c.display_name.label("holder"),
        may_judge(bindparam("me", type_=String)).label("may_take"),
    )
    .select_from(
        SOURCE.join(APPEAL, APPEAL.c.submission_id == SUBMISSION.c.id).outerjoin(
            HOLDER, HOLDER.c.id == APPEAL.c.given_to
        )
    )
    .where(APPEAL.c.id == bindparam("appeal"))
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A learner's own attempt with the decision that holds and is posted, and its appeals, newest first.

    `ends` is the first instant that is too late for an appeal; None while nothing is posted, or none are taken.
    `later`: a further attempt was begun.
    """

    where: Where
    submission_id: str
    number: int
    rubric_id: str
    title: str
    course_title: str
    cohort_id: str
    cohort_name: str
    zone: str
    terms: GradingTerms
    withdrew: bool
    decision_id: str | None
    outcome: Outcome | None
    posted_at: datetime | None
    ends: datetime | None
    later: bool
    appeals: tuple[Kept, ...]

    @property
    def path(self) -> str:
        return f"{self.where.path}/attempts/{self.number}/appeal"

    @property
    def has_verdict(self) -> bool:
        return self.outcome is not None and is_appealable(self.outcome)

    @property
    def running(self) -> Kept | None:
        """The appeal that is open as far as its learner may know."""
        return next((one for one in self.appeals if not one.told), None)

    @property
    def of_this(self) -> Kept | None:
        """The appeal about the decision that holds."""
        return next((one for one in self.appeals if one.decision_id == self.decision_id), None)


def my_attempt(conn: Connection, visitor: Visitor, where: Where, number: int, *, deciding: bool = False) -> Attempt:
    """The visitor's own attempt, also long after; three statements. Raises NotFound for everybody else.

    With `deciding`, the submission stays locked until the transaction ends.
    """
    if not 0 < number < MOST_ATTEMPTS:
        raise NotFound
    keys = {"cohort": where.known().cohort_id, "key": where.key, "attempt": number, "me": visitor.me.id}
    row = _MINE.first(conn, **keys, now=visitor.now.school)
    if row is not None and deciding:
        lock(conn, SUBMISSION, row.submission_id)
        row = _MINE.first(conn, **keys, now=visitor.now.school)
    if row is None or (row.begun_on == row.version_id and row.number != where.module_number):
        raise NotFound
    terms = terms_of(conn, row.cohort_id)
    ends = appeal_ends(row.posted_at, terms.appeal_days, zone(row.zone)) if row.posted_at else None
    return Attempt(
        where=where,
        submission_id=row.submission_id,
        number=row.attempt,
        rubric_id=row.rubric_id,
        title=row.title,
        course_title=row.course_title,
        cohort_id=row.cohort_id,
        cohort_name=row.cohort_name,
        zone=row.zone,
        terms=terms,
        withdrew=row.enrolment_state is EnrolmentState.WITHDRAWN,
        decision_id=row.decision_id,
        outcome=row.outcome,
        posted_at=row.posted_at,
        ends=ends,
        later=bool(row.later),
        appeals=appeals_of(conn, row.submission_id, visitor.now.school),
    )


@dataclass(frozen=True, slots=True)
class Case:
    """An appeal as staff may hold it. `held`: whoever it was given to may judge it still.

    `mine`: it is the visitor's to judge, or was judged by them. `may_take`: nobody has it, and the visitor had no part
    in the decision.
    """

    appeal: Kept
    found: Found
    holder: str
    held: bool
    mine: bool
    may_take: bool

    @property
    def blind(self) -> bool:
        """Whether the visitor is to judge before seeing the first reasoning."""
        return self.mine and self.appeal.state is AppealState.OPEN


def case_of(
    conn: Connection, visitor: Visitor, appeal_id: str, *, deciding: bool = False, taking: bool = False
) -> Case:
    """An appeal for whoever judges it, leads its cohort or may take it; three statements.

    Raises NotFound for everybody else: those who decided and rated included, unless they lead the cohort. `taking`
    fetches it also for those who could have taken it, had nobody been quicker.
    With `deciding`, its submission stays locked until the transaction ends.
    """
    keys = {"appeal": appeal_id.replace("\0", ""), "me": visitor.me.id}
    row = conn.execute(_GIVEN, keys).first()
    if row is not None and deciding:
        lock(conn, SUBMISSION, row.submission_id)
        row = conn.execute(_GIVEN, keys).first()
    if row is None:
        raise NotFound
    found = graded_submission(conn, visitor, row.submission_id)
    appeal = next(one for one in appeals_of(conn, found.id, visitor.now.school) if one.id == appeal_id)
    held = bool(row.held)
    mine = appeal.given_to == visitor.me.id and (held or not appeal.runs)
    case = Case(appeal, found, row.holder or "", held, mine, may_take=appeal.runs and not held and bool(row.may_take))
    if not (mine or case.may_take or found.may_review or (taking and row.may_take)):
        raise NotFound
    return case


def need_mine(case: Case) -> None:
    if not case.mine:
        raise Forbidden(_("Somebody else judges this appeal."))
