"""Killed in the middle, then done again: a backup, a restore, an upgrade. Nothing is lost, half or doubled."""

import hashlib
import json
import random
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect

from fourweek.backup.folder import Backups, check_files, check_parts, open_backup
from fourweek.backup.restoring import restore
from fourweek.backup.rows import hold_moment, lines
from fourweek.backup.shape import shapes
from fourweek.backup.taking import School, Tell, Wanted, take
from fourweek.database import Database
from fourweek.migrations import run as migrations
from tests.databases import lend, take_back
from tests.fourweek.backup.dying import Work, killed
from tests.fourweek.backup.places import (
    NOW,
    WITHOUT_KEYS,
    act_twice,
    differences,
    empty_place,
    fill,
    new_draft,
    school_of,
)

KILLED = -9
ENGINES = ("sqlite", "postgres")
LAST = "0020"
"""The schema of the last release."""
FIRST = "0002"


DRAWN = ("lot", "pseudonym")
"""Columns of a submission that the upgrade draws by lot, another one each time."""


def contents(conn: Connection) -> dict[str, str]:
    """Every table's columns, indexes and rows, as one digest each."""
    hold_moment(conn)
    look, found = inspect(conn), {}
    for shape in shapes(conn):
        total = hashlib.sha256(repr(sorted(str(one["name"]) for one in look.get_indexes(shape.name))).encode())
        total.update(repr(shape).encode())
        for line in lines(conn, shape):
            row = zip(shape.names, json.loads(line), strict=True)
            total.update(repr([value for name, value in row if name not in DRAWN]).encode())
        found[shape.name] = total.hexdigest()
    triggers = (
        "SELECT tbl_name || '.' || name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1"
        if conn.dialect.name == "sqlite"
        else "SELECT tgrelid::regclass || '.' || tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
    )
    return found | {"triggers": repr(conn.exec_driver_sql(triggers).scalars().all())}


def _older(db: Database, home: Path, revision: str) -> tuple[School, dict[str, str]]:
    """A school with rows at an older schema, and what it is after an upgrade that nobody stops."""
    school = school_of(db, home)
    fill(school)
    for number in range(20):
        db.write_now(act_twice, number)
    migrations.downgrade(db, revision)
    migrations.upgrade(db)
    whole = db.read_now(contents)
    migrations.downgrade(db, revision)
    return school, whole


def _upgrades_survive(tmp_path: Path, revision: str, points: list[int]) -> list[list[int]]:
    """Kill upgrades of both engines at some statements; then they come to the same schema and rows."""
    dbs = [lend(engine) for engine in ENGINES]
    schools = [_older(db, tmp_path / name, revision) for db, name in zip(dbs, ENGINES, strict=True)]
    for db in dbs:  # nothing is open while others write
        db.reader.dispose()
        db.writer.dispose()
    ended = killed([Work("upgrade", str(one.settings.home), one.db.url, "") for one, _ in schools], points)
    for db, (_, whole) in zip(dbs, schools, strict=True):
        assert migrations.current(db) in (revision, migrations.head())
        migrations.upgrade(db)
        assert db.read_now(contents) == whole
        take_back(db)
    return ended


def test_an_upgrade_that_is_killed_is_done_again(tmp_path: Path) -> None:
    """From the last release, on both engines."""
    assert _upgrades_survive(tmp_path, LAST, [60]) == [[KILLED]] * 2


@pytest.mark.slow
def test_twenty_kills_on_the_way_from_the_second_schema(tmp_path: Path) -> None:
    points = sorted(random.Random(8).sample(range(1, 400), 20))  # noqa: S311 the same each time
    assert _upgrades_survive(tmp_path, FIRST, points) == [[KILLED] * 20] * 2


@pytest.mark.slow
@pytest.mark.parametrize("what", ["backup", "restore"])
def test_twenty_kills(db: Database, engine: str, what: str, tmp_path: Path) -> None:
    """Of a backup: those before it stay whole, and the next is whole. Of a restore: it goes on to the same."""
    school, to = school_of(db, tmp_path / "home"), tmp_path / "to"
    fill(school)
    first = take(school, to, NOW, Wanted(), Tell())
    for number in range(30):
        new_draft(school, number)
    points = sorted(random.Random(9).sample(range(1, 140), 20))  # noqa: S311 the same each time
    if what == "backup":
        (ended,) = killed([Work("backup", str(school.settings.home), db.url, str(to))], points)
        assert ended.count(KILLED) >= 15
        last = take(school, to, NOW + timedelta(days=1), Wanted(), Tell())
        for name in Backups(to).names():
            one = open_backup(to / name)
            assert check_parts(one) + list(check_files(one, lambda _read: None)) == []
        assert differences(school, last.folder) == []
        assert first.folder.name in Backups(to).names()
        return
    last = take(school, to, NOW + timedelta(days=1), Wanted(), Tell())
    with empty_place(engine, tmp_path / "new") as new:
        new.db.reader.dispose()
        (ended,) = killed([Work("restore", str(new.settings.home), new.db.url, str(last.folder))], points)
        assert ended.count(KILLED) >= 15
        if 0 not in ended:
            restore(new, last, NOW, WITHOUT_KEYS, Tell())
        assert differences(new, last.folder) == []
