"""The archive that is written while it is sent: whole, readable, and never held."""

import io
import tracemalloc
from collections.abc import AsyncGenerator
from zipfile import ZipFile

import anyio
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.exports.zipped import Archive

MIB = 1024 * 1024


async def _said(*pieces: bytes) -> AsyncGenerator[bytes, None]:
    for piece in pieces:
        yield piece


async def _archived(files: dict[str, list[bytes]], promised: int | None = None) -> bytes:
    archive, sent = Archive(), io.BytesIO()
    for name, pieces in files.items():
        size = sum(map(len, pieces)) if promised is None else promised
        async for piece in archive.add(name, size, _said(*pieces)):
            sent.write(piece)
    sent.write(archive.end())
    return sent.getvalue()


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text("abcäß/-", min_size=1, max_size=12), st.lists(st.binary(max_size=50), max_size=4)))
def test_what_went_in_comes_out(files: dict[str, list[bytes]]) -> None:
    with ZipFile(io.BytesIO(anyio.run(_archived, files))) as found:
        assert found.testzip() is None
        assert {name: found.read(name) for name in found.namelist()} == {k: b"".join(v) for k, v in files.items()}


def test_file_that_breaks_off_leaves_an_archive_that_can_be_read() -> None:
    with ZipFile(io.BytesIO(anyio.run(_archived, {"a.txt": [b"half"], "b.txt": [b"x"]}, 5000))) as found:
        assert found.testzip() is None
        assert (found.read("a.txt"), found.read("b.txt")) == (b"half", b"x")


def test_large_files_are_never_held() -> None:
    piece = bytes(MIB)

    async def many() -> AsyncGenerator[bytes, None]:
        for _ in range(64):
            yield piece

    async def sent() -> int:
        archive, total = Archive(), 0
        for name in ("a.bin", "b.bin"):
            async for part in archive.add(name, 64 * MIB, many()):
                total += len(part)
        return total + len(archive.end())

    tracemalloc.start()
    total, (_, peak) = anyio.run(sent), tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total > 128 * MIB
    assert peak < 8 * MIB


def test_what_is_given_up_closes_what_it_read_from() -> None:
    closed = []

    async def endless() -> AsyncGenerator[bytes, None]:
        try:
            while True:
                yield b"more"
        finally:
            closed.append("file")

    async def give_up() -> None:
        sending = Archive().add("log.csv", 4, endless())
        assert await anext(sending)
        await sending.aclose()
        assert closed == ["file"]

    anyio.run(give_up)
