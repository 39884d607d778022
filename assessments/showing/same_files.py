"""The same file handed in by two people of a course: told to those who lead, who judge what it means.

By its digest, among what is handed in and not purged; not a file that the course itself gives out, nor an empty one.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, exists, func, select

from assessments.assignments.models import RequirementKind
from assessments.assignments.queries import REQUIREMENT
from assessments.evidence.members import MEMBER
from assessments.evidence.models import SubmissionState
from assessments.evidence.queries import EVIDENCE
from assessments.grading.access import ASSIGNMENT, COHORT, ENROLMENT, SOURCE, SUBMISSION, VERSION, in_scope, serves
from assessments.identity.names import NAMING, file_called
from courses.catalogue.models import CourseFile
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Permission, Visitor
from fourweek.database import table
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.words import say_size

ADDRESS = "/staff/same-files"
MOST_OTHERS = 50
"""Works that the grading screen names."""
_GIVEN, _GIVEN_VERSION = table(CourseFile), VERSION.alias("given_version")
_THEIRS, _OTHER, _OTHER_VERSION = EVIDENCE.alias("theirs"), SUBMISSION.alias("other"), VERSION.alias("other_version")
_OTHER_TASK, _OTHER_PLACE, _OTHER_COHORT = ASSIGNMENT.alias("task"), ENROLMENT.alias("place"), COHORT.alias("class")
_MINE, _TOO = MEMBER.alias("mine"), MEMBER.alias("too")

_OTHERS = (
    _THEIRS.join(_OTHER, _OTHER.c.id == _THEIRS.c.submission_id)
    .join(_OTHER_TASK, _OTHER_TASK.c.id == _OTHER.c.assignment_id)
    .join(_OTHER_VERSION, _OTHER_VERSION.c.id == _OTHER_TASK.c.version_id)
)


def _is_file(evidence: Any, submission: Any) -> ColumnElement[bool]:
    """What was handed in as a file, and is there."""
    return and_(
        evidence.c.kind == RequirementKind.FILES,
        evidence.c.size > 0,
        evidence.c.purged_at.is_(None),
        submission.c.state != SubmissionState.DRAFT,
    )


_SHARED = exists(
    select(_MINE.c.person_id)
    .join(_TOO, _TOO.c.person_id == _MINE.c.person_id)
    .where(_MINE.c.submission_id == SUBMISSION.c.id, _TOO.c.submission_id == _OTHER.c.id)
    .correlate(SUBMISSION, _OTHER)
)
_GIVEN_OUT = exists(
    select(_GIVEN.c.id)
    .join(_GIVEN_VERSION, _GIVEN_VERSION.c.id == _GIVEN.c.version_id)
    .where(_GIVEN_VERSION.c.course_id == VERSION.c.course_id, _GIVEN.c.sha256 == EVIDENCE.c.sha256)
    .correlate(VERSION, EVIDENCE)
)
_SAME = (
    _THEIRS.c.sha256 == EVIDENCE.c.sha256,
    _OTHER_VERSION.c.course_id == VERSION.c.course_id,
    _is_file(_THEIRS, _OTHER),
    ~_SHARED,
)
_NAME = (EVIDENCE.c.file_name, EVIDENCE.c.position, REQUIREMENT.c.key.label("slot_key"), *NAMING)
_OF_SUBMISSION: Select[Any] = (
    select(
        *_NAME,
        EVIDENCE.c.sha256,
        _OTHER.c.id.label("submission_id"),
        _OTHER.c.receipt,
        _OTHER.c.attempt,
        _OTHER_TASK.c.title,
        _OTHER_COHORT.c.id.label("cohort_id"),
        _OTHER_COHORT.c.name.label("cohort"),
    )
    .select_from(
        SOURCE.join(EVIDENCE, EVIDENCE.c.submission_id == SUBMISSION.c.id)
        .join(REQUIREMENT, REQUIREMENT.c.id == EVIDENCE.c.requirement_id)
        .join(_THEIRS, _THEIRS.c.sha256 == EVIDENCE.c.sha256)
        .join(_OTHER, _OTHER.c.id == _THEIRS.c.submission_id)
        .join(_OTHER_TASK, _OTHER_TASK.c.id == _OTHER.c.assignment_id)
        .join(_OTHER_VERSION, _OTHER_VERSION.c.id == _OTHER_TASK.c.version_id)
        .join(_OTHER_PLACE, _OTHER_PLACE.c.id == _OTHER.c.enrolment_id)
        .join(_OTHER_COHORT, _OTHER_COHORT.c.id == _OTHER_PLACE.c.cohort_id)
    )
    .where(SUBMISSION.c.id == bindparam("submission"), _is_file(EVIDENCE, SUBMISSION), *_SAME, ~_GIVEN_OUT)
    .order_by(EVIDENCE.c.position, EVIDENCE.c.id, _OTHER.c.submitted_at, _OTHER.c.id)
    .limit(MOST_OTHERS)
)
_OTHER_WORKS = (
    select(func.count(_OTHER.c.id.distinct()))
    .select_from(_OTHERS)
    .where(*_SAME)
    .correlate(EVIDENCE, SUBMISSION, VERSION)
)
_FLAGGED = (
    _is_file(EVIDENCE, SUBMISSION),
    exists(select(_THEIRS.c.id).select_from(_OTHERS).where(*_SAME).correlate(EVIDENCE, SUBMISSION, VERSION)),
    ~_GIVEN_OUT,
    *in_scope(),
)
_FROM = SOURCE.join(EVIDENCE, EVIDENCE.c.submission_id == SUBMISSION.c.id).join(
    REQUIREMENT, REQUIREMENT.c.id == EVIDENCE.c.requirement_id
)
_COUNT = select(func.count()).select_from(_FROM).where(*_FLAGGED)
_ROWS: Select[Any] = (
    select(
        *_NAME,
        EVIDENCE.c.size,
        SUBMISSION.c.id.label("submission_id"),
        SUBMISSION.c.receipt,
        SUBMISSION.c.attempt,
        SUBMISSION.c.submitted_at,
        ASSIGNMENT.c.title,
        COHORT.c.name.label("cohort"),
        VERSION.c.title.label("course"),
        COHORT.c.zone,
        _OTHER_WORKS.scalar_subquery().label("others"),
    )
    .select_from(_FROM)
    .where(*_FLAGGED)
    .order_by(SUBMISSION.c.submitted_at.desc(), EVIDENCE.c.id)
    .limit(PER_PAGE)
    .offset(bindparam("skip"))
)


@dataclass(frozen=True, slots=True)
class OtherWork:
    """A work with the same file; `href` leads to it, "" where the visitor does not lead its cohort."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class SameFile:
    """A file of a work that others handed in, too."""

    name: str
    others: tuple[OtherWork, ...]


