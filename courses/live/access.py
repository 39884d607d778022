"""Who may plan, hold and keep the list of live sessions: fetched and authorised in one step."""

from sqlalchemy import ColumnElement, Connection, true

from courses.cohorts.queries import COHORT, CohortFacts, cohort_facts
from courses.live.queries import meeting
from courses.live.rules import Meeting
from fourweek.accounts.access import EVERYWHERE, Permission, Visitor
from fourweek.errors import Forbidden, NotFound

OTHER_STAFF = (Permission.GRADE, Permission.REVIEW_GRADES, Permission.KEEP_RECORD)


def taught_cohort(conn: Connection, visitor: Visitor, cohort_id: str) -> CohortFacts:
    """A cohort that the visitor teaches. Forbidden for its other staff, NotFound for everybody else."""
    me = visitor.me
    facts = cohort_facts(conn, cohort_id)
    if facts is None:
        raise NotFound
    if me.may(Permission.TEACH, cohort_id) or me.may(Permission.RUN_COHORT, cohort_id):
        return facts
    if any(me.may(permission, cohort_id) for permission in OTHER_STAFF):
        raise Forbidden
    raise NotFound


def taught_session(conn: Connection, visitor: Visitor, cohort_id: str, session_id: str) -> tuple[CohortFacts, Meeting]:
    """A live session of a cohort that the visitor teaches."""
    facts = taught_cohort(conn, visitor, cohort_id)
    found = meeting(conn, cohort_id, session_id)
    if found is None:
        raise NotFound
    return facts, found


def teaches(visitor: Visitor) -> ColumnElement[bool]:
    """Which cohorts the visitor teaches, as a condition on the table. Raises Forbidden for one who teaches none."""
    scopes = visitor.need_anywhere(Permission.TEACH).scopes(Permission.TEACH)
    return true() if EVERYWHERE in scopes else COHORT.c.id.in_(sorted(scopes))
