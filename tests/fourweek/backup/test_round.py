"""A school is backed up and brought back, and nothing differs."""

from pathlib import Path

import pytest
from sqlalchemy import select, text

from fourweek.accounts.models import SignIn
from fourweek.audit.checking import first_broken_link
from fourweek.audit.service import ROW as AUDIT
from fourweek.backup import UNFINISHED
from fourweek.backup.errors import NoBackup, NotRestored
from fourweek.backup.folder import Backup
from fourweek.backup.letters import HELD, count_held, held, let_go
from fourweek.backup.restoring import restore
from fourweek.backup.taking import Tell, Wanted, take
from fourweek.database import Database, table
from fourweek.first_run.institution import keep, kept
from fourweek.migrations import run as migrations
from fourweek.outbox import OUTBOX
from tests.fourweek.backup.places import NOW, WITHOUT_KEYS, differences, empty_place, fill, school_of
from tests.fourweek.growing import growing_at

LAKESIDE = {"institution": "Lakeside College", "zone": "Europe/Zurich"}
OTHER = {"sqlite": "postgres", "postgres": "sqlite"}


class Stopped(Exception):
    """Somebody pulled the plug."""


def _stop_at_rows(_table: str) -> None:
    raise Stopped


def test_what_is_brought_back_is_what_was_backed_up(db: Database, engine: str, tmp_path: Path) -> None:
    """On the other engine, and after it was stopped on the way; what may not come back does not."""
    school = school_of(db, tmp_path / "home")
    filled = fill(school)
    keep(school.settings, LAKESIDE)
    made = take(school, tmp_path / "to", NOW, Wanted(), Tell())
    with empty_place(OTHER[engine], tmp_path / "new") as new:
        with pytest.raises(Stopped):
            restore(new, made, NOW, WITHOUT_KEYS, Tell(table=_stop_at_rows))
        assert migrations.current(new.db) is None
        done = restore(new, made, NOW, WITHOUT_KEYS, Tell())
        assert (done.files, done.held, (new.settings.home / UNFINISHED).exists()) == (2, 1, False)
        (new.settings.home / UNFINISHED).write_text(made.folder.name)  # stopped between the last two steps
        assert restore(new, made, NOW, WITHOUT_KEYS, Tell()) == done
        assert differences(new, made.folder) == []
        assert kept(new.settings) == LAKESIDE
        assert new.db.read_now(first_broken_link) is None
        assert new.db.read_now(lambda conn: conn.execute(select(table(SignIn))).first()) is None
        acts = new.db.read_now(lambda conn: list(conn.execute(select(AUDIT.c.act).order_by(AUDIT.c.id)).scalars()))
        assert acts[-1] == "school.restore"
        assert [name for name in growing_at("9999") if not _refuses_change(new.db, name)] == []
        _check_letters(new.db, filled.person)
        with pytest.raises(NotRestored, match=r"a database with .* tables; a store with files"):
            restore(new, made, NOW, WITHOUT_KEYS, Tell())


def _check_letters(db: Database, reader: str) -> None:
    """What was pending waits for somebody; what had left stays so."""
    letters = db.read_now(lambda conn: conn.execute(select(OUTBOX.c.key, OUTBOX.c.problem)).all())
    assert sorted(map(tuple, letters)) == [("left", ""), ("waits", HELD)]
    assert [one.person_id for one in db.read_now(held, 9)] == [reader]
    assert db.write_now(let_go, NOW, send=True) == 1
    assert db.read_now(count_held) == 0


def _refuses_change(db: Database, name: str) -> bool:
    triggers = "SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass(:name) AND tgenabled = 'O'"
    if db.embedded:
        triggers = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name"
    count = db.read_now(lambda conn: conn.execute(text(triggers), {"name": name}).scalar_one())
    return bool(count >= 2)


def test_the_place_of_a_stopped_restore_takes_no_other_backup(db: Database, engine: str, tmp_path: Path) -> None:
    school = school_of(db, tmp_path / "home")
    made = take(school, tmp_path / "to", NOW, Wanted(), Tell())
    new = school_of(db, tmp_path / "new")
    (new.settings.home / UNFINISHED).write_text("2020-01-01T00-00-00Z")
    with pytest.raises(NotRestored, match="2020-01-01T00-00-00Z was not finished here"):
        restore(new, made, NOW, WITHOUT_KEYS, Tell())


def test_a_backup_of_a_newer_program_or_a_damaged_one_is_refused(db: Database, tmp_path: Path) -> None:
    school = school_of(db, tmp_path / "home")
    fill(school)
    made = take(school, tmp_path / "to", NOW, Wanted(), Tell())
    newer = Backup(made.folder, made.manifest.model_copy(update={"revision": "9999"}))
    with pytest.raises(NoBackup, match="of schema 9999"):
        restore(school, newer, NOW, WITHOUT_KEYS, Tell())
    part = made.folder / "database" / "person.jsonl.gz"
    part.write_bytes(part.read_bytes()[:-1] + b"?")
    with pytest.raises(NoBackup, match=r"damaged: database/person.jsonl.gz is not what was written"):
        restore(school, made, NOW, WITHOUT_KEYS, Tell())
    part.unlink()
    with pytest.raises(NoBackup, match=r"database/person.jsonl.gz is missing"):
        restore(school, made, NOW, WITHOUT_KEYS, Tell())


@pytest.mark.slow
def test_an_older_backup_is_restored_then_upgraded(db: Database, engine: str, tmp_path: Path) -> None:
    """The database alone, as before an upgrade of PostgreSQL; the store and the keys are where they were."""
    school = school_of(db, tmp_path / "home")
    fill(school)
    migrations.downgrade(db, "0020")
    made = take(school, tmp_path / "to", NOW, Wanted(files=False), Tell())
    assert (made.manifest.revision, made.manifest.files, made.manifest.keys) == ("0020", None, None)
    with empty_place(engine, tmp_path / "new", school.store) as new:
        restore(new, made, NOW, WITHOUT_KEYS, Tell())
        assert migrations.current(new.db) == migrations.head()
        assert migrations.differences(new.db) == []
        people = new.db.read_now(lambda conn: conn.execute(text("SELECT count(*) FROM person")).scalar_one())
        assert people == next(one.rows for one in made.manifest.tables if one.name == "person")
