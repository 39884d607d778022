"""Where a content was handed in, for those who are told of it and those who settle it. No names of people."""

from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, or_, select, union_all

from assessments.assignments.models import RequirementKind
from assessments.assignments.queries import ASSIGNMENT, MODULE
from assessments.evidence.members import MEMBER
from assessments.evidence.models import SubmissionState
from assessments.evidence.queries import EVIDENCE, SUBMISSION
from assessments.names.models import NameChange
from assessments.stated.queries import STATED
from courses.cohorts.queries import COHORT, VERSION
from courses.enrolment.access import ENROLMENT
from fourweek.database import table
from fourweek.language import _
from fourweek.language.stored import Kept, in_each_language
from fourweek.light import dataclass

CHANGE = table(NameChange)
MOST = 200
_WORKS: Select[Any] = (
    select(
        SUBMISSION.c.id,
        SUBMISSION.c.attempt,
        SUBMISSION.c.receipt,
        ASSIGNMENT.c.key,
        ASSIGNMENT.c.title,
        MODULE.c.number,
        COHORT.c.id.label("cohort_id"),
        COHORT.c.name.label("cohort"),
        VERSION.c.title.label("course"),
        MEMBER.c.person_id,
    )
    .distinct()
    .join_from(EVIDENCE, SUBMISSION, SUBMISSION.c.id == EVIDENCE.c.submission_id)
    .join(MEMBER, MEMBER.c.submission_id == SUBMISSION.c.id)
    .join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .join(ASSIGNMENT, ASSIGNMENT.c.id == SUBMISSION.c.assignment_id)
    .join(MODULE, MODULE.c.id == ASSIGNMENT.c.module_id)
    .join(VERSION, VERSION.c.id == MODULE.c.version_id)
    .where(
        EVIDENCE.c.sha256 == bindparam("sha256"),
        EVIDENCE.c.kind == RequirementKind.FILES,
        EVIDENCE.c.purged_at.is_(None),
        SUBMISSION.c.state != SubmissionState.WITHDRAWN,
    )
    .order_by(SUBMISSION.c.id, MEMBER.c.person_id)
)
_NAMES: Select[Any] = select(CHANGE.c.id, CHANGE.c.person_id, CHANGE.c.asked_by).where(
    CHANGE.c.evidence_sha256 == bindparam("sha256")
)
_STATED: Select[Any] = select(STATED.c.id, STATED.c.person_id).where(
    STATED.c.evidence_sha256 == bindparam("sha256"), STATED.c.removed_at.is_(None)
)
_ME: BindParameter[str] = bindparam("me")
_MINE = union_all(
    select(EVIDENCE.c.id)
    .join(MEMBER, MEMBER.c.submission_id == EVIDENCE.c.submission_id)
    .where(EVIDENCE.c.sha256 == bindparam("sha256"), MEMBER.c.person_id == _ME),
    _NAMES.with_only_columns(CHANGE.c.id).where(or_(CHANGE.c.person_id == _ME, CHANGE.c.asked_by == _ME)),
    _STATED.with_only_columns(STATED.c.id).where(STATED.c.person_id == _ME),
).limit(1)


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that holds the content: its id, what it is called, and its own page for the person who sent it."""

    id: str
    person_id: str
    title: Kept
    words: str
    path: str


def is_mine(conn: Connection, sha256: str, person_id: str) -> bool:
    """Whether a person sent this content, also in what they took back since; one statement."""
    return conn.execute(_MINE, {"sha256": sha256, "me": person_id}).first() is not None


def places_of(conn: Connection, sha256: str, *, most: int | None = MOST) -> tuple[Place, ...]:
    """The places, so many at most of each kind; three statements. Whoever calls has authorised it."""
    value = {"sha256": sha256}
    works = tuple(_work(row) for row in conn.execute(_WORKS.limit(most), value))
    names = conn.execute(_NAMES.limit(most), value)
    stated = conn.execute(_STATED.limit(most), value)
    return (
        *works,
        *map(_name, names),
        *(
            Place(
                row.id,
                row.person_id,
                in_each_language(lambda: _("credit from elsewhere")),
                _("A certificate of credit from elsewhere"),
                _ELSEWHERE,
            )
            for row in stated
        ),
    )


_ELSEWHERE = "/licences/elsewhere"


def _name(row: Any) -> Place:
    """It was sent by whoever asked, which may be a registrar for somebody else."""
    own = row.asked_by == row.person_id
    title = in_each_language(lambda: _("your name") if own else _("a change of name"))
    path = "/account/name" if own else f"/names/{row.id}"
    return Place(row.id, row.asked_by, title, _("A document with a change of name"), path)


def _work(row: Any) -> Place:
    where = {"assignment": row.title, "attempt": row.attempt, "place": f"{row.course}, {row.cohort}"}
    words = (
        _("{assignment} (attempt {attempt}, receipt {receipt}), {place}", **where, receipt=row.receipt)
        if row.receipt
        else _("{assignment} (attempt {attempt}, not handed in yet), {place}", **where)
    )
    return Place(
        id=row.id,
        person_id=row.person_id,
        title=row.title,
        words=words,
        path=f"/cohorts/{row.cohort_id}/modules/{row.number}/assignments/{row.key}",
    )
