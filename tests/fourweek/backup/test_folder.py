"""The folder of backups: one at a time, each whole or not there, files shared, older ones taken away."""

import errno
import gzip
import json
import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fourweek.backup.errors import NoBackup, NotMade
from fourweek.backup.folder import LIST, Backups, listed, open_backup
from fourweek.backup.manifest import NAME
from fourweek.backup.taking import School, Tell, Wanted, take
from fourweek.database import Database
from fourweek.storage import LocalStore
from tests.databases import fresh_sqlite
from tests.fourweek.backup.places import NOW, fill, new_draft, school_of


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    """One engine is enough: nothing here is about rows."""
    db = Database(fresh_sqlite(tmp_path))
    made = school_of(db, tmp_path / "home")
    fill(made)
    yield made
    db.close()


def test_files_are_copied_once_and_go_with_the_last_backup_that_names_them(school: School, tmp_path: Path) -> None:
    to, copied = tmp_path / "to", list[int]()
    first = take(school, to, NOW, Wanted(), Tell())
    old = {one.sha256: first.store.place(one.sha256).stat().st_ino for one in first.store.found()}
    kept = new_draft(school, 1)
    with school.db.writer.begin() as conn:
        conn.exec_driver_sql("DELETE FROM package_draft WHERE size = 9000")
    second = take(school, to, NOW + timedelta(days=1), Wanted(), Tell(copied=copied.append))
    assert {one: first.store.place(one).stat().st_ino for one in old} == old
    assert second.manifest.files is not None
    assert sum(copied) == second.manifest.files.size
    assert Backups(to).names() == [first.folder.name, second.folder.name]
    assert Backups(to).prune(1) == (1, 1)
    left = {one.sha256 for one in second.store.found()}
    assert (len(left), left - old.keys(), open_backup(to).folder) == (2, {kept}, second.folder)


def test_only_its_owner_may_read_a_backup(school: School, tmp_path: Path) -> None:
    made = take(school, tmp_path / "to", NOW, Wanted(), Tell())
    inside = [made.folder, made.store.root, *made.folder.rglob("*")]
    assert [path for path in inside if stat.S_IMODE(path.stat().st_mode) & 0o077] == []
    last = json.loads((school.settings.backups / "last.json").read_text())
    assert last == {"made_at": NOW.isoformat(), "folder": str(made.folder), "lost": 0}


def test_keys_are_named_and_left_out_without_a_passphrase(school: School, tmp_path: Path) -> None:
    made = take(school, tmp_path / "to", NOW, Wanted(), Tell())
    assert made.manifest.keys is not None
    assert (made.manifest.keys.names, made.manifest.keys.part) == (("badges-ed25519.pem",), None)
    assert not (made.folder / "keys.tar.age").exists()


@pytest.mark.parametrize(("where", "step"), [(gzip.GzipFile, "write"), (os, "fsync"), (Path, "rename")])
def test_without_room_there_is_no_backup_and_those_before_stay(
    school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: Any, step: str
) -> None:
    before = take(school, tmp_path / "to", NOW, Wanted(), Tell())

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    new_draft(school, 1)
    with monkeypatch.context() as patch:
        patch.setattr(where, step, fail)
        with pytest.raises(NotMade, match="There is no room left"):
            take(school, tmp_path / "to", NOW + timedelta(days=1), Wanted(), Tell())
    assert [path.name for path in (tmp_path / "to").glob("2*")] == [before.folder.name]
    take(school, tmp_path / "to", NOW + timedelta(days=1), Wanted(), Tell())
    assert len(Backups(tmp_path / "to").names()) == 2


def test_what_a_killed_backup_left_goes_and_two_at_once_are_refused(school: School, tmp_path: Path) -> None:
    to = tmp_path / "to"
    take(school, to, NOW, Wanted(), Tell())
    half = to / "2026-11-03T00-00-00Z"
    (half / "database").mkdir(parents=True)
    spooled = Backups(to).store.new_spool()
    spooled.write_bytes(b"half a file")
    with Backups(to).held():
        assert not half.exists()
        assert not spooled.exists()
        with pytest.raises(NotMade, match="is running"):
            take(school, to, NOW, Wanted(), Tell())


def test_a_folder_with_anything_else_in_it_is_left_alone(school: School) -> None:
    """Above all the school's own, whose files would be taken for those of backups."""
    with pytest.raises(NotMade, match="is no folder of backups: files is in it"):
        take(school, school.settings.home, NOW, Wanted(), Tell())
    assert len(list(school.store.found())) == 2


def test_a_file_that_the_store_lost_is_named(school: School, tmp_path: Path) -> None:
    kept, other = new_draft(school, 1), new_draft(school, 2)
    assert isinstance(school.store, LocalStore)
    school.store.place(kept).unlink()
    school.store.place(other).chmod(0o600)
    school.store.place(other).write_bytes(b"altered")
    made = take(school, tmp_path / "to", NOW, Wanted(), Tell())
    assert sorted(words.partition(": ")[2] for words in made.manifest.lost) == [
        "it is not in the store",
        "its bytes are not those of its digest",
    ]


def test_a_backup_that_leads_out_of_its_folder_is_refused(school: School, tmp_path: Path) -> None:
    made = take(school, tmp_path / "to", NOW, Wanted(), Tell())
    said = (made.folder / NAME).read_text()
    for path in ("../../outside.jsonl.gz", "/dev/zero", "database/../../outside.gz"):
        (made.folder / NAME).write_text(said.replace('"files.tsv.gz"', json.dumps(path)))
        with pytest.raises(NoBackup, match="cannot be read"):
            open_backup(made.folder)
    for line in ("../../../../outside\t5\n", "a" * 64 + "\tmuch\n"):
        (made.folder / LIST).write_bytes(gzip.compress(line.encode()))
        with pytest.raises(NoBackup, match="which is no file of a store"):
            list(listed(made.folder))


def test_a_folder_without_a_manifest_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(NoBackup, match="holds no backup"):
        open_backup(tmp_path)
    (tmp_path / NAME).write_text('{"format": 2}')
    with pytest.raises(NoBackup, match="cannot be read"):
        open_backup(tmp_path)
