"""A cohort to come, and what is in the tables about its places."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from courses.cohorts.models import Cohort
from courses.enrolment.models import Enrolment, EnrolmentState, PlaceRequest
from courses.enrolment.service import enrol
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.clock import real_time
from fourweek.database import table
from fourweek.edge import House
from fourweek.outbox import OutboxMessage
from tests import factories
from tests.visits import Browser, forms


class Desk:
    """One cohort that starts in about a month, with a lead of its own. `changes` are columns of the cohort."""

    def __init__(self, house: House, **changes: Any) -> None:
        self.house = house
        self.made = house.db.write_now(factories.course)
        start = changes.pop("start", (real_time() + timedelta(days=30)).date())
        self.cohort = house.db.write_now(lambda conn: factories.cohort(conn, self.made, start, **changes))
        self.lead = house.db.write_now(factories.with_role, Role.LEAD, "Lena Lead", self.cohort)
        self.join = f"/cohorts/{self.cohort}/enrol"
        self.roster = f"/staff/cohorts/{self.cohort}/roster"
        self.requests = f"{self.roster}/requests"

    def person(self, name: str = "Alice Brook") -> str:
        return self.house.db.write_now(factories.person, name)

    def people(self, count: int) -> list[str]:
        return [self.person(f"P{number:02d} Brook") for number in range(count)]

    def visitor(self, person_id: str) -> Visitor:
        return factories.visitor(person_id, real_time())

    @property
    def staff(self) -> Visitor:
        return factories.visitor(self.lead, real_time(), (Role.LEAD, self.cohort))

    def write(self, fn: Any, *args: Any, **named: Any) -> Any:
        return self.house.db.write_now(fn, *args, **named)

    def read(self, fn: Any, *args: Any, **named: Any) -> Any:
        return self.house.db.read_now(fn, *args, **named)

    def fill(self, *people: str) -> None:
        for one in people:
            self.write(enrol, self.visitor(one), self.cohort)

    def change(self, **columns: Any) -> None:
        def go(conn: Connection) -> None:
            cohorts = table(Cohort)
            conn.execute(cohorts.update().where(cohorts.c.id == self.cohort).values(**columns))

        self.write(go)

    def rows(self, model: Any) -> list[Any]:
        wanted = table(model).select().order_by(table(model).c.id)
        return list(self.house.db.read_now(lambda conn: conn.execute(wanted).all()))

    @property
    def active(self) -> list[str]:
        """Who has a place, in the order in which they got it."""
        return [one.person_id for one in self.rows(Enrolment) if one.state is EnrolmentState.ACTIVE]

    @property
    def requests_made(self) -> list[tuple[str, str, str]]:
        """(person, kind, state) of every request, oldest first."""
        return [(one.person_id, one.kind.value, one.state.value) for one in self.rows(PlaceRequest)]

    @property
    def letters(self) -> list[tuple[str, str]]:
        """(kind, person) of every letter, oldest first."""
        return [(one.kind, one.person_id) for one in self.rows(OutboxMessage)]

    @property
    def acts(self) -> list[str]:
        kinds = {"enrolment", "place_request"}
        return [one.act for one in self.rows(AuditRow) if one.subject_kind in kinds]


def send(visitor: Browser, action: str, **data: Any) -> Any:
    """Post to an address that no page shows a form for, with a right token."""
    token = forms(visitor.get("/courses").text).get("/sign-out", {}).get("form_token", "")
    return visitor.post(action, data={"form_token": token, **data})
