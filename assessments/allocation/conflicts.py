"""Whose work somebody must not judge, as conditions for statements that select from `submission`; they take `me`."""

from sqlalchemy import ColumnElement, String, bindparam, select

from assessments.allocation.models import Conflict
from assessments.evidence.members import MEMBER
from assessments.evidence.models import Submission
from fourweek.database import table

CONFLICT, _SUBMISSION = table(Conflict), table(Submission)
_ME = bindparam("me", type_=String)
_PEOPLE = select(CONFLICT.c.person_id).where(CONFLICT.c.grader_id == _ME, CONFLICT.c.ended_at.is_(None))
_THEIRS = select(MEMBER.c.submission_id).where(MEMBER.c.person_id.in_(_PEOPLE))


def in_conflict() -> ColumnElement[bool]:
    """Whether a member of the submission is somebody whose work `me` must not judge. Read once a statement."""
    return _SUBMISSION.c.id.in_(_THEIRS)
