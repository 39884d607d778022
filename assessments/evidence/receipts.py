"""Receipts, and the very bytes they name."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from assessments.assignments.models import RequirementKind
from assessments.assignments.queries import ASSIGNMENT, MODULE, REQUIREMENT
from assessments.evidence.models import SubmissionState
from assessments.evidence.parts import item_view
from assessments.evidence.queries import EVIDENCE, SUBMISSION
from assessments.evidence.views import ItemView
from courses.cohorts.queries import COHORT, VERSION
from courses.enrolment.access import ENROLMENT
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Permission, Visitor
from fourweek.errors import NotFound
from fourweek.files import StoredFile
from fourweek.words import say_size

_RECEIPT: Select[Any] = (
    select(
        SUBMISSION.c.id,
        SUBMISSION.c.attempt,
        SUBMISSION.c.submitted_at,
        SUBMISSION.c.receipt,
        SUBMISSION.c.late,
        SUBMISSION.c.late_rule,
        SUBMISSION.c.integrity,
        ASSIGNMENT.c.key,
        ASSIGNMENT.c.title,
        MODULE.c.number,
        VERSION.c.title.label("course"),
        COHORT.c.id.label("cohort_id"),
        COHORT.c.name.label("cohort"),
        COHORT.c.zone,
    )
    .join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .join(ASSIGNMENT, ASSIGNMENT.c.id == SUBMISSION.c.assignment_id)
    .join(MODULE, MODULE.c.id == ASSIGNMENT.c.module_id)
    .join(VERSION, VERSION.c.id == ASSIGNMENT.c.version_id)
    .where(SUBMISSION.c.receipt == bindparam("receipt"), ENROLMENT.c.person_id == bindparam("person"))
)
_ITEMS: Select[Any] = (
    select(EVIDENCE, REQUIREMENT.c.title)
    .join(REQUIREMENT, REQUIREMENT.c.id == EVIDENCE.c.requirement_id)
    .where(EVIDENCE.c.submission_id == bindparam("submission"))
    .order_by(REQUIREMENT.c.position, EVIDENCE.c.position)
)
_FILE: Select[Any] = (
    select(
        EVIDENCE.c.file_name,
        EVIDENCE.c.media_type,
        EVIDENCE.c.size,
        EVIDENCE.c.sha256,
        SUBMISSION.c.state,
        ENROLMENT.c.person_id,
        ENROLMENT.c.cohort_id,
    )
    .join(SUBMISSION, SUBMISSION.c.id == EVIDENCE.c.submission_id)
    .join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
    .where(EVIDENCE.c.id == bindparam("evidence"), EVIDENCE.c.kind == RequirementKind.FILES)
)

_KINDS = {RequirementKind.TEXT: "Text", RequirementKind.FILES: "File", RequirementKind.LINKS: "Link"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was received: `kind` in words, `name` as it was sent, `size` in words."""

    kind: str
    name: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """What was received and when, by the server's clock, in the cohort's zone."""

    receipt: str
    title: str
    course: str
    cohort: str
    module_number: int
    attempt: int
    handed_in: Said
    late: bool
    late_rule: str
    integrity: str
    back: str
    lines: tuple[Line, ...]
    items: tuple[ItemView, ...]


def receipt_page(conn: Connection, visitor: Visitor, receipt: str) -> ReceiptPage:
    """The visitor's own receipt, two statements. Raises NotFound for everybody else's."""
    keys = {"receipt": receipt.replace("\0", ""), "person": visitor.me.id}
    row = conn.execute(_RECEIPT, keys).first()
    if row is None:
        raise NotFound
    rows = conn.execute(_ITEMS, {"submission": row.id}).all()
    by_slot = groupby(rows, key=lambda one: (one.requirement_id, one.title))
    return ReceiptPage(
        receipt=row.receipt,
        title=row.title,
        course=row.course,
        cohort=row.cohort,
        module_number=row.number,
        attempt=row.attempt,
        handed_in=say_instant(row.submitted_at, zone(row.zone), zone(visitor.me.zone)),
        late=row.late,
        late_rule=row.late_rule,
        integrity=row.integrity,
        back=f"/cohorts/{row.cohort_id}/modules/{row.number}/assignments/{row.key}",
        lines=tuple(
            Line(_KINDS[one.kind], one.file_name or one.url or one.title, say_size(one.size), one.sha256)
            for one in rows
        ),
        items=tuple(item_view(title, tuple(group)) for (_, title), group in by_slot),
    )


def evidence_file(conn: Connection, visitor: Visitor, evidence_id: str) -> StoredFile:
    """The learner's own file, or one that was handed in for those who grade in its cohort; NotFound otherwise."""
    row = conn.execute(_FILE, {"evidence": evidence_id.replace("\0", "")}).first()
    if row is None:
        raise NotFound
    mine = row.person_id == visitor.me.id
    graded = row.state is not SubmissionState.DRAFT and visitor.me.may(Permission.GRADE, row.cohort_id)
    if not (mine or graded):
        raise NotFound
    return StoredFile(row.sha256, row.size, row.media_type, row.file_name)
