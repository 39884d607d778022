"""A person's own uploads: fetched and authorised in one step, by the draft they are for."""

from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from assessments.assignments.models import RequirementKind
from assessments.assignments.queries import ASSIGNMENT, REQUIREMENT
from assessments.evidence.access import Where
from assessments.evidence.models import SubmissionMember
from assessments.evidence.queries import EVIDENCE, SUBMISSION
from assessments.uploads.models import Upload, UploadState
from courses.enrolment.access import my_place
from fourweek.accounts.access import Visitor
from fourweek.database import table
from fourweek.errors import NotFound
from fourweek.language import _
from fourweek.words import say_size

UPLOAD, MEMBER = table(Upload), table(SubmissionMember)
ON_THEIR_WAY = (UploadState.RECEIVING, UploadState.CHECKING)

_MINE: Select[Any] = (
    select(UPLOAD, REQUIREMENT.c.accept, SUBMISSION.c.attempt, SUBMISSION.c.state.label("draft_state"))
    .join(SUBMISSION, SUBMISSION.c.id == UPLOAD.c.submission_id)
    .join(REQUIREMENT, REQUIREMENT.c.id == UPLOAD.c.requirement_id)
    .join(ASSIGNMENT, ASSIGNMENT.c.id == SUBMISSION.c.assignment_id)
    .where(
        UPLOAD.c.person_id == bindparam("me"),
        SUBMISSION.c.enrolment_id == bindparam("enrolment"),
        ASSIGNMENT.c.key == bindparam("assignment"),
        REQUIREMENT.c.key == bindparam("slot"),
    )
)
_ONE = _MINE.where(UPLOAD.c.id == bindparam("upload"))
_LISTED = _MINE.where(UPLOAD.c.state.in_(ON_THEIR_WAY)).order_by(UPLOAD.c.id)
_FILES = (
    select(EVIDENCE.c.sha256, EVIDENCE.c.size)
    .distinct()
    .join(MEMBER, MEMBER.c.submission_id == EVIDENCE.c.submission_id)
    .where(
        MEMBER.c.person_id == bindparam("me"),
        EVIDENCE.c.kind == RequirementKind.FILES,
        EVIDENCE.c.purged_at.is_(None),
    )
    .subquery()
)
_COMING: Select[Any] = select(UPLOAD).where(UPLOAD.c.person_id == bindparam("me"), UPLOAD.c.state.in_(ON_THEIR_WAY))
_ON_THE_WAY = select(func.coalesce(func.sum(UPLOAD.c.size), 0)).where(
    UPLOAD.c.person_id == bindparam("me"), UPLOAD.c.state.in_(ON_THEIR_WAY)
)
_TAKEN: Select[Any] = select(func.coalesce(func.sum(_FILES.c.size), 0) + _ON_THE_WAY.scalar_subquery())


def my_upload(conn: Connection, visitor: Visitor, where: Where, slot: str, upload_id: str) -> Row[Any]:
    """One upload of the visitor's own, with `accept` of its slot and `attempt` and `draft_state` of its draft.

    Raises NotFound for everybody else. Two statements.
    """
    place = my_place(conn, visitor, where.known().cohort_id)
    row = conn.execute(_ONE, _keys(visitor, place.enrolment_id, where, slot) | {"upload": upload_id}).one_or_none()
    if row is None:
        raise NotFound
    return row


def my_uploads(conn: Connection, visitor: Visitor, where: Where, slot: str) -> list[Row[Any]]:
    """What is on its way to a slot, oldest first. Raises NotFound for whoever has no place in the cohort."""
    place = my_place(conn, visitor, where.known().cohort_id)
    return list(conn.execute(_LISTED, _keys(visitor, place.enrolment_id, where, slot)))


def coming(conn: Connection, person_id: str) -> list[Row[Any]]:
    """Everything a person has on its way, anywhere."""
    return list(conn.execute(_COMING, {"me": person_id}))


def space_left(conn: Connection, person_id: str, quota: int) -> int:
    """How many bytes of files a person may add: `quota` without those of their submissions and those on their way.

    A file counts once however often it was handed in. One statement.
    """
    return quota - int(conn.execute(_TAKEN, {"me": person_id}).scalar_one())


def say_full(quota: int) -> str:
    """Why a file that does not fit in is not taken."""
    return _("With this file you would have more than {size} of files here.", size=say_size(quota))


def _keys(visitor: Visitor, enrolment_id: str, where: Where, slot: str) -> dict[str, str]:
    return {"me": visitor.me.id, "enrolment": enrolment_id, "assignment": where.key, "slot": slot}
