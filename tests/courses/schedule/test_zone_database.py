"""A country changes its clocks, a new zone database is installed: rules stay what they are and give new instants."""

from datetime import date, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from courses.cohorts.models import Cohort, Extension, Section
from courses.enrolment.access import ENROLMENT, places
from courses.schedule import zones
from courses.schedule.rules import is_open
from courses.schedule.walltime import zone
from fourweek.database import UtcDateTime, table
from tests import factories
from tests.courses.schedule.factories import cohort, dates_of, utc

SUMMER = date(2027, 6, 7)


@pytest.fixture
def without_summer_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database in which Berlin keeps winter time for ever."""
    load = zones._load

    def other(name: str) -> ZoneInfo:
        if name != "Europe/Berlin":
            return load(name)
        with resources.files("tzdata").joinpath("zoneinfo", "Etc", "GMT-1").open("rb") as file:
            return ZoneInfo.from_file(file, key=name)

    monkeypatch.setattr(zones, "_load", other)


def test_the_same_rules_give_the_new_instants(request: pytest.FixtureRequest) -> None:
    rules = cohort(start_date=SUMMER)
    before = dates_of(rules)
    assert (before.opens_at, before.due_at) == (utc("2027-06-07 07:00"), utc("2027-06-13 21:59"))
    request.getfixturevalue("without_summer_time")
    after = dates_of(rules)
    assert (after.opens_at, after.due_at) == (utc("2027-06-07 08:00"), utc("2027-06-13 22:59"))
    winter = cohort(start_date=date(2027, 1, 4))
    assert dates_of(winter).opens_at == utc("2027-01-04 08:00")


def test_access_follows_the_new_instants_without_a_row_being_touched(
    conn: Connection, request: pytest.FixtureRequest
) -> None:
    made = factories.cohort(conn, factories.course(conn), SUMMER, zone="Europe/Berlin")
    factories.enrol(conn, made, factories.person(conn))
    between = utc("2027-06-07 07:30")

    def open_then() -> tuple[bool, bool]:
        (place,) = places(conn, ENROLMENT.c.cohort_id == made)
        dates = place.dates(1, between)
        return is_open(dates, between), is_open(dates, between + timedelta(hours=1))

    assert open_then() == (True, True)
    request.getfixturevalue("without_summer_time")
    assert open_then() == (False, True)
    assert zone("Europe/Berlin").key == "Europe/Berlin"


@pytest.mark.parametrize(
    ("model", "instants"),
    [(Cohort, {"created_at"}), (Section, set()), (Extension, {"granted_at", "expires_at"})],
)
def test_rules_are_stored_on_the_wall_clock(model: type, instants: set[str]) -> None:
    """The instants there are say when something was granted or made; none is a date of the schedule."""
    assert {column.name for column in table(model).c if isinstance(column.type, UtcDateTime)} == instants
