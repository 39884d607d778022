"""A letter to those who can settle two ratings that differ."""

from sqlalchemy import Connection, bindparam, select

from assessments.allocation.conflicts import CONFLICT
from assessments.coaching.asking import leads_of
from assessments.evidence.members import MEMBER
from assessments.grading.access import RATING, Found
from assessments.grading.models import RatingState
from fourweek.accounts.access import Visitor
from fourweek.outbox import Mail, post_all

KIND = "ratings_differ"
_MEMBERS = select(MEMBER.c.person_id).where(MEMBER.c.submission_id == bindparam("submission"))
_WHO_MAY_NOT = (
    select(RATING.c.grader_id)
    .where(RATING.c.submission_id == bindparam("submission"), RATING.c.state == RatingState.DONE)
    .union(
        select(CONFLICT.c.grader_id).where(CONFLICT.c.person_id.in_(_MEMBERS), CONFLICT.c.ended_at.is_(None)), _MEMBERS
    )
)


def tell_leads(conn: Connection, visitor: Visitor, found: Found) -> None:
    """Tell everybody who leads the cohort and may settle this, once for each pair of ratings."""
    may_not = set(conn.execute(_WHO_MAY_NOT, {"submission": found.id}).scalars())
    about = {
        "title": found.title,
        "course": found.course_title,
        "cohort": found.cohort_name,
        "path": f"/grading/{found.id}/ratings",
    }
    leads = [lead for lead in leads_of(conn, found.cohort_id) if lead not in may_not]
    post_all(conn, KIND, [Mail(f"{KIND}:{found.id}:{lead}", lead, about) for lead in leads], now=visitor.now.real)
