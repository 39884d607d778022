"""A backup is of one moment, whatever is written while it is made; on every engine and store, to every other."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from fourweek.accounts.access import PERSON
from fourweek.audit.service import ROW as AUDIT
from fourweek.backup.folder import Backup, listed
from fourweek.backup.loading import backed_up
from fourweek.backup.restoring import restore
from fourweek.backup.taking import School, Tell, Wanted, take
from fourweek.database import Database
from fourweek.storage import LocalStore, Store
from fourweek.storage.s3 import Bucket, S3Store
from tests.buckets import bucket, s3_server  # noqa: F401
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

STORES = ("folder", "bucket")


@contextmanager
def _busy(school: School) -> Iterator[list[str]]:
    """Somebody writes all the time; the people that were acknowledged, in order."""
    done: list[str] = []
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            done.append(school.db.write_now(act_twice, len(done)))
            new_draft(school, len(done))
            stop.wait(0.005)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(done) < 2:
            stop.wait(0.01)
        yield done
    finally:
        stop.set()
        writer.join()


def _take_while_busy(school: School, to: Path) -> tuple[Backup, list[str]]:
    """A backup, and who was acknowledged before it began."""
    with _busy(school) as done:
        before = list(done)

        def wait_for_more(name: str) -> None:
            if name == "person":
                _until(lambda: len(done) > len(before) + 2)

        return take(school, to, NOW, Wanted(), Tell(table=wait_for_more)), before


def _until(true: Callable[[], bool]) -> None:
    """Wait a while, for another thread; what is expected is asserted elsewhere."""
    for _ in range(500):
        if true():
            return
        threading.Event().wait(0.01)


def _count(rows: Iterator[bytes], said: str) -> int:
    return sum(said.encode() in row for row in rows)


def test_rows_and_files_are_of_one_moment(db: Database, tmp_path: Path) -> None:
    """The writer goes on between the first table and the last; its transactions are in it whole or not at all."""
    school = school_of(db, tmp_path / "home")
    made, before = _take_while_busy(school, tmp_path / "to")
    tables = {one.name: one for one in made.manifest.tables}
    people = "".join(row.decode() for row in backed_up(made, tables["person"]))
    busy = _count(backed_up(made, tables["person"]), '"Busy')
    acts = _count(backed_up(made, tables["audit_row"]), '"test.twice"')
    assert [one for one in before if one not in people] == []
    assert acts == 2 * busy
    files = {sha256 for sha256, _ in listed(made.folder)}
    assert len(files) == tables["package_draft"].rows
    assert made.manifest.lost == ()
    assert all(made.store.has(sha256) for sha256 in files)
    there = db.read_now(lambda conn: conn.execute(select(func.count()).select_from(PERSON)).scalar_one())
    assert there > tables["person"].rows


@pytest.mark.slow
@pytest.mark.parametrize("to_store", STORES)
@pytest.mark.parametrize("to_engine", ["sqlite", "postgres"])
@pytest.mark.parametrize("of_store", STORES)
def test_every_place_to_every_place(
    request: Any, db: Database, of_store: str, to_engine: str, to_store: str, tmp_path: Path
) -> None:
    def store(kind: str, name: str) -> Store:
        if kind == "folder":
            return LocalStore(tmp_path / name / "files")
        one: Bucket = request.getfixturevalue("bucket")
        return S3Store(replace(one, prefix=name), tmp_path / name / "spool")

    school = school_of(db, tmp_path / "home", store(of_store, "home"))
    fill(school)
    made, before = _take_while_busy(school, tmp_path / "to")
    with empty_place(to_engine, tmp_path / "new", store(to_store, "new")) as new:
        restore(new, made, NOW, WITHOUT_KEYS, Tell())
        assert differences(new, made.folder) == []
        twice = select(AUDIT.c.subject_id).where(AUDIT.c.act == "test.twice")
        acts = new.db.read_now(lambda conn: list(conn.execute(twice).scalars()))
        assert [one for one in before if acts.count(one) != 2] == []
