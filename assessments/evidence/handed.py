"""One file of somebody's evidence, fetched and authorised in one step, whatever is then done with it."""

from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from assessments.allocation.conflicts import in_conflict
from assessments.assignments.models import RequirementKind
from assessments.assignments.queries import ASSIGNMENT, MODULE, REQUIREMENT
from assessments.evidence.errors import Removed
from assessments.evidence.members import is_member
from assessments.evidence.models import SubmissionState
from assessments.evidence.queries import EVIDENCE, SUBMISSION
from assessments.identity.names import ALL_NAMES, NAMING, file_called, hides, names_of
from courses.enrolment.access import ENROLMENT
from fourweek.accounts.access import Permission, Visitor
from fourweek.errors import NotFound
from fourweek.files import StoredFile
from fourweek.light import dataclass
from fourweek.scanning.gate import let_out, verdict_of

_FILE: Select[Any] = (
    select(
        EVIDENCE.c.id,
        EVIDENCE.c.position,
        EVIDENCE.c.file_name,
        EVIDENCE.c.media_type,
        EVIDENCE.c.size,
        EVIDENCE.c.sha256,
        EVIDENCE.c.note,
        EVIDENCE.c.purged_at,
        SUBMISSION.c.id.label("submission_id"),
        SUBMISSION.c.state,
        SUBMISSION.c.attempt,
        ASSIGNMENT.c.key,
        ASSIGNMENT.c.title,
        MODULE.c.number,
        REQUIREMENT.c.key.label("slot_key"),
        REQUIREMENT.c.title.label("slot"),
        ENROLMENT.c.cohort_id,
        ENROLMENT.c.section_id,
        *NAMING,
        *ALL_NAMES,
        is_member(bindparam("me")).label("is_mine"),
        in_conflict().label("in_conflict"),
        verdict_of(EVIDENCE.c.sha256),
    )
    .join(SUBMISSION, SUBMISSION.c.id == EVIDENCE.c.submission_id)
    .join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
    .join(REQUIREMENT, REQUIREMENT.c.id == EVIDENCE.c.requirement_id)
    .join(ASSIGNMENT, ASSIGNMENT.c.id == SUBMISSION.c.assignment_id)
    .join(MODULE, MODULE.c.id == ASSIGNMENT.c.module_id)
    .where(
        EVIDENCE.c.id == bindparam("evidence"),
        EVIDENCE.c.kind == RequirementKind.FILES,
    )
)


@dataclass(frozen=True, slots=True)
class HandedFile:
    """A file that the visitor may read. `back` is where they came from: the assignment, or the grading screen.

    `hidden`: whose it is stays hidden from the visitor, who gets it by a neutral name and without metadata.
    `names` are then what it must not say.
    """

    id: str
    file: StoredFile
    note: str
    title: str
    slot: str
    attempt: int
    back: str
    is_mine: bool
    hidden: bool = False
    names: tuple[str, ...] = ()


def handed_file(conn: Connection, visitor: Visitor, evidence_id: str) -> HandedFile:
    """A file for the members of its submission, or, once handed in, for those who grade in its cohort and are
    in no conflict with them.

    One statement. Raises NotFound for all others, Removed where its period is over, and HeldBack or BeingChecked for
    what a scanner has yet to let go.
    """
    keys = {"evidence": evidence_id.replace("\0", ""), "me": visitor.me.id}
    row = conn.execute(_FILE, keys).first()
    if row is None:
        raise NotFound
    handed_in = row.state is not SubmissionState.DRAFT and not row.in_conflict
    graded = handed_in and visitor.me.may(Permission.GRADE, row.cohort_id, row.section_id)
    if not (row.is_mine or graded):
        raise NotFound
    if row.purged_at is not None:
        raise Removed
    let_out(row.verdict, mine=bool(row.is_mine))
    hidden = hides(row) and not row.is_mine
    name = file_called(row, row.slot_key, row.position, row.file_name) if hidden else row.file_name
    mine = f"/cohorts/{row.cohort_id}/modules/{row.number}/assignments/{row.key}"
    return HandedFile(
        id=row.id,
        file=StoredFile(row.sha256, row.size, row.media_type, name),
        note=row.note,
        title=row.title,
        slot=row.slot,
        attempt=row.attempt,
        back=mine if row.is_mine else f"/grading/{row.submission_id}",
        is_mine=bool(row.is_mine),
        hidden=hidden,
        names=names_of(row) if hidden else (),
    )
