"""Attempts granted beyond an assignment's limit, counted in the statements that read attempts."""

from sqlalchemy import bindparam, func, select

from assessments.assignments.models import Assignment
from assessments.coaching.models import Coaching
from assessments.evidence.models import Submission
from fourweek.database import table

COACHING, SUBMISSION, ASSIGNMENT = table(Coaching), table(Submission), table(Assignment)

# For rows of `submission` and `assignment`: what was granted by `now` (the school's clock) to whoever attempts it.
GRANTED = (
    select(func.coalesce(func.sum(COACHING.c.extra_attempts), 0))
    .where(
        COACHING.c.enrolment_id == SUBMISSION.c.enrolment_id,
        COACHING.c.assignment_key == ASSIGNMENT.c.key,
        COACHING.c.closed_at <= bindparam("now"),
    )
    .correlate(SUBMISSION, ASSIGNMENT)
    .scalar_subquery()
    .label("granted")
)
