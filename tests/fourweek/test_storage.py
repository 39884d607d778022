"""The store keeps bytes under their digest, once, and leaves no half file."""

import hashlib
import os
from pathlib import Path

import pytest

from fourweek.errors import NotFound
from fourweek.storage import LocalStore, digest_of


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
