"""Who may run which cohort: fetched and authorised in one step."""

from sqlalchemy import ColumnElement, Connection, true

from courses.cohorts.queries import COHORT, CohortFacts, cohort_facts
from fourweek.accounts.access import EVERYWHERE, Permission, Visitor
from fourweek.errors import Forbidden, NotFound


def staff_cohort(conn: Connection, visitor: Visitor, cohort_id: str) -> CohortFacts:
    """A cohort that the visitor may run. Forbidden for its other staff, NotFound for everybody else."""
    me = visitor.me
    facts = cohort_facts(conn, cohort_id)
    if facts is None:
        raise NotFound
    if me.may(Permission.RUN_COHORT, cohort_id):
        return facts
    if me.may(Permission.GRADE, cohort_id) or me.may(Permission.KEEP_RECORD, cohort_id):
        raise Forbidden
    raise NotFound


def runs(visitor: Visitor) -> ColumnElement[bool]:
    """Which cohorts the visitor may run, as a condition on the table. Raises Forbidden for one who may run none."""
    scopes = visitor.need_anywhere(Permission.RUN_COHORT).scopes(Permission.RUN_COHORT)
    return true() if EVERYWHERE in scopes else COHORT.c.id.in_(sorted(scopes))
