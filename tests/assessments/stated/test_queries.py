"""Credit from elsewhere as documents and estimates read it."""

from datetime import date

from sqlalchemy import Connection

from assessments.stated.queries import stated_of
from tests import factories as make
from tests.assessments.stated.factories import stated


def test_stated_of_one_person_between_two_days(conn: Connection) -> None:
    alice, bob = make.person(conn), make.person(conn, "Bob Other")
    days = [date(2026, 1, 1), date(2026, 6, 1), date(2027, 1, 1)]
    for day in days:
        stated(conn, alice, completed_on=day)
    stated(conn, alice, removed_at=make.BEFORE)
    stated(conn, bob)
    assert [row.completed_on for row in stated_of(conn, alice)] == days
    assert [row.completed_on for row in stated_of(conn, alice, days[0], days[2])] == days[:2]
