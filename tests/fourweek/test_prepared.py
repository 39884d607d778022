"""Statements prepared by hand say what the ordinary way says, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import DBAPIError

from courses.cohorts.models import Cohort
from fourweek.accounts.models import Person, SignIn
from fourweek.database import Database, new_id, table
from fourweek.prepared import Prepared
from tests import factories
from tests.statements import statements

PERSON, SIGN_IN, COHORT = table(Person), table(SignIn), table(Cohort)
_BY_ID = select(PERSON.c.id, PERSON.c.display_name, PERSON.c.created_at, PERSON.c.disabled_at).where(
    PERSON.c.id == bindparam("person"), PERSON.c.zone != "Mars/Olympus"
)
BY_ID = Prepared(_BY_ID)


def test_a_prepared_statement_says_what_the_ordinary_one_says(conn: Connection) -> None:
    person = factories.person(conn)
    moment = datetime(2026, 3, 29, 1, 30, 15, 123456, tzinfo=UTC)
    conn.execute(PERSON.update().where(PERSON.c.id == person).values(created_at=moment))
    ordinary = conn.execute(_BY_ID, {"person": person}).one()
    prepared = BY_ID.all(conn, person=person)
    assert [tuple(row) for row in prepared] == [tuple(ordinary)]
    assert (prepared[0].created_at, prepared[0].disabled_at) == (moment, None)
    assert prepared[0].created_at.tzinfo is UTC


def test_dates_times_lists_and_states_come_back_as_ordinary(conn: Connection) -> None:
    factories.cohort(conn, factories.course(conn))
    every = select(COHORT)
    assert [tuple(row) for row in Prepared(every).all(conn)] == [tuple(row) for row in conn.execute(every).all()]


def test_first_is_the_first_or_none(conn: Connection) -> None:
    assert BY_ID.first(conn, person="nobody") is None
    person = factories.person(conn)
    found = BY_ID.first(conn, person=person)
    assert found is not None
    assert found.id == person


def test_it_is_counted_as_every_statement(db: Database) -> None:
    with statements(db) as count:
        db.read_now(BY_ID.all, person="nobody")
    assert count.number == 1


def test_a_value_that_is_not_given_is_an_error(conn: Connection) -> None:
    with pytest.raises(KeyError):
        BY_ID.all(conn)


def test_a_list_of_values_cannot_be_prepared(conn: Connection) -> None:
    with pytest.raises(TypeError, match="expands"):
        Prepared(select(PERSON.c.id).where(PERSON.c.id.in_(bindparam("people", expanding=True)))).all(conn, people=[])


def test_an_error_of_the_database_is_sqlalchemys(db: Database) -> None:
    broken = Prepared(select(PERSON.c.id).where(PERSON.c.id == bindparam("person")).suffix_with("NOT SQL"))
    with pytest.raises(DBAPIError):
        db.read_now(broken.all, person="x")
    assert db.read_now(BY_ID.all, person="nobody") == []


def test_a_read_sees_one_moment(db: Database) -> None:
    if not db.embedded:
        pytest.skip("PostgreSQL reads statement by statement")
    person = db.write_now(factories.person)

    def twice(conn: Connection) -> tuple[str, str]:
        before = BY_ID.all(conn, person=person)[0].display_name
        db.write_now(lambda other: other.execute(PERSON.update().values(display_name="Renamed")))
        return before, BY_ID.all(conn, person=person)[0].display_name

    before, after = db.read_now(twice)
    assert before == after != "Renamed"
    assert db.read_now(BY_ID.all, person=person)[0].display_name == "Renamed"


def test_sign_ins_are_found_by_instants(conn: Connection) -> None:
    person, now = factories.person(conn), datetime.now(UTC)
    kept = {"token_hash": "t" * 64, "person_id": person, "created_at": now, "seen_at": now, "device": ""}
    conn.execute(SIGN_IN.insert(), {"id": new_id(), "ends_at": now + timedelta(hours=1)} | kept)
    later = Prepared(select(SIGN_IN.c.id).where(SIGN_IN.c.ends_at > bindparam("real")))
    assert len(later.all(conn, real=now)) == 1
    assert later.all(conn, real=now + timedelta(hours=2)) == []
