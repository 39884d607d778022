"""Planning a cohort."""

from sqlalchemy import Connection

from courses.cohorts.forms import CohortForm, cohort_row
from courses.cohorts.staff import course_of, planned
from fourweek.accounts.access import Permission, Visitor
from fourweek.audit.service import record
from fourweek.database import add_once
from fourweek.errors import Invalid


def create_cohort(conn: Connection, visitor: Visitor, typed: CohortForm) -> str:
    """Keep a cohort whose dates were seen; returns its id, the same one for a form sent twice.

    Raises Invalid, and Forbidden for a course in which the visitor plans none.
    """
    me = visitor.need(Permission.RUN_COHORT, course_of(conn, typed.version_id))
    plan, errors = planned(conn, visitor, typed)
    if plan is None:
        raise Invalid(errors)
    row = cohort_row(typed, plan, me.id, visitor.now.school)
    if add_once(conn, row):
        detail = {"name": row.name, "version_id": row.version_id, "start_date": row.start_date.isoformat()}
        record(conn, "cohort.create", "cohort", row.id, at=visitor.now.real, actor_id=me.id, detail=detail)
    return row.id
