"""What is not as the backup has it is named: a row, a column, a file, a part of the backup."""

from pathlib import Path

import pytest
from sqlalchemy import text

from fourweek.backup.comparing import compare
from fourweek.backup.errors import NoBackup
from fourweek.backup.folder import Backup
from fourweek.backup.integrity import broken
from fourweek.backup.taking import School, Tell, Wanted, take
from fourweek.database import Database
from fourweek.storage import LocalStore
from tests.fourweek.backup.places import NOW, differences, fill, school_of


def _change(school: School, person: str, *statements: str) -> None:
    with school.db.writer.begin() as conn:
        for statement in statements:
            conn.execute(text(statement), {"person": person} if ":person" in statement else {})


def test_each_difference_is_named_without_its_values(db: Database, tmp_path: Path) -> None:
    school = school_of(db, tmp_path / "home")
    filled = fill(school)
    made = take(school, tmp_path / "to", NOW, Wanted(), Tell())
    assert differences(school, made.folder) == []
    _change(
        school,
        filled.person,
        "UPDATE person SET zone = 'UTD' WHERE id = :person",
        "DELETE FROM holiday",
        "INSERT INTO unsubscribe_address (person_id, token) VALUES (:person, 'secret')",
        "UPDATE outbox_message SET problem = 'refused' WHERE key = 'waits'",
    )
    assert isinstance(school.store, LocalStore)
    school.store.place(filled.files[0]).unlink()
    copy = made.store.place(filled.files[1])
    copy.chmod(0o600)
    copy.write_bytes(b"A" + copy.read_bytes()[1:])
    found = differences(school, made.folder)
    letter = next(one.split()[2].rstrip(":") for one in found if "outbox_message" in one)
    assert sorted(found[:5]) == sorted(
        [
            f"added: unsubscribe_address {filled.person}",
            f"changed: outbox_message {letter}: problem",
            f"changed: person {filled.person}: zone",
            f"{filled.files[1][:2]}/{filled.files[1][2:4]}/{filled.files[1]} is not what was written",
            "missing: holiday 2026-12-25",
        ]
    )
    assert [one.partition(":")[0] for one in found[5:]] == ["missing"]


def test_rows_that_point_nowhere_are_counted(db: Database, tmp_path: Path) -> None:
    school = school_of(db, tmp_path / "home")
    filled = fill(school)
    take(school, tmp_path / "to", NOW, Wanted(), Tell())
    aside = "PRAGMA foreign_keys=OFF" if db.embedded else "SET session_replication_role = replica"
    with db.writer.connect() as conn:
        conn.connection.driver_connection.execute(aside)  # type: ignore[union-attr]
        conn.execute(text("DELETE FROM person WHERE id = :person"), {"person": filled.person})
        conn.commit()
        conn.invalidate()
    assert "broken: in sign_in, 1 row points to a row of person that is not there" in db.read_now(
        lambda conn: list(broken(conn))
    )


def test_rows_of_another_schema_are_not_compared(db: Database, tmp_path: Path) -> None:
    school = school_of(db, tmp_path / "home")
    made = take(school, tmp_path / "to", NOW, Wanted(), Tell())
    older = Backup(made.folder, made.manifest.model_copy(update={"revision": "0001"}))
    with pytest.raises(NoBackup, match="they cannot be compared"):
        db.read_now(lambda conn: list(compare(conn, older, lambda _name: None)))
