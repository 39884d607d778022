"""Reading the terms of a cohort; the defaults where none were set."""

from sqlalchemy import Connection, bindparam, select

from assessments.terms.models import GradingTerms
from fourweek.database import table
from fourweek.prepared import Prepared

TERMS = table(GradingTerms)
_OF = Prepared(select(*TERMS.c).where(TERMS.c.cohort_id == bindparam("cohort")))


def terms_of(conn: Connection, cohort_id: str) -> GradingTerms:
    """How the evidence of this cohort is graded; one statement."""
    row = _OF.first(conn, cohort=cohort_id)
    return GradingTerms(**row._asdict()) if row else GradingTerms(cohort_id=cohort_id)
