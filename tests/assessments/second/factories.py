"""A cohort whose terms ask for second ratings, and two graders who rate."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from assessments.grading.claims import claim
from assessments.grading.decisions import decide
from assessments.grading.settling import Result
from assessments.terms.models import GradingTerms
from fourweek.database import add
from tests.assessments.grading.factories import LEASE, School, school


def twice(conn: Connection, /, **terms: Any) -> School:
    """A school in which every submission is rated twice, unless `terms` say otherwise."""
    made = school(conn)
    add(conn, GradingTerms(cohort_id=made.cohort, **(terms or {"second_percent": 100})))
    return made


def rate(
    conn: Connection, made: School, person: str, /, *levels: str, post_after: timedelta | None = None, **more: Any
) -> Result:
    """Claim the submission and rate it for good; without levels everything is met."""
    visitor = made.grader(person)
    typed = made.typed(*(levels or ("meets", "meets")), **more)
    claim(conn, visitor, typed.submission_id, LEASE)
    return decide(conn, visitor, typed.submission_id, typed, lasts=LEASE, post_after=post_after)


def apart(conn: Connection, /, **terms: Any) -> School:
    """Greta and gus have rated, and they differ on the second criterion."""
    made = twice(conn, **terms)
    rate(conn, made, made.greta, comments={"criterion-0": "Well cut.", "criterion-1": "All there."})
    rate(conn, made, made.gus, "meets", "not-yet", comments={"criterion-1": "The log ends early."}, comment="Not all.")
    return made
