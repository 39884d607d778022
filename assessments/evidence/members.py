"""Whose submission it is: the people who may read it as their own, and who never grade it."""

from collections.abc import Iterable

from sqlalchemy import BindParameter, ColumnElement, Connection, select

from assessments.evidence.models import SubmissionMember
from assessments.evidence.queries import SUBMISSION
from fourweek.database import add, table

MEMBER = table(SubmissionMember)


def is_member(person: BindParameter[str]) -> ColumnElement[bool]:
    """Whether this person is a member, for statements that select from `submission`. Read once a statement."""
    return SUBMISSION.c.id.in_(select(MEMBER.c.submission_id).where(MEMBER.c.person_id == person))


def keep_members(conn: Connection, submission_id: str, person_ids: Iterable[str]) -> None:
    """Write down whose submission it is; the one place that does."""
    add(conn, *(SubmissionMember(submission_id=submission_id, person_id=person) for person in person_ids))


def members_of(conn: Connection, submission_id: str) -> tuple[str, ...]:
    """The ids of its members."""
    found = select(MEMBER.c.person_id).where(MEMBER.c.submission_id == submission_id).order_by(MEMBER.c.person_id)
    return tuple(conn.execute(found).scalars())
