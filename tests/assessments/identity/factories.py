"""A school whose cohort is graded anonymously."""

from sqlalchemy import Connection

from assessments.terms.models import GradingTerms
from fourweek.database import add
from tests.assessments.grading.factories import School, school


def hidden_school(conn: Connection) -> School:
    made = school(conn)
    add(conn, GradingTerms(cohort_id=made.cohort, anonymous=True))
    return made
