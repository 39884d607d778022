"""Before a schema changes the database is copied; an older program keeps its hands off a newer one's."""

import shutil
import sqlite3
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from fourweek.backup.before_upgrade import KEEP, copy_first
from fourweek.backup.errors import NotMade
from fourweek.backup.folder import open_backup
from fourweek.cli.commands import app
from fourweek.database import Database
from fourweek.migrations import run as migrations
from fourweek.settings import Settings
from tests import factories as make
from tests.databases import fresh_sqlite

LAST = f"{int(migrations.head()) - 1:04}"


def _run(settings: Settings, *words: str) -> Result:
    environment = {"FOURWEEK_HOME": str(settings.home), "FOURWEEK_DATABASE_URL": settings.database_url}
    return CliRunner().invoke(app, words, env=environment)


def _say(_words: str) -> None:
    pass


def test_an_upgrade_leaves_a_copy_of_what_was(db: Database, engine: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", database_url=db.url, upgrade_backups=str(tmp_path / "copies"))
    db.write_now(make.person)
    migrations.downgrade(db, LAST)
    said: list[str] = []
    migrations.upgrade(db, first=copy_first(settings, db, said.append))
    (copy,) = (path for path in (tmp_path / "copies").iterdir() if path.name[0] in "b2")
    assert said == [f"The database before the upgrade is in {copy}."]
    assert migrations.current(db) == migrations.head()
    if engine == "postgres":
        manifest = open_backup(copy).manifest
        assert (manifest.revision, manifest.files) == (LAST, None)
        assert next(one.rows for one in manifest.tables if one.name == "person") == 1
        return
    before = Database(f"sqlite:///{copy}")
    assert migrations.current(before) == LAST
    assert before.read_now(lambda conn: conn.execute(text("SELECT count(*) FROM person")).scalar_one()) == 1
    before.close()
    assert (copy.name, copy.stat().st_mode & 0o77) == (f"before-{migrations.head()}.sqlite3", 0)


@pytest.fixture
def small(tmp_path: Path) -> Settings:
    """An empty school on SQLite."""
    return Settings(home=tmp_path, database_url=fresh_sqlite(tmp_path))


def _set_revision(settings: Settings, revision: str) -> None:
    with sqlite3.connect(settings.database.removeprefix("sqlite:///")) as conn:
        conn.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    conn.close()


def test_the_newest_copies_stay(small: Settings) -> None:
    small.backups.mkdir()
    for number in range(5):
        (small.backups / f"before-000{number}.sqlite3").touch()
    db = Database(small.database)
    db.write_now(copy_first(small, db, _say), LAST)
    db.close()
    assert len(list(small.backups.glob("before-*"))) == KEEP
    assert (small.backups / f"before-{migrations.head()}.sqlite3").stat().st_size > 0


def test_without_room_for_a_copy_nothing_is_upgraded(small: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    usage: Any = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(100, 99, 1))
    db = Database(small.database)
    with pytest.raises(NotMade, match=r"has 1 byte free; .* Make room"):
        db.write_now(copy_first(small, db, _say), LAST)
    db.close()
    assert list(small.backups.iterdir()) == []


@pytest.mark.parametrize("words", [["tick", "--once"], ["migrate"], ["work"], ["keys", "list"], ["verify"]])
def test_an_older_program_refuses_a_newer_schema(small: Settings, words: list[str]) -> None:
    _set_revision(small, "9999")
    answer = _run(small, *words)
    assert answer.exit_code == 1
    assert f"at schema 9999; this program is older and knows {migrations.head()} at most." in answer.stderr
    db = Database(small.database)
    assert migrations.current(db) == "9999"
    db.close()


def test_nothing_starts_where_a_restore_was_stopped(small: Settings) -> None:
    (small.home / ".restore-unfinished").write_text("2026-11-02T09-00-00Z")
    answer = _run(small, "tick", "--once")
    assert answer.exit_code == 1
    assert "A restore of 2026-11-02T09-00-00Z was not finished" in answer.stderr
