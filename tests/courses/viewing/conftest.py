"""A school to look on in: Lena leads the cohort, Ines teaches in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from sqlalchemy import Connection

from courses.viewing.opening import ACT
from fourweek.accounts.models import Role
from fourweek.audit.service import record
from fourweek.edge import House
from fourweek.storage import LocalStore
from tests import factories as make
from tests.courses.learning.school import School, build


@dataclass(slots=True)
class Looking:
    school: School
    house: House
    lead: str
    instructor: str

    @property
    def base(self) -> str:
        return f"/staff/cohorts/{self.school.cohort}/as/{self.school.enrolment}"

    def at(self, instant: datetime | str, rest: str = "") -> str:
        typed = instant if isinstance(instant, str) else f"{instant:%Y-%m-%dT%H:%M}"
        return f"{self.base}/{typed}{rest}"


def opened(conn: Connection, looking: Looking) -> None:
    """Both have said why they look, at an instant that no test comes to the end of."""
    for person in (looking.lead, looking.instructor):
        said = datetime(2099, 1, 1, tzinfo=UTC)
        record(conn, ACT, "person", looking.school.alice, at=said, actor_id=person, reason="Alice asked for help")


@pytest.fixture
def looking(house: House) -> Looking:
    school = house.db.write_now(build, cast(LocalStore, house.store))
    lead = house.db.write_now(make.with_role, Role.LEAD, "Lara Lead")
    instructor = house.db.write_now(make.with_role, Role.INSTRUCTOR, "Ines Teach", school.cohort)
    found = Looking(school, house, lead, instructor)
    house.db.write_now(opened, found)
    return found


@pytest.fixture
def at_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], Any]:
    """Sets what the machine's clock says to requests."""
    return lambda instant: monkeypatch.setattr("fourweek.edge.real_time", lambda: instant)
