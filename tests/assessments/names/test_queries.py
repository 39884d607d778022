"""Names of people as the database has them."""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from assessments.names.models import NameChange, NameChangeKind
from assessments.names.queries import called, corrected, name_at, names_of, suppressed
from assessments.names.rules import FormerName
from assessments.record.queries import learners
from fourweek.database import add, new_id
from tests.factories import START, person


def changed(
    conn: Connection,
    person_id: str,
    former: str,
    at: datetime,
    *,
    kind: NameChangeKind = NameChangeKind.CHANGE,
    suppress: bool = False,
    approved: bool = True,
) -> None:
    change = NameChange(
        id=new_id(),
        person_id=person_id,
        kind=kind,
        former=former,
        name="Any Name",
        suppress=suppress,
        asked_by=person_id,
        asked_at=at,
        decided_by=person_id,
        decided_at=at,
        approved=approved,
    )
    add(conn, change)


def test_only_approved_changes_make_former_names(conn: Connection) -> None:
    alice, bob = person(conn, "Alice Brook"), person(conn, "Bob Moss")
    changed(conn, alice, "Alice Reed", START)
    changed(conn, alice, "Alice Brook", START + timedelta(days=1), approved=False)
    assert names_of(conn, alice) == (FormerName("Alice Reed", START.date()),)
    assert names_of(conn, bob) == ()
    assert name_at(conn, alice, START.date() - timedelta(days=1)) == "Alice Reed"
    assert name_at(conn, alice, START.date()) == "Alice Brook"
    assert {one.name for one in called(conn, [alice, bob]).values()} == {"Alice Brook", "Bob Moss"}
    assert called(conn, []) == {}


def test_what_came_after_a_document_is_told(conn: Connection) -> None:
    alice = person(conn)
    before, after = START - timedelta(seconds=1), START
    changed(conn, alice, "Alice Brok", START, kind=NameChangeKind.CORRECTION)
    assert (corrected(conn, alice, before), corrected(conn, alice, after)) == (True, False)
    assert not suppressed(conn, alice, before)
    changed(conn, alice, "Alice Brook", START, suppress=True)
    assert (suppressed(conn, alice, before), suppressed(conn, alice, after)) == (True, False)
    assert name_at(conn, alice, date(2020, 1, 1)) == "Alice Brook"


def test_a_former_name_finds_its_person_unless_it_is_suppressed(conn: Connection) -> None:
    alice = person(conn, "Alice Stone")
    changed(conn, alice, "Alice Brookfield", START)
    assert [row.legal_name for row in learners(conn, "brookfield alice", 1)[0]] == ["Alice Stone"]
    assert learners(conn, "brookfield bob", 1) == ([], 0)
    changed(conn, alice, "Alice Reed", START + timedelta(days=1), suppress=True)
    assert learners(conn, "brookfield", 1) == learners(conn, "alice reed", 1) == ([], 0)
