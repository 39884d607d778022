"""The factories themselves fit the schema on both databases."""

from datetime import timedelta

from sqlalchemy import Connection, func, select

from assessments.grading.models import Posting
from fourweek.accounts.models import Role
from fourweek.database import table
from tests import factories


def test_factories_make_a_graded_week(conn: Connection) -> None:
    made = factories.course(conn)
    cohort = factories.cohort(conn, made)
    enrolment = factories.enrol(conn, cohort, factories.person(conn))
    grader = factories.with_role(conn, Role.GRADER, scope_id=cohort)
    handed_in = factories.submission(conn, made, enrolment)
    factories.decided(conn, made, handed_in, grader, posted_at=factories.START + timedelta(days=1))
    assert conn.execute(select(func.count()).select_from(table(Posting))).scalar() == 1