@dataclass(frozen=True, slots=True)
class SameRow:
    """A file on the list of those who lead; `others` is the number of other works it is in."""

    name: str
    size: str
    title: str
    cohort: str
    work: str
    href: str
    handed_in: Said
    others: int


@dataclass(frozen=True, slots=True)
class SamePage:
    rows: tuple[SameRow, ...]
    pager: Pager


def same_files(conn: Connection, visitor: Visitor, submission_id: str) -> tuple[SameFile, ...]:
    """Files of a work that the visitor leads which other people of the course handed in; one statement."""
    rows = conn.execute(_OF_SUBMISSION, {"submission": submission_id, "me": visitor.me.id}).all()
    return tuple(
        SameFile(name, tuple(dict.fromkeys(_other(visitor, row) for row in group)))
        for (name, _digest), group in groupby(rows, key=lambda row: (_called(row), row.sha256))
    )


def _called(row: Any) -> str:
    return file_called(row, row.slot_key, row.position, row.file_name)


def _other(visitor: Visitor, row: Any) -> OtherWork:
    if not visitor.me.may(Permission.REVIEW_GRADES, row.cohort_id):
        return OtherWork(_("A work in a cohort of this course that somebody else leads"), "")
    words = _("{title}, {work}, cohort {cohort}", title=row.title, work=_work(row), cohort=row.cohort)
    return OtherWork(words, f"/grading/{row.submission_id}")


def _work(row: Any) -> str:
    if row.receipt:
        return _("attempt {number}, receipt {receipt}", number=row.attempt, receipt=row.receipt)
    return _("attempt {number}", number=row.attempt)


def same_page(conn: Connection, visitor: Visitor, number: int = 1) -> SamePage:
    """Files of the cohorts the visitor leads, newest first; two statements. Raises NotFound for everybody else."""
    values = serves(visitor, Permission.REVIEW_GRADES)
    total = conn.execute(_COUNT, values).scalar_one()
    rows = conn.execute(_ROWS, values | {"skip": offset(number)})
    return SamePage(tuple(_rows(rows, visitor)), pager(number, total, lambda page: ADDRESS + query(page=page)))


def _rows(rows: Iterable[Any], visitor: Visitor) -> Iterable[SameRow]:
    for row in rows:
        yield SameRow(
            name=_called(row),
            size=say_size(row.size),
            title=row.title,
            cohort=_("{course}, {cohort}", course=row.course, cohort=row.cohort),
            work=_work(row),
            href=f"/grading/{row.submission_id}",
            handed_in=say_instant(row.submitted_at, zone(row.zone), zone(visitor.me.zone), visitor.now.school),
            others=row.others,
        )
