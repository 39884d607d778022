"""The mark of what was committed: it stays while nothing is, and changes with every commit of anybody."""

from pathlib import Path

from fourweek.commits import Commits
from fourweek.database import Database
from tests import factories


def test_the_mark_changes_with_every_commit_of_another_connection(db: Database) -> None:
    if not db.embedded:
        assert db.commits.mark() is None
        return
    marks = [db.commits.mark()]
    for _ in range(3):
        db.write_now(factories.person)
        assert db.commits.mark() == db.commits.mark()
        marks.append(db.commits.mark())
    other = Database(db.url)
    other.write_now(factories.person)
    other.close()
    marks.append(db.commits.mark())
    assert None not in marks
    assert len(set(marks)) == len(marks)


def test_what_is_rolled_back_changes_nothing(db: Database) -> None:
    before = db.commits.mark()
    with db.writer.connect() as conn:
        factories.person(conn)
        assert db.commits.mark() == before
        conn.rollback()
    assert db.commits.mark() == before


def test_asking_holds_no_snapshot_that_would_keep_the_log_from_being_emptied(db: Database) -> None:
    if db.embedded:
        db.commits.mark()
        db.write_now(factories.person)
        db.commits.mark()
        with db.writer.connect() as conn:
            conn.rollback()
            raw = conn.connection.dbapi_connection
            assert raw is not None
            busy = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        assert busy == 0


def test_a_file_that_cannot_be_opened_tells_nothing(tmp_path: Path) -> None:
    held = Commits(tmp_path / "missing" / "school.sqlite3")
    assert held.mark() is None
    held.close()
