"""Bringing a school back, into an empty place only."""

import hashlib
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, inspect, select

from fourweek.audit.service import ROW as AUDIT
from fourweek.audit.service import record
from fourweek.backup import UNFINISHED, own_files, sealed_keys
from fourweek.backup.errors import NoBackup, NotRestored
from fourweek.backup.folder import Backup, listed, refuse_damaged
from fourweek.backup.letters import hold_pending
from fourweek.backup.loading import load
from fourweek.backup.taking import School, Tell
from fourweek.errors import Busy, NotFound
from fourweek.first_run import institution
from fourweek.light import dataclass
from fourweek.migrations import run as migrations
from fourweek.storage import LocalStore, Store
from fourweek.storage.store import key_of, pieces

ACT = "school.restore"


@dataclass(frozen=True, slots=True)
class Asked:
    """How to restore: the passphrase of the keys, or `keys` False; letters that were pending wait unless `send_mail`.

    `files` False leaves the store as it is, such as a bucket that outlived the rest.
    """

    passphrase: str = ""
    keys: bool = True
    files: bool = True
    send_mail: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and how many letters wait for somebody."""

    rows: int
    files: int
    keys: int
    held: int


def restore(school: School, backup: Backup, now: datetime, asked: Asked, tell: Tell) -> Restored:
    """Everything of a backup, where there is nothing yet: files and keys first, then the database in one transaction.

    Killed on the way, the same call goes on. Raises NoBackup where the backup cannot be relied on, NotRestored.
    """
    _refuse_newer(backup)
    refuse_damaged(backup)
    keys, own = _opened(backup, asked), own_of(backup)
    own_files.missing(school.settings.home, own)
    mark = school.settings.home / UNFINISHED
    if not _goes_on(mark, backup):
        _refuse_what_is_there(school, backup, asked)
    school.settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark.write_text(backup.folder.name)
    try:
        files = _put_files(backup, school.store, tell) if asked.files and backup.manifest.files else 0
    except Busy as error:
        raise NotRestored(f"{error.message} Run it again: it goes on.") from error
    sealed_keys.put_keys(school.settings.keys, keys)
    if backup.manifest.said and not institution.kept(school.settings):
        institution.keep(school.settings, backup.manifest.said)
    own_files.put(school.settings.home, own)
    held = school.db.write_now(_fill, backup, now, asked, tell)
    mark.unlink()
    return Restored(backup.manifest.rows, files, len(keys), held)


def own_of(backup: Backup) -> dict[str, bytes]:
    """The institution's own files in a backup, by their path in the home folder."""
    part = backup.manifest.own.part if backup.manifest.own else None
    return own_files.unpack((backup.folder / part.path).read_bytes()) if part else {}


def _refuse_newer(backup: Backup) -> None:
    if backup.manifest.revision > migrations.head():
        raise NoBackup(
            f"The backup is of schema {backup.manifest.revision}, made by version {backup.manifest.program}; this "
            f"program knows {migrations.head()} at most. Restore it with a program at least as new."
        )


def _opened(backup: Backup, asked: Asked) -> dict[str, tuple[bytes, int]]:
    part = backup.manifest.keys
    if not asked.keys or part is None or part.part is None:
        return {}
    return sealed_keys.unseal((backup.folder / part.part.path).read_bytes(), asked.passphrase)


def _goes_on(mark: Path, backup: Backup) -> bool:
    """Whether a restore of this backup was stopped here."""
    if not mark.exists():
        return False
    if mark.read_text() != backup.folder.name:
        raise NotRestored(f"A restore of {mark.read_text()} was not finished here: finish it, or empty the place.")
    return True


def _refuse_what_is_there(school: School, backup: Backup, asked: Asked) -> None:
    """Raises NotRestored, naming what is there where something is to be put."""
    tables = school.db.read_now(lambda conn: inspect(conn).get_table_names())
    there = [f"a database with {len(tables)} tables"] if tables else []
    if asked.files and backup.manifest.files and (first := next(iter(school.store.found()), None)):
        there.append(f"a store with files, such as {first.name}")
    if asked.keys and backup.manifest.keys and (keys := sealed_keys.key_files(school.settings.keys)):
        there.append(f"keys, such as {keys[0]}")
    if there:
        raise NotRestored(f"There is something here already: {'; '.join(there)}. A restore needs an empty place.")


def _put_files(backup: Backup, store: Store, tell: Tell) -> int:
    """Copy every file that rows name; one that the backup lacks, as it said when it was made, is left out."""
    tell.expect(backup.manifest.files.size if backup.manifest.files else 0)
    source, known, count = backup.store, {words.partition(":")[0] for words in backup.manifest.lost}, 0
    for sha256, size in listed(backup.folder):
        if key_of(sha256) in known:
            continue
        if size is not None and store.claim(sha256, size):
            tell.copied(size)
        else:
            _put_file(source, store, sha256, tell)
        count += 1
    return count


def _put_file(source: LocalStore, store: Store, sha256: str, tell: Tell) -> None:
    path, total = store.new_spool(), hashlib.sha256()
    try:
        with source.open(sha256) as handle, path.open("xb") as target:
            for piece in pieces(handle):
                target.write(piece)
                total.update(piece)
                tell.copied(len(piece))
        if total.hexdigest() != sha256:
            raise NoBackup(f"{source.place(sha256)} is damaged. Take that file, or all, from another backup.")
        store.keep(path, sha256)
    except NotFound:
        raise NoBackup(f"{source.place(sha256)} is missing. Take that file, or all, from another backup.") from None
    finally:
        path.unlink(missing_ok=True)


def _fill(conn: Connection, backup: Backup, now: datetime, asked: Asked, tell: Tell) -> int:
    """Schema of the backup, its rows, then the schema of today; how many letters wait now."""
    if migrations.current_of(conn) is not None:  # it was stopped after this was committed
        return _held_before(conn)
    migrations.upgrade_in(conn, backup.manifest.revision)
    load(conn, backup, tell.table)
    migrations.upgrade_in(conn)
    held = 0 if asked.send_mail else hold_pending(conn)
    detail = {"made_at": backup.manifest.made_at.isoformat(), "rows": backup.manifest.rows, "held_letters": held}
    record(conn, ACT, "school", "", at=now, actor_id=None, detail=detail)
    return held


def _held_before(conn: Connection) -> int:
    newest = select(AUDIT.c.detail).where(AUDIT.c.act == ACT).order_by(AUDIT.c.id.desc()).limit(1)
    detail = conn.execute(newest).scalar()
    if detail is None:
        raise NotRestored("The database is not empty, and nothing was restored into it. Empty it, then run it again.")
    return int(detail["held_letters"])
