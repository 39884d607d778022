"""A disk that is full, fails to sync or is read-only: a clear refusal, nothing half, and well again by itself."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fourweek.errors import Busy
from fourweek.storage import LocalStore, disk_as_busy

SHA256 = "ee8250fb76e094b34b471f13a73dbbe51d1ae142e9df59d7c0d31ec20f0a0a8e"
"""Of `evidence`."""
NO_ROOM, NO_WRITING = "no room for files", "cannot be written"
TROUBLES = [
    (errno.ENOSPC, NO_ROOM),
    (errno.EDQUOT, NO_ROOM),
    (errno.EIO, NO_WRITING),
    (errno.EROFS, NO_WRITING),
]
STEPS = [(os, "fsync"), (Path, "rename"), (Path, "mkdir"), (Path, "chmod")]


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "files")


def _failing(number: int) -> Callable[..., Any]:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise OSError(number, os.strerror(number), "files")

    return fail


def _files(store: LocalStore) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("number", "words"), TROUBLES, ids=["full", "quota", "failing", "read-only"])
@pytest.mark.parametrize(("where", "step"), STEPS, ids=[step for _, step in STEPS])
def test_nothing_is_kept_in_trouble_and_all_is_well_after_it(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch, where: Any, step: str, number: int, words: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(where, step, _failing(number))
        with pytest.raises(Busy, match=words):
            store.keep_bytes(b"evidence")
    assert _files(store) == []
    assert store.keep_bytes(b"evidence").sha256 == SHA256
    assert store.has(SHA256)


def test_a_full_disk_leaves_no_half_file_in_the_spool(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(path: Path, data: bytes) -> None:
        with path.open("wb") as handle:
            handle.write(data[:3])
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(Busy, match=NO_ROOM):
        store.keep_bytes(b"evidence")
    assert _files(store) == []


def test_what_could_not_be_synced_is_thrown_away(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second sync may succeed without having written what the first one lost."""
    spooled = store.new_spool()
    spooled.write_bytes(b"evidence")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _failing(errno.EIO))
        with pytest.raises(Busy, match=NO_WRITING):
            store.keep(spooled, SHA256)
    assert not spooled.exists()


def test_a_name_that_could_not_be_synced_is_not_acknowledged(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither for the file's first keeper nor for the next one, who finds it there."""
    real = os.fsync

    def only_files(descriptor: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{descriptor}"):  # noqa: PTH112 of a descriptor
            _failing(errno.EIO)()
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", only_files)
        for _ in range(2):
            with pytest.raises(Busy, match=NO_WRITING):
                store.keep_bytes(b"evidence")
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    store.keep_bytes(b"evidence")
    assert len(synced) == 3


@pytest.mark.parametrize("step", ["utime", "fsync"])
def test_nothing_is_claimed_on_a_disk_that_cannot_write(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    kept = store.keep_bytes(b"evidence")
    monkeypatch.setattr(os, step, _failing(errno.EROFS))
    with pytest.raises(Busy, match=NO_WRITING):
        store.claim(kept.sha256, kept.size)


def test_a_file_that_is_there_is_read_on_a_disk_that_is_full(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.keep_bytes(b"evidence")
    for where, step in STEPS:
        monkeypatch.setattr(where, step, _failing(errno.ENOSPC))
    with store.open(SHA256) as handle:
        assert handle.read() == b"evidence"


def test_other_errors_go_on_as_they_are() -> None:
    with pytest.raises(PermissionError), disk_as_busy():
        raise PermissionError(errno.EACCES, "Permission denied")
