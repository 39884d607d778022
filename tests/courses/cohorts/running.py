"""A cohort in its second week by the real clock, for tests that change it through its pages."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from courses.cohorts.models import Cohort, Extension
from courses.enrolment.access import ENROLMENT, places
from courses.schedule.rules import is_open
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from fourweek.clock import real_time
from fourweek.database import add, new_id, table
from fourweek.edge import House
from tests import factories

COHORT = table(Cohort)


def last_monday() -> date:
    """The start of a cohort that is in its second week: its modules open on Mondays at 09:00 (UTC)."""
    today = (real_time() - timedelta(hours=9)).date()
    return today - timedelta(days=today.weekday() + 7)


def row_of(house: House, cohort: str) -> Any:
    return house.db.read_now(lambda conn: conn.execute(COHORT.select().where(COHORT.c.id == cohort)).one())


def rows(house: House, model: Any) -> list[Any]:
    return list(house.db.read_now(lambda conn: conn.execute(table(model).select()).all()))


def open_now(house: House, cohort: str) -> dict[str, list[bool]]:
    """Which modules are open to whom, by enrolment."""
    now = real_time()
    found = house.db.read_now(lambda conn: places(conn, ENROLMENT.c.cohort_id == cohort))
    return {one.enrolment_id: [is_open(dates, now) for dates in one.all_dates(now)] for one in found}


def enrol(house: House, cohort: str, name: str = "Alice Brook", **extension: Any) -> tuple[str, str]:
    """(person, enrolment), with an extension where its columns are given."""

    def make(conn: Connection) -> tuple[str, str]:
        person = factories.person(conn, name)
        enrolment = factories.enrol(conn, cohort, person, real_time() - timedelta(days=40))
        if extension:
            at: dict[str, Any] = {"granted_at": real_time() - timedelta(days=30), "reason": "Ill."}
            add(conn, Extension(id=new_id(), enrolment_id=enrolment, **(at | extension)))
        return person, enrolment

    return house.db.write_now(make)


def a_lead(house: House) -> Visitor:
    """A lead to call services with."""
    person = house.db.write_now(factories.with_role, Role.LEAD, "Lara Lead")
    return factories.visitor(person, real_time(), (Role.LEAD, ""))
