"""A submission as those who grade may hold it: fetched and authorised in one step."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Connection, String, bindparam, exists, or_, select

from assessments.allocation.conflicts import in_conflict
from assessments.appeals.blind import is_blind
from assessments.assignments.models import Assignment
from assessments.evidence.members import is_member
from assessments.evidence.models import Step, Submission, SubmissionState
from assessments.grading.errors import NoGraderAnyMore
from assessments.grading.models import Claim, Rating, RatingState
from assessments.identity.names import NAMING, hides, learner_called
from assessments.second.models import SecondRating
from assessments.terms.queries import HOLIDAYS
from courses.catalogue.models import CourseVersion, Module
from courses.cohorts.models import Cohort
from courses.enrolment.models import Enrolment
from fourweek.accounts.access import EVERYWHERE, Permission, SignedIn, Visitor
from fourweek.accounts.models import Person
from fourweek.database import lock, table
from fourweek.errors import Forbidden, NotFound
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.prepared import Prepared

SUBMISSION, ENROLMENT, COHORT, VERSION = table(Submission), table(Enrolment), table(Cohort), table(CourseVersion)
ASSIGNMENT, MODULE, CLAIM = table(Assignment), table(Module), table(Claim)
RATING, SECOND = table(Rating), table(SecondRating)
HOLDER, GIVEE = table(Person).alias("holder"), table(Person).alias("givee")
_ANY_OF_MINE = select(RATING.c.id).where(
    RATING.c.submission_id == SUBMISSION.c.id, RATING.c.grader_id == bindparam("me", type_=String)
)
RATED = exists(_ANY_OF_MINE.where(RATING.c.state == RatingState.DONE).correlate(SUBMISSION))
"""Whether `me` is done with rating a submission."""

_SECOND = select(SECOND.c.submission_id).where(SECOND.c.submission_id == SUBMISSION.c.id)
_SECOND_ASKED = exists(_SECOND.where(SECOND.c.closed_at.is_(None)).correlate(SUBMISSION))
_RATED_TWICE = exists(_SECOND.where(SECOND.c.agreed.is_not(None)).correlate(SUBMISSION))

SOURCE = (
    SUBMISSION.join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .join(ASSIGNMENT, ASSIGNMENT.c.id == SUBMISSION.c.assignment_id)
    .join(MODULE, MODULE.c.id == ASSIGNMENT.c.module_id)
    .join(VERSION, VERSION.c.id == ASSIGNMENT.c.version_id)
)
IN_ALL_VERSIONS = VERSION.c.course_id + "/" + ASSIGNMENT.c.key
"""What an assignment is known by in every version of its course; for rows that select from SOURCE."""

COLUMNS = (
    SUBMISSION.c.id,
    SUBMISSION.c.enrolment_id,
    SUBMISSION.c.assignment_id,
    SUBMISSION.c.rubric_id,
    SUBMISSION.c.attempt,
    SUBMISSION.c.state,
    SUBMISSION.c.step,
    SUBMISSION.c.given_to,
    SUBMISSION.c.promised_at,
    SUBMISSION.c.submitted_at,
    SUBMISSION.c.receipt,
    SUBMISSION.c.late,
    SUBMISSION.c.late_rule,
    SUBMISSION.c.integrity,
    SUBMISSION.c.changes,
    SUBMISSION.c.closed_slots,
    SUBMISSION.c.withdrawn_at,
    ENROLMENT.c.person_id.label("learner_id"),
    ENROLMENT.c.section_id,
    COHORT.c.id.label("cohort_id"),
    COHORT.c.name.label("cohort_name"),
    COHORT.c.zone.label("cohort_zone"),
    ASSIGNMENT.c.key.label("assignment_key"),
    ASSIGNMENT.c.title,
    MODULE.c.number.label("module_number"),
    VERSION.c.title.label("course_title"),
)
_FOUND = Prepared(
    select(
        *COLUMNS,
        *NAMING,
        CLAIM.c.grader_id,
        CLAIM.c.until,
        HOLDER.c.display_name.label("grader_name"),
        GIVEE.c.display_name.label("given_name"),
        HOLIDAYS,
        RATED.label("rated"),
        exists(_ANY_OF_MINE.correlate(SUBMISSION)).label("typed"),
        _SECOND_ASKED.label("second_asked"),
        _RATED_TWICE.label("rated_twice"),
        in_conflict().label("in_conflict"),
        is_blind().label("blind"),
        is_member(bindparam("me", type_=String)).label("is_mine"),
    )
    .select_from(
        SOURCE.outerjoin(CLAIM, CLAIM.c.submission_id == SUBMISSION.c.id)
        .outerjoin(HOLDER, HOLDER.c.id == CLAIM.c.grader_id)
        .outerjoin(GIVEE, GIVEE.c.id == SUBMISSION.c.given_to)
    )
    .where(SUBMISSION.c.id == bindparam("submission"), SUBMISSION.c.state != SubmissionState.DRAFT)
)


@dataclass(frozen=True, slots=True)
class Held:
    """The lease on a submission (real clock)."""

    grader_id: str
    grader_name: str
    until: datetime

    def lasts(self, real: datetime) -> bool:
        return self.until > real


@dataclass(frozen=True, slots=True)
class Found:
    """A submission that the visitor may see, with what they may do to it. Instants but the lease: school's clock.

    `changes` is what the learner says they changed; `closed_slots` are the keys of requirements that the attempt did
    not open. `learner` is what the visitor calls whose work it is; `hidden`: that is the `pseudonym`, since the cohort
    is `anonymous` and this visitor did not look behind it. `given_to` is the grader it is allocated to, `rated`: the
    visitor's rating of it is done, `second_asked`: a second rating is to come or not settled yet, `rated_twice`: both
    were compared, `blind`: the visitor has yet to judge an appeal about this work. `promised_at` is until when the
    learner was told to expect a decision, `holidays` as `terms.queries.HOLIDAYS` reads them.
    """

    id: str
    enrolment_id: str
    assignment_id: str
    assignment_key: str
    rubric_id: str
    attempt: int
    state: SubmissionState
    step: Step
    given_to: str | None
    given_name: str
    promised_at: datetime | None
    holidays: str | None
    rated: bool
    second_asked: bool
    rated_twice: bool
    blind: bool
    submitted_at: datetime
    receipt: str
    late: bool
    late_rule: str
    integrity: str
    changes: str
    closed_slots: tuple[str, ...]
    withdrawn_at: datetime | None
    learner_id: str
    learner: str
    pseudonym: str
    anonymous: bool
    hidden: bool
    section_id: str | None
    cohort_id: str
    cohort_name: str
    cohort_zone: str
    title: str
    module_number: int
    course_title: str
    claim: Held | None
    may_grade: bool
    may_review: bool
    may_change: bool

    @property
    def waits(self) -> bool:
        return self.state is SubmissionState.SUBMITTED

    @property
    def is_blind(self) -> bool:
        """Whether the visitor may still give the second rating, and so learns neither who gave the first nor what."""
        return self.waits and self.step is Step.SECOND and not self.rated

    @property
    def gone_words(self) -> str:
        """Why what does not wait any more cannot be graded."""
        if self.state is SubmissionState.WITHDRAWN:
            return _("This was taken back by the learner a moment ago.")
        return _("This has been decided meanwhile.")


def graded_submission(conn: Connection, visitor: Visitor, submission_id: str) -> Found:
    """A submission for those who grade, lead or keep the record of its cohort; one statement.

    Raises NotFound for everybody else, for a draft, for one's own work and for that of those one is in conflict with;
    NoGraderAnyMore for a former grader who has it on the desk or has typed something about it.
    """
    row = _FOUND.first(conn, submission=submission_id, me=visitor.me.id)
    if row is None or row.is_mine or row.learner_id == visitor.me.id or row.in_conflict:
        raise NotFound
    found = _found(row, visitor.me)
    if not (found.may_grade or found.may_change):
        raise NoGraderAnyMore if row.typed or row.grader_id == visitor.me.id else NotFound
    return found


def held_submission(conn: Connection, visitor: Visitor, submission_id: str) -> Found:
    """`graded_submission` for whoever is about to decide about it: its row stays locked until the transaction ends."""
    lock(conn, SUBMISSION, submission_id)
    return graded_submission(conn, visitor, submission_id)


def need_grader(found: Found) -> None:
    if not found.may_grade:
        raise Forbidden


def need_lead(found: Found) -> None:
    if not found.may_review:
        raise Forbidden(_("Only the lead of this cohort may do this."))


def serves(visitor: Visitor, permission: Permission) -> dict[str, Any]:
    """Values for `in_scope`. Raises NotFound for somebody without the permission anywhere."""
    scopes = visitor.me.scopes(permission)
    if not scopes:
        raise NotFound
    return {"everywhere": EVERYWHERE in scopes, "scopes": sorted(scopes), "me": visitor.me.id}


def in_scope() -> tuple[ColumnElement[bool], ...]:
    """Submissions of the cohorts and sections the visitor serves, not their own nor of those they are in conflict with.

    Takes the values of `serves`.
    """
    return (
        or_(
            bindparam("everywhere", type_=Boolean),
            ENROLMENT.c.cohort_id.in_(bindparam("scopes", expanding=True)),
            ENROLMENT.c.section_id.in_(bindparam("scopes", expanding=True)),
        ),
        ENROLMENT.c.person_id != bindparam("me", type_=String),
        ~is_member(bindparam("me", type_=String)),
        ~in_conflict(),
    )


def _found(row: Any, me: SignedIn) -> Found:
    claim = Held(row.grader_id, row.grader_name, row.until) if row.grader_id else None
    may_review = me.may(Permission.REVIEW_GRADES, row.cohort_id, row.section_id)
    facts = {column.name: getattr(row, column.name) for column in COLUMNS}
    facts |= {"receipt": row.receipt or "", "closed_slots": tuple(row.closed_slots)}
    if hides(row):  # a date of one's own would tell whose it is
        facts["late_rule"] = ""
    return Found(
        **facts,
        learner=learner_called(row),
        pseudonym=row.pseudonym,
        anonymous=bool(row.anonymous),
        hidden=hides(row),
        given_name=row.given_name or "",
        holidays=row.holidays,
        rated=bool(row.rated),
        second_asked=bool(row.second_asked),
        rated_twice=bool(row.rated_twice),
        blind=bool(row.blind),
        claim=claim,
        may_grade=me.may(Permission.GRADE, row.cohort_id, row.section_id),
        may_review=may_review,
        may_change=may_review or me.may(Permission.KEEP_RECORD, row.cohort_id),
    )
