"""What changed since the attempt before, for those who grade."""

from sqlalchemy import Connection, bindparam, select

from assessments.evidence.compared import Comparison, texts_of_two
from assessments.evidence.models import SubmissionState
from assessments.grading.access import SUBMISSION, graded_submission
from fourweek.accounts.access import Visitor
from fourweek.errors import NotFound
from fourweek.language import _

_BEFORE = (
    select(SUBMISSION.c.id, SUBMISSION.c.attempt)
    .where(
        SUBMISSION.c.enrolment_id == bindparam("enrolment"),
        SUBMISSION.c.assignment_id == bindparam("assignment"),
        SUBMISSION.c.attempt < bindparam("attempt"),
        SUBMISSION.c.state != SubmissionState.DRAFT,
    )
    .order_by(SUBMISSION.c.attempt.desc())
    .limit(1)
)


def comparison(conn: Connection, visitor: Visitor, submission_id: str) -> Comparison:
    """A submission beside the attempt before; three statements.

    Raises NotFound as `graded_submission` does, and for a first attempt.
    """
    found = graded_submission(conn, visitor, submission_id)
    keys = {"enrolment": found.enrolment_id, "assignment": found.assignment_id, "attempt": found.attempt}
    before = conn.execute(_BEFORE, keys).first()
    if before is None:
        raise NotFound
    here = f"/grading/{found.id}"
    return Comparison(
        title=found.title,
        crumbs=(
            (_("Grading"), "/grading"),
            (found.title, here),
            (_("Attempt {older} and {newer}", older=before.attempt, newer=found.attempt), None),
        ),
        back=here,
        older=before.attempt,
        newer=found.attempt,
        texts=texts_of_two(conn, before.id, found.id),
    )
