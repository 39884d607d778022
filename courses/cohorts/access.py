"""Who may run which cohort: fetched and authorised in one step."""

from sqlalchemy import ColumnElement, Connection, or_, select, true

from courses.cohorts.queries import COHORT, CohortFacts, cohort_facts
from courses.cohorts.scopes import SECTION
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
    if me.may_in_part(Permission.GRADE, cohort_id) or me.may(Permission.KEEP_RECORD, cohort_id):
        raise Forbidden
    raise NotFound


def staff_part(conn: Connection, visitor: Visitor, cohort_id: str) -> tuple[CohortFacts, frozenset[str] | None]:
    """A cohort that the visitor may run, with None, or the ids of those scopes of theirs that sections of it are among,
    if they run no more than these. Raises as `staff_cohort`."""
    me = visitor.me
    if me.may(Permission.RUN_COHORT, cohort_id) or not me.may_in_part(Permission.RUN_COHORT, cohort_id):
        return staff_cohort(conn, visitor, cohort_id), None
    facts = cohort_facts(conn, cohort_id)
    if facts is None:
        raise NotFound
    return facts, me.scopes(Permission.RUN_COHORT)


def runs(visitor: Visitor) -> ColumnElement[bool]:
    """Which cohorts the visitor may run, or sections of, as a condition on the table. Raises Forbidden for one who may
    run none."""
    scopes = visitor.need_anywhere(Permission.RUN_COHORT).scopes(Permission.RUN_COHORT)
    sections = select(SECTION.c.cohort_id).where(SECTION.c.id.in_(sorted(scopes)))
    return true() if EVERYWHERE in scopes else or_(COHORT.c.id.in_(sorted(scopes)), COHORT.c.id.in_(sections))
