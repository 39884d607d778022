"""Receipts: what was received, and when."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, bindparam, exists, select

from assessments.assignments.models import RequirementKind
from assessments.assignments.queries import ASSIGNMENT, MODULE, REQUIREMENT
from assessments.evidence.members import MEMBER, is_member
from assessments.evidence.parts import removed_words
from assessments.evidence.queries import EVIDENCE, POSTED, SUBMISSION
from assessments.evidence.recorded import Recorded, say_late_rule
from assessments.evidence.words import say_name
from assessments.retention.rules import Period
from courses.cohorts.queries import COHORT, VERSION
from courses.enrolment.access import ENROLMENT
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Visitor
from fourweek.errors import NotFound
from fourweek.language import ENGLISH, N_, _, speaking, spoken
from fourweek.light import dataclass
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
        SUBMISSION.c.withdrawn_at,
        SUBMISSION.c.promised_at,
        exists(select(POSTED.c.decision_id).where(POSTED.c.submission_id == SUBMISSION.c.id)).label("is_posted"),
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
    .where(SUBMISSION.c.receipt == bindparam("receipt"), is_member(bindparam("person")))
)
_ITEMS: Select[Any] = (
    select(EVIDENCE, REQUIREMENT.c.title)
    .join(REQUIREMENT, REQUIREMENT.c.id == EVIDENCE.c.requirement_id)
    .where(EVIDENCE.c.submission_id == bindparam("submission"))
    .order_by(REQUIREMENT.c.position, EVIDENCE.c.position)
)
_PEOPLE = (
    select(PERSON.c.display_name)
    .join(MEMBER, MEMBER.c.person_id == PERSON.c.id)
    .where(MEMBER.c.submission_id == bindparam("submission"))
    .order_by(PERSON.c.display_name)
)
_KINDS = {
    RequirementKind.TEXT: N_("Text"),
    RequirementKind.FILES: N_("File"),
    RequirementKind.LINKS: N_("Link"),
    RequirementKind.CHECK: N_("Knowledge check"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was received: `kind` in words, `name` as it was sent, `size` in words.

    `note` says what was done to it before its digest, `removed` since when its content is gone.
    """

    kind: str
    name: str
    size: str
    sha256: str
    note: str = ""
    removed: str = ""

    @property
    def about(self) -> str:
        """Its kind, and what became of it."""
        return ". ".join(filter(None, (self.kind, self.note.rstrip("."), self.removed)))


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """What was received and when, by the server's clock, in the cohort's zone. `people` are those whose work it is.

    `promised` is by when they hear what came of it, None once that is posted.
    """

    receipt: str
    people: tuple[str, ...]
    at: datetime
    title: str
    course: str
    cohort: str
    module_number: int
    attempt: int
    handed_in: Said
    late: bool
    late_rule: Recorded
    integrity: str
    taken_back: Said | None
    back: str
    lines: tuple[Line, ...]
    kept: str
    promised: Said | None = None


def receipt_page(
    conn: Connection, visitor: Visitor, receipt: str, kept_days: int, *, in_english: bool = False
) -> ReceiptPage:
    """A receipt for the members of its submission, three statements; what becomes a document is said in English.

    Raises NotFound for everybody else.
    """
    with speaking(ENGLISH if in_english else spoken()):
        return _page(conn, visitor, receipt, kept_days)


def _page(conn: Connection, visitor: Visitor, receipt: str, kept_days: int) -> ReceiptPage:
    keys = {"receipt": receipt.replace("\0", ""), "person": visitor.me.id, "now": visitor.now.school}
    row = conn.execute(_RECEIPT, keys).first()
    if row is None:
        raise NotFound
    rows = conn.execute(_ITEMS, {"submission": row.id}).all()
    here, viewer = zone(row.zone), zone(visitor.me.zone)
    return ReceiptPage(
        receipt=row.receipt,
        people=tuple(conn.execute(_PEOPLE, {"submission": row.id}).scalars()),
        at=row.submitted_at,
        title=row.title,
        course=row.course,
        cohort=row.cohort,
        module_number=row.number,
        attempt=row.attempt,
        handed_in=say_instant(row.submitted_at, here, viewer),
        late=row.late,
        late_rule=say_late_rule(row.late_rule),
        integrity=row.integrity,
        taken_back=say_instant(row.withdrawn_at, here, viewer) if row.withdrawn_at else None,
        back=f"/cohorts/{row.cohort_id}/modules/{row.number}/assignments/{row.key}",
        lines=tuple(_line(one, here) for one in rows),
        kept=_period(row, rows, visitor.now.school, here).words(kept_days),
        promised=_promised(row, here, viewer),
    )


def _promised(row: Any, here: ZoneInfo, viewer: ZoneInfo) -> Said | None:
    waits = row.withdrawn_at is None and not row.is_posted
    return say_instant(row.promised_at, here, viewer) if row.promised_at and waits else None


def _period(row: Any, rows: Iterable[Any], now: datetime, here: ZoneInfo) -> Period:
    gone = any(one.purged_at is not None for one in rows)
    return Period(row.withdrawn_at or row.submitted_at, now, here, gone)


def _line(row: Any, here: ZoneInfo) -> Line:
    return Line(
        kind=_(_KINDS[row.kind]),
        name=say_name(row, row.title),
        size=say_size(row.size),
        sha256=row.sha256,
        note=_(row.note),
        removed=removed_words(row.purged_at, here) if row.purged_at else "",
    )
