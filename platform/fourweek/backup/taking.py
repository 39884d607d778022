"""Making a backup while the school is in use."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from fourweek.backup import own_files, sealed_keys
from fourweek.backup.dumping import dump
from fourweek.backup.errors import NotMade
from fourweek.backup.folder import LIST, Backup, Backups, finish, listed, new_file, part_of, write_list
from fourweek.backup.manifest import FilesPart, KeysPart, Manifest, OwnPart, TablePart, program
from fourweek.backup.rows import hold_moment
from fourweek.backup.shape import LEFT_OUT
from fourweek.database import Database
from fourweek.errors import Busy, NoRoom, NotFound
from fourweek.faults import FULL
from fourweek.first_run.institution import kept
from fourweek.light import dataclass
from fourweek.migrations import run as migrations
from fourweek.settings import Settings
from fourweek.storage import LocalStore, Store
from fourweek.storage.rows import NamedFiles, named_after
from fourweek.storage.store import key_of, pieces

LAST = "last.json"
_NO_ROOM = "There is no room left in {}. No backup was made; those before it are whole."


@dataclass(frozen=True, slots=True)
class School:
    """What is backed up: settings, database and store, and which columns name files."""

    settings: Settings
    db: Database
    store: Store
    sources: Sequence[NamedFiles]


@dataclass(frozen=True, slots=True)
class Tell:
    """Who hears how far it is: the table that is written; how many bytes of files there are; each piece copied."""

    table: Callable[[str], None] = lambda _name: None
    expect: Callable[[int], None] = lambda _bytes: None
    copied: Callable[[int], None] = lambda _bytes: None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the backup is to hold. Without a passphrase it holds no keys; without `files` the database alone."""

    passphrase: str = ""
    files: bool = True


def take(school: School, to: Path, now: datetime, wanted: Wanted, tell: Tell) -> Backup:
    """One moment of the school in a new folder under `to`. Raises NotMade: then there is nothing new in `to`, but
    files that the next backup need not copy again."""
    backups = Backups(to)
    with _said(to), backups.held():
        folder = backups.new_folder(now)
        try:
            manifest = _fill(school, backups, folder, now, wanted, tell)
            finish(folder, manifest)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        if wanted.files:
            _note(school.settings, folder, manifest)
        return Backup(folder, manifest)


@contextmanager
def _said(to: Path) -> Iterator[None]:
    """What a disk, a store or the database cannot do, as a sentence."""
    try:
        yield
    except NoRoom as error:
        raise NotMade(_NO_ROOM.format(to)) from error
    except Busy as error:
        raise NotMade(f"{error.message} No backup was made; run it again.") from error
    except OSError as error:
        if error.errno in FULL:
            raise NotMade(_NO_ROOM.format(to)) from error
        raise NotMade(f"{to} cannot be written: {error.strerror}. No backup was made.") from error


def _fill(school: School, backups: Backups, folder: Path, now: datetime, wanted: Wanted, tell: Tell) -> Manifest:
    revision, tables, size = school.db.read_now(_read_moment, school, folder, wanted, tell)
    files = None
    if wanted.files:
        tell.expect(size)
        lost = tuple(_copy_all(school.store, backups.store, folder, tell))
        count = sum(1 for _ in listed(folder))
        files = FilesPart(files=count, size=size, part=part_of(folder, LIST), lost=lost)
    settings = school.settings
    return Manifest(
        made_at=now,
        program=program(),
        revision=revision,
        engine="sqlite" if school.db.embedded else "postgresql",
        institution=settings.institution,
        address=settings.public_url,
        settings=tuple(f"FOURWEEK_{name.upper()}" for name in sorted(settings.model_fields_set)),
        said=kept(settings),
        tables=tables,
        left_out=LEFT_OUT,
        files=files,
        keys=_keep_keys(settings, folder, wanted.passphrase) if wanted.files else None,
        own=_keep_own(settings, folder) if wanted.files else None,
    )


def _read_moment(
    conn: Connection, school: School, folder: Path, wanted: Wanted, tell: Tell
) -> tuple[str, tuple[TablePart, ...], int]:
    """The revision, the tables, and the bytes of files that their rows name, all of one moment."""
    hold_moment(conn)
    revision = migrations.current_of(conn)
    if revision is None:
        raise NotMade("The database is empty: there is nothing to back up.")
    if wanted.files and revision != migrations.head():
        raise NotMade(
            f"The database is at schema {revision}, this program knows which files rows name at {migrations.head()}. "
            "Use the program that fits, or --database-only."
        )
    with _said(folder.parent):  # here, or it would be taken for the database's own disk
        tables = dump(conn, folder, tell.table)
        size = write_list(folder / LIST, _named(conn, school.sources)) if wanted.files else 0
    return revision, tables, size


def _named(conn: Connection, sources: Sequence[NamedFiles]) -> Iterator[tuple[str, int | None]]:
    after = ""
    while batch := named_after(conn, sources, after):
        yield from ((file.sha256, file.most) for file in batch)
        after = batch[-1].sha256


def _copy_all(store: Store, into: LocalStore, folder: Path, tell: Tell) -> Iterator[str]:
    """Copy what is not there yet; names each file that the store does not have as it should be."""
    for sha256, size in listed(folder):
        if _has(into, sha256, size):
            tell.copied(size or 0)
            continue
        try:
            wrong = _copy(store, into, sha256, tell)
        except NotFound:
            wrong = "it is not in the store"
        if wrong:
            yield f"{key_of(sha256)}: {wrong}"


def _has(store: LocalStore, sha256: str, size: int | None) -> bool:
    try:
        return store.size(sha256) == size or size is None
    except NotFound:
        return False


def _copy(store: Store, into: LocalStore, sha256: str, tell: Tell) -> str:
    """Copy a file, digested on the way; says what is wrong with it, "" when nothing is."""
    path, total = into.new_spool(), hashlib.sha256()
    with store.open(sha256) as source, path.open("xb") as target:
        for piece in pieces(source):
            target.write(piece)
            total.update(piece)
            tell.copied(len(piece))
    if total.hexdigest() != sha256:
        path.unlink()
        return "its bytes are not those of its digest"
    into.keep(path, sha256)
    return ""


def _keep_keys(settings: Settings, folder: Path, passphrase: str) -> KeysPart:
    names = tuple(path.relative_to(settings.keys).as_posix() for path in sealed_keys.key_files(settings.keys))
    given = sealed_keys.by_settings(settings)
    if not passphrase:
        return KeysPart(names=names, by_settings=given, part=None, why="There was no passphrase.")
    with new_file(folder / sealed_keys.NAME) as out:
        out.write(sealed_keys.seal(settings.keys, passphrase))
    return KeysPart(names=names, by_settings=given, part=part_of(folder, sealed_keys.NAME, secret=True))


def _keep_own(settings: Settings, folder: Path) -> OwnPart:
    found, elsewhere = own_files.own_files(settings), own_files.elsewhere(settings)
    if not found:
        return OwnPart(names=(), part=None, elsewhere=elsewhere)
    with new_file(folder / own_files.NAME) as out:
        out.write(own_files.packed(found))
    return OwnPart(names=tuple(found), part=part_of(folder, own_files.NAME), elsewhere=elsewhere)


def _note(settings: Settings, folder: Path, manifest: Manifest) -> None:
    """Say where and when the last backup was made, for `fourweek doctor`."""
    target = settings.backups / LAST
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    facts = {"made_at": manifest.made_at.isoformat(), "folder": str(folder), "lost": len(manifest.lost)}
    aside = target.with_suffix(".part")
    aside.write_text(json.dumps(facts) + "\n")
    aside.rename(target)
