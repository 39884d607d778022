"""Reading the terms of a cohort, the defaults where none were set, and the institution's holidays."""

from typing import Any

from sqlalchemy import Connection, String, bindparam, cast, func, literal_column, select

from assessments.terms.models import GradingTerms, Holiday
from fourweek.database import table
from fourweek.prepared import Prepared

TERMS, HOLIDAY = table(GradingTerms), table(Holiday)
_COMMA: Any = literal_column("','", String)  # a text of its own, so that the statement can be prepared
HOLIDAYS = select(func.aggregate_strings(cast(HOLIDAY.c.day, String), _COMMA)).scalar_subquery().label("holidays")
"""Every holiday in one text, for a statement that asks for something else; `promise.read_days` reads it."""
_OF = Prepared(select(*TERMS.c).where(TERMS.c.cohort_id == bindparam("cohort")))


def terms_of(conn: Connection, cohort_id: str) -> GradingTerms:
    """How the evidence of this cohort is graded; one statement."""
    row = _OF.first(conn, cohort=cohort_id)
    return GradingTerms(**row._asdict()) if row else GradingTerms(cohort_id=cohort_id)
