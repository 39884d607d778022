"""Who has yet to judge an appeal without knowing the first reasoning, and so sees no decision about that work."""

from sqlalchemy import ColumnElement, String, bindparam, exists, select

from assessments.appeals.models import Appeal, AppealState
from assessments.evidence.models import Submission
from fourweek.database import table

APPEAL, SUBMISSION = table(Appeal), table(Submission)
_APPEALED = SUBMISSION.alias("appealed_submission")


def is_blind() -> ColumnElement[bool]:
    """Whether `me` has an appeal to rate about any attempt of the same enrolment and assignment.

    For statements that select from `submission`.
    """
    waiting = (
        select(APPEAL.c.id)
        .join(_APPEALED, _APPEALED.c.id == APPEAL.c.submission_id)
        .where(
            APPEAL.c.given_to == bindparam("me", type_=String),
            APPEAL.c.state == AppealState.OPEN,
            _APPEALED.c.enrolment_id == SUBMISSION.c.enrolment_id,
            _APPEALED.c.assignment_id == SUBMISSION.c.assignment_id,
        )
    )
    return exists(waiting.correlate(SUBMISSION))
