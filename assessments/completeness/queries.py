"""Reading what the rules look at, and which submissions they have not looked at yet."""

from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, select

from assessments.assignments.models import RequirementKind
from assessments.assignments.queries import REQUIREMENT
from assessments.completeness.models import CompletenessCheck
from assessments.completeness.rules import Held, given
from assessments.evidence.models import SubmissionState
from assessments.evidence.queries import EVIDENCE, SUBMISSION
from assessments.evidence.tasks import slot_of
from fourweek.database import table
from fourweek.light import dataclass

CHECK = table(CompletenessCheck)
_NOT_RULED = CHECK.c.ruled_at.is_(None)
_WAITING: Select[Any] = (
    select(SUBMISSION.c.id)
    .outerjoin(CHECK, CHECK.c.submission_id == SUBMISSION.c.id)
    .where(SUBMISSION.c.state == SubmissionState.SUBMITTED, _NOT_RULED)
    .order_by(SUBMISSION.c.submitted_at)
    .limit(bindparam("most"))
)
_RULED = select(CHECK.c.submission_id).where(CHECK.c.submission_id == bindparam("submission"), ~_NOT_RULED)
_HELD: Select[Any] = (
    select(
        REQUIREMENT,
        EVIDENCE.c.id.label("evidence_id"),
        EVIDENCE.c.text,
        EVIDENCE.c.url,
        EVIDENCE.c.sha256,
        EVIDENCE.c.size,
        EVIDENCE.c.media_type,
        EVIDENCE.c.purged_at,
    )
    .select_from(
        SUBMISSION.join(REQUIREMENT, REQUIREMENT.c.assignment_id == SUBMISSION.c.assignment_id).outerjoin(
            EVIDENCE,
            and_(EVIDENCE.c.requirement_id == REQUIREMENT.c.id, EVIDENCE.c.submission_id == SUBMISSION.c.id),
        )
    )
    .where(SUBMISSION.c.id == bindparam("submission"))
    .order_by(REQUIREMENT.c.position, EVIDENCE.c.position)
)


@dataclass(frozen=True, slots=True)
class File:
    """A file of the evidence: which slot it is in (its key) and its number there, from 1."""

    requirement: str
    number: int
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Work:
    """What the rules look at: the slots as they were handed in, and the files in them."""

    submission_id: str
    slots: tuple[Held, ...]
    files: tuple[File, ...]


def not_ruled(conn: Connection, most: int) -> list[str]:
    """Submissions that wait and that the rules have not looked at, the oldest first; one statement."""
    return [str(row.id) for row in conn.execute(_WAITING, {"most": most})]


def work_of(conn: Connection, submission_id: str) -> Work | None:
    """What the rules look at; None where they did already. At most two statements. The caller has authorised it."""
    if conn.execute(_RULED, {"submission": submission_id}).first() is not None:
        return None
    slots, files = [], list[File]()
    for key, group in groupby(conn.execute(_HELD, {"submission": submission_id}), key=lambda row: row.key):
        rows = list(group)
        pieces = [row for row in rows if row.evidence_id is not None and row.purged_at is None]
        slots.append(_held(rows[0], pieces))
        if rows[0].kind is RequirementKind.FILES:
            numbered = enumerate(pieces, 1)
            files += [File(key, number, row.sha256, row.size or 0, row.media_type) for number, row in numbered]
    return Work(submission_id, tuple(slots), tuple(files))


def _held(first: Any, pieces: list[Any]) -> Held:
    slot = slot_of(first)
    links = [row.url for row in pieces if first.kind is RequirementKind.LINKS]
    files = len(pieces) if first.kind is RequirementKind.FILES else 0
    return Held(slot.asked, slot.prompt_html, given(first.kind, [row.text for row in pieces], links, files))
