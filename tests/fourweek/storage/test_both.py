"""What holds for every store, whatever it stands on."""

import hashlib
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from fourweek.clock import real_time
from fourweek.doctor.finding import State
from fourweek.doctor.services import store_look
from fourweek.errors import NotFound
from fourweek.settings import Settings
from fourweek.storage import PIECE, Kept, Store, digest_of, pieces
from fourweek.storage.store import digest_in, key_of

UNKNOWN = "0" * 64
LARGE = bytes(range(256)) * 4096 * 12  # 12 MiB, three parts
SOON = timedelta(hours=1)


def spool(store: Store, data: bytes) -> Path:
    path = store.new_spool()
    path.write_bytes(data)
    return path


def bytes_of(store: Store, sha256: str, part: range | None = None) -> bytes:
    with store.open(sha256, part) as handle:
        return handle.read()


def left_in_spool(store: Store) -> list[Path]:
    return list(store.spool.iterdir())


@pytest.mark.parametrize("data", [b"", b"evidence", LARGE], ids=["empty", "small", "large"])
def test_bytes_come_back_identical(store: Store, data: bytes) -> None:
    kept = Kept(hashlib.sha256(data).hexdigest(), len(data))
    store.keep(spool(store, data), kept.sha256)
    with store.open(kept.sha256) as handle:
        assert digest_of(handle) == kept
    assert (store.has(kept.sha256), store.size(kept.sha256)) == (True, len(data))
    assert left_in_spool(store) == []


@pytest.mark.parametrize("data", [b"evidence", LARGE], ids=["small", "large"])
def test_bytes_in_memory_are_kept_alike(store: Store, data: bytes) -> None:
    kept = store.keep_bytes(data)
    assert kept == Kept(hashlib.sha256(data).hexdigest(), len(data))
    assert bytes_of(store, kept.sha256) == data
    assert store.keep_bytes(data) == kept
    assert left_in_spool(store) == []


def test_a_known_file_is_kept_once(store: Store) -> None:
    kept = store.keep_bytes(b"evidence")
    store.keep(spool(store, b"evidence"), kept.sha256)
    assert left_in_spool(store) == []
    assert [(found.sha256, found.size) for found in store.found()] == [(kept.sha256, 8)]


def test_a_file_of_the_wrong_size_is_put_right(store: Store) -> None:
    """As after a disk was restored to what it had half written."""
    right = hashlib.sha256(b"evidence").hexdigest()
    store.keep(spool(store, b"evi"), right)
    assert store.claim(right, 8) is False
    store.keep(spool(store, b"evidence"), right)
    assert bytes_of(store, right) == b"evidence"


def test_many_may_keep_the_same_at_once(store: Store) -> None:
    sha256 = hashlib.sha256(b"evidence").hexdigest()
    spooled = [spool(store, b"evidence") for _ in range(12)]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda path: store.keep(path, sha256), spooled))
    assert bytes_of(store, sha256) == b"evidence"
    assert left_in_spool(store) == []


@pytest.mark.parametrize("part", [range(8), range(2, 5), range(7, 8), range(4, 4)], ids=str)
def test_a_part_is_read_alone(store: Store, part: range) -> None:
    kept = store.keep_bytes(b"evidence")
    assert bytes_of(store, kept.sha256, part) == b"evidence"[part.start : part.stop]


def test_a_part_of_a_large_file_is_read_in_pieces(store: Store) -> None:
    kept = store.keep_bytes(LARGE)
    with store.open(kept.sha256, range(5, 5 + 3 * PIECE + 7)) as handle:
        read = list(pieces(handle))
    assert [len(piece) for piece in read] == [PIECE, PIECE, PIECE, 7]
    assert b"".join(read) == LARGE[5 : 5 + 3 * PIECE + 7]


def test_what_is_not_there_is_not_found(store: Store) -> None:
    for ask in (store.open, store.size, lambda sha256: store.borrow(sha256).__enter__()):
        with pytest.raises(NotFound, match="not in the store"):
            ask(UNKNOWN)
    assert (store.has(UNKNOWN), store.claim(UNKNOWN, 8)) == (False, False)
    assert left_in_spool(store) == []


def test_a_large_file_goes_and_comes_in_little_memory(store: Store) -> None:
    spooled = spool(store, LARGE)
    sha256 = hashlib.sha256(LARGE).hexdigest()
    tracemalloc.start()
    store.keep(spooled, sha256)
    with store.open(sha256) as handle:
        digest_of(handle)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6 * PIECE


def test_a_borrowed_file_lies_on_the_local_disk(store: Store) -> None:
    kept = store.keep_bytes(LARGE)
    with store.borrow(kept.sha256) as path:
        assert path.read_bytes() == LARGE
    assert left_in_spool(store) == []
    assert store.has(kept.sha256)


def test_found_names_everything_or_what_begins_alike(store: Store) -> None:
    kept = {store.keep_bytes(bytes([number])) for number in range(20)}
    found = list(store.found())
    assert {Kept(one.sha256, one.size) for one in found} == kept
    assert all(one.name == key_of(one.sha256) for one in found)
    assert all(abs(real_time() - one.written) < SOON for one in found)
    prefix = found[0].sha256[:2]
    assert {one.sha256 for one in store.found(prefix)} == {one.sha256 for one in found if one.sha256.startswith(prefix)}


def test_the_spool_and_what_was_never_kept_are_not_found(store: Store) -> None:
    spool(store, b"half a fi")
    assert list(store.found()) == []


def test_only_a_digest_in_its_own_place_is_one() -> None:
    sha256 = hashlib.sha256(b"evidence").hexdigest()
    assert digest_in(key_of(sha256)) == sha256
    for wrong in (sha256, f"00/00/{sha256}", key_of(sha256).upper(), key_of(sha256)[:-1], f"x/{key_of(sha256)}", ""):
        assert digest_in(wrong) == ""


def test_remove_takes_what_is_old_enough(store: Store) -> None:
    old, young = store.keep_bytes(b"old"), store.keep_bytes(b"young")
    assert store.remove(old.sha256, real_time() + SOON) is True
    assert store.remove(young.sha256, real_time() - SOON) is False
    assert store.remove(old.sha256, real_time() + SOON) is False
    assert [found.sha256 for found in store.found()] == [young.sha256]
    assert store.keep_bytes(b"old") == old
    assert store.has(old.sha256)


def test_nothing_half_done_is_put_back_where_nothing_was(store: Store) -> None:
    store.put_back()
    assert list(store.found()) == []


def test_sweep_leaves_the_uploads_that_are_on_their_way(store: Store) -> None:
    upload = store.spool / "uploads" / "one"
    upload.parent.mkdir()
    upload.write_bytes(b"half a fi")
    lost = spool(store, b"half a fi")
    assert store.sweep(real_time() + SOON) == 1
    assert (upload.exists(), lost.exists()) == (True, False)


def test_two_stores_over_one_place_see_the_same(new_store: Callable[[str], Store], store: Store) -> None:
    kept = store.keep_bytes(b"evidence")
    kinds = {"LocalStore": "folder", "S3Store": "bucket"}
    assert bytes_of(new_store(kinds[type(store).__name__]), kept.sha256) == b"evidence"


def test_the_doctor_asks_it_and_leaves_nothing_behind(store: Store) -> None:
    assert [one.state for one in store_look(store, Settings(), real_time())] == [State.OK]
    assert list(store.found()) == []
