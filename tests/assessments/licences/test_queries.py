"""A professional's licences as documents read them."""

from datetime import date

from sqlalchemy import Connection

from assessments.licences.queries import licences_of
from tests import factories as make
from tests.assessments.licences.factories import licence


def test_licences_of_one_person_without_those_removed(conn: Connection) -> None:
    alice, bob = make.person(conn), make.person(conn, "Bob Other")
    licence(conn, bob)
    licence(conn, alice)
    licence(conn, alice, number="PE-9", checked_on=date(2026, 10, 1))
    licence(conn, alice, removed_at=make.BEFORE)
    found = licences_of(conn, alice)
    assert [(row.number, row.source, row.checked_on) for row in found] == [
        ("0071482", "stated", None),
        ("PE-9", "checked", date(2026, 10, 1)),
    ]
