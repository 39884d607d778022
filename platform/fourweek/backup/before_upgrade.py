"""A copy of the database before its schema changes: the way back."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, make_url

from fourweek.backup.errors import NotMade
from fourweek.backup.taking import School, Tell, Wanted, take
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.migrations import run as migrations
from fourweek.settings import Settings
from fourweek.storage import open_store
from fourweek.storage.local import sync_folder
from fourweek.words import say_size

KEEP = 3
SPARE = 64 * 1024**2
"""Bytes of the disk that the copy leaves free, for the upgrade itself."""
Say = Callable[[str], None]


def copy_first(settings: Settings, db: Database, say: Say) -> migrations.First:
    """What `migrations.upgrade` does first: copies the database, and says where to. Raises NotMade."""
    folder = Path(settings.upgrade_backups) if settings.upgrade_backups else settings.backups

    def copy(_conn: Connection, revision: str) -> None:
        if settings.embedded:
            say(f"The database before the upgrade is in {copy_sqlite(db, folder)}.")
        elif settings.upgrade_backups:
            school = School(settings, db, open_store(settings), ())
            made = take(school, folder, real_time(), Wanted(files=False), Tell())
            say(f"The database before the upgrade is in {made.folder}.")
        else:
            say(f"No copy was made of the database at {revision}: FOURWEEK_UPGRADE_BACKUPS names no folder.")

    return copy


def copy_sqlite(db: Database, folder: Path) -> Path:
    """Copy the file as it is while the caller's transaction holds it; keeps the newest copies. Raises NotMade."""
    source = Path(make_url(db.url).database or "")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _refuse_without_room(source, folder)
    target = folder / f"before-{migrations.head()}.sqlite3"
    aside = target.with_suffix(".part")
    aside.unlink(missing_ok=True)
    os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        _copy(source, aside)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    aside.rename(target)
    sync_folder(folder)
    for old in sorted(folder.glob("before-*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-KEEP]:
        old.unlink()
    return target


def _copy(source: Path, target: Path) -> None:
    """By SQLite itself, log included; then durable."""
    read = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    write = sqlite3.connect(target)
    try:
        read.backup(write)
        write.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise NotMade(f"The database could not be copied to {target.parent}: {error}. It was not upgraded.") from error
    finally:
        read.close()
        write.close()
    descriptor = os.open(target, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_without_room(source: Path, folder: Path) -> None:
    size = sum(path.stat().st_size for path in (source, source.with_name(source.name + "-wal")) if path.exists())
    free = shutil.disk_usage(folder).free
    if free < 2 * size + SPARE:
        raise NotMade(
            f"{folder} has {say_size(free)} free; a copy of the database before its upgrade, and the upgrade, need "
            f"{say_size(2 * size + SPARE)}. Make room, or set FOURWEEK_UPGRADE_BACKUPS to another folder."
        )
