"""Looking behind a pseudonym: by a lead, with a reason, for one learner and assignment. It is never undone."""

from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from assessments.grading.access import Found, graded_submission, held_submission, need_lead
from assessments.identity.models import Reveal
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Visitor
from fourweek.audit.service import record
from fourweek.database import add, new_id, table
from fourweek.errors import Conflict, Invalid
from fourweek.language import _
from fourweek.light import dataclass

LONGEST, MOST_SHOWN = 4_000, 50
REVEAL = table(Reveal)
_LOOKED: Select[Any] = (
    select(PERSON.c.display_name, REVEAL.c.revealed_at, REVEAL.c.reason)
    .join(PERSON, PERSON.c.id == REVEAL.c.lead_id)
    .where(REVEAL.c.enrolment_id == bindparam("enrolment"), REVEAL.c.assignment_key == bindparam("key"))
    .order_by(REVEAL.c.revealed_at.desc(), REVEAL.c.id.desc())
    .limit(MOST_SHOWN)
)


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked behind the pseudonym, and why."""

    by: str
    at: Said
    reason: str


@dataclass(frozen=True, slots=True)
class WhosePage:
    """Whose work it is as far as this lead may see, and everybody who looked, the newest first."""

    found: Found
    looks: tuple[Look, ...]
    reason: str = ""
    error: str = ""


def whose_page(conn: Connection, visitor: Visitor, submission_id: str) -> WhosePage:
    """For leads, two statements. Raises Forbidden for those who only grade, NotFound for everybody else."""
    found = graded_submission(conn, visitor, submission_id)
    need_lead(found)
    rows = conn.execute(_LOOKED, {"enrolment": found.enrolment_id, "key": found.assignment_key}).all()
    here, own = zone(found.cohort_zone), zone(visitor.me.zone)
    looks = (
        Look(row.display_name, say_instant(row.revealed_at, here, own, visitor.now.real), row.reason) for row in rows
    )
    return WhosePage(found, tuple(looks))


def reveal(conn: Connection, visitor: Visitor, submission_id: str, reason: str) -> None:
    """From now on this lead sees the learner's name in every attempt at the assignment; once more changes nothing.

    Raises as `whose_page` does, Conflict where grading is not anonymous, Invalid without a reason.
    """
    found = held_submission(conn, visitor, submission_id)
    need_lead(found)
    if not found.anonymous:
        raise Conflict(_("Grading is not anonymous in this cohort: names are shown."))
    if not found.hidden:
        return
    if problem := _problem(reason):
        raise Invalid({"reason": problem})
    row = Reveal(
        id=new_id(),
        enrolment_id=found.enrolment_id,
        assignment_key=found.assignment_key,
        lead_id=visitor.me.id,
        reason=reason.strip(),
        revealed_at=visitor.now.real,
    )
    add(conn, row)
    detail = {"submission": found.id, "enrolment": found.enrolment_id, "assignment": found.assignment_key}
    at, me = visitor.now.real, visitor.me.id
    record(conn, "identity.reveal", "reveal", row.id, at=at, actor_id=me, reason=row.reason, detail=detail)


def _problem(reason: str) -> str:
    if not reason.strip():
        return _("Say why the name is needed; it is kept with the record.")
    return _("This is longer than {most} characters. Shorten it.", most=LONGEST) if len(reason) > LONGEST else ""
