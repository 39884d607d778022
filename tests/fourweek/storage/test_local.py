"""The store keeps bytes under their digest, once, and leaves no half file."""

import hashlib
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from fourweek.clock import real_time
from fourweek.edge import House
from fourweek.errors import NotFound
from fourweek.jobs.service import tick
from fourweek.scans import make_scans
from fourweek.storage import LocalStore, digest_of, local


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "files")


def test_bytes_come_back_identical_and_read_only(store: LocalStore) -> None:
    kept = store.keep_bytes(b"evidence")
    assert kept.sha256 == hashlib.sha256(b"evidence").hexdigest()
    with store.open(kept.sha256) as handle:
        assert digest_of(handle) == kept
    assert store.size(kept.sha256) == 8
    assert store.place(kept.sha256).stat().st_mode & 0o777 == 0o400


def test_the_same_bytes_are_kept_once(store: LocalStore) -> None:
    first = store.keep_bytes(b"evidence")
    inode = store.place(first.sha256).stat().st_ino
    spooled = store.new_spool()
    spooled.write_bytes(b"evidence")
    store.keep(spooled, first.sha256)
    assert store.place(first.sha256).stat().st_ino == inode
    assert list(store.spool.iterdir()) == []


def test_a_failing_sync_keeps_nothing(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="no space"):
        store.keep_bytes(b"evidence")
    assert not store.has(hashlib.sha256(b"evidence").hexdigest())


def test_an_unknown_digest_is_not_found(store: LocalStore) -> None:
    with pytest.raises(NotFound):
        store.open("0" * 64)


def _keep(store: LocalStore, sha256: str) -> None:
    spooled = store.new_spool()
    spooled.write_bytes(sha256.encode())
    store.keep(spooled, sha256)


ONE, BESIDE, ELSEWHERE = "ab12" + "0" * 60, "ab12" + "1" * 60, "ab99" + "0" * 60


@pytest.fixture
def synced(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Folders as they are synced, from the store's root."""
    seen: list[str] = []
    monkeypatch.setattr(local, "sync_folder", lambda folder: seen.append(str(folder.relative_to(store.root))))
    return seen


def test_a_file_is_synced_before_its_name_and_its_name_before_it_counts(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda _file: steps.append("named" if store.has(ONE) else "unnamed"))
    _keep(store, ONE)
    assert steps == ["unnamed", "named", "named", "named"]


def test_folders_above_are_synced_once_each(store: LocalStore, synced: list[str]) -> None:
    for digest in (ONE, BESIDE, ELSEWHERE):
        _keep(store, digest)
    assert synced == ["ab/12", "ab", ".", "ab/12", "ab/99", "ab", "."]


def test_a_folder_that_another_process_made_is_synced_too(store: LocalStore, synced: list[str]) -> None:
    _keep(store, ONE)
    synced.clear()
    _keep(LocalStore(store.root), BESIDE)
    assert synced == ["ab/12", "ab", "."]


def test_a_file_that_is_there_is_made_durable_too(store: LocalStore, synced: list[str]) -> None:
    _keep(store, ONE)
    synced.clear()
    other = LocalStore(store.root)
    _keep(other, ONE)
    _keep(other, ONE)
    assert synced == ["ab/12", "ab", ".", "ab/12"]


def test_a_folder_that_was_taken_away_is_made_and_synced_again(store: LocalStore, synced: list[str]) -> None:
    _keep(store, ONE)
    store.place(ONE).unlink()
    store.place(ONE).parent.rmdir()
    synced.clear()
    _keep(store, ONE)
    assert synced == ["ab/12", "ab", "."]


def test_sweep_removes_what_nobody_wrote_to_for_long(store: LocalStore) -> None:
    kept = store.keep_bytes(b"evidence")
    left, fresh = store.new_spool(), store.new_spool()
    for spooled in (left, fresh):
        spooled.write_bytes(b"half a fi")
    now = real_time()
    old = (now - timedelta(hours=25)).timestamp()
    os.utime(left, (old, old))
    assert store.sweep(now - timedelta(hours=24)) == 1
    assert (left.exists(), fresh.exists(), store.has(kept.sha256)) == (False, True, True)
    assert store.sweep(now - timedelta(hours=24)) == 0


def test_every_tick_sweeps_the_spool(house: House) -> None:
    left = house.store.new_spool()
    left.write_bytes(b"half a fi")
    now = real_time()
    spool = tuple(scan for scan in make_scans(house) if scan.name == "spool")
    assert tick(house.db, spool, now) == {"spool": 0}
    assert tick(house.db, spool, now + timedelta(hours=25)) == {"spool": 1}
    assert not left.exists()


OLD = timedelta(hours=25)


def _make_old(store: LocalStore, sha256: str) -> None:
    then = (real_time() - OLD).timestamp()
    os.utime(store.place(sha256), (then, then))


def test_keeping_a_known_file_makes_it_young(store: LocalStore) -> None:
    kept = store.keep_bytes(b"evidence")
    for keep in (lambda: store.claim(kept.sha256, kept.size), lambda: store.keep_bytes(b"evidence")):
        _make_old(store, kept.sha256)
        assert keep()
        assert store.remove(kept.sha256, real_time() - timedelta(hours=24)) is False
        assert store.has(kept.sha256)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["rename", "stat"])
def test_who_keeps_a_file_in_the_middle_of_its_removal_has_it(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    kept = store.keep_bytes(b"evidence")
    _make_old(store, kept.sha256)
    real = getattr(Path, step)

    def meanwhile(path: Path, *args: object, **kwargs: object) -> object:
        monkeypatch.setattr(Path, step, real)
        if when == "before":
            LocalStore(store.root).keep_bytes(b"evidence")
        done = real(path, *args, **kwargs)
        if when == "after":
            LocalStore(store.root).keep_bytes(b"evidence")
        return done

    monkeypatch.setattr(Path, step, meanwhile)
    store.remove(kept.sha256, real_time() - timedelta(hours=24))
    assert getattr(Path, step) is real
    assert store.has(kept.sha256)
    assert list(store.trash.iterdir()) == []


def test_who_keeps_a_file_while_the_sweep_removes_it_has_it(store: LocalStore) -> None:
    """Whoever comes first: what was kept is there when all are done."""
    kept = store.keep_bytes(b"evidence")
    before = real_time() - timedelta(hours=24)
    outcomes = Counter[bool]()
    with ThreadPoolExecutor(3) as threads:
        for turn in range(300):
            _make_old(store, kept.sha256)
            sweeps = [threads.submit(store.remove, kept.sha256, before)] if turn % 2 else []
            keeping = threads.submit(store.keep_bytes, b"evidence")
            sweeps.append(threads.submit(store.remove, kept.sha256, before))
            outcomes[any(sweep.result() for sweep in sweeps)] += 1
            assert keeping.result() == kept
            with store.open(kept.sha256) as handle:
                assert digest_of(handle) == kept
    assert list(store.trash.iterdir()) == []
    assert min(outcomes[True], outcomes[False]) > 5


def test_what_a_killed_sweep_took_away_comes_back(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(_path: Path) -> None:
        raise KeyboardInterrupt

    kept = store.keep_bytes(b"evidence")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            store.remove(kept.sha256, real_time() + OLD)
    assert not store.has(kept.sha256)
    store.put_back()
    assert store.has(kept.sha256)


def test_what_no_store_wrote_has_no_digest(store: LocalStore) -> None:
    (store.root / "notes.txt").write_text("hello")
    assert [(found.name, found.sha256, found.size) for found in store.found()] == [("notes.txt", "", 5)]
