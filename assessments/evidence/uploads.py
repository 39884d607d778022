"""Multipart forms whose files go straight to their spool as they arrive, hashed on the way.

The loop only parses; a thread writes and hashes a piece while the next one arrives. Memory holds two pieces, whatever
the file's size. What is still in the spool when the block ends is removed: a cut-off upload leaves nothing.
"""

import asyncio
import errno
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import anyio
import anyio.to_thread
from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import FormData
from starlette.requests import ClientDisconnect

from assessments.evidence.kinds import HEAD
from fourweek.edge import check_token, read_form
from fourweek.errors import Busy, CutOff, StaleForm, TooLarge
from fourweek.storage import PIECE, Store

MOST_FIELDS, MOST_FILES = 300, 60
THREADS = anyio.CapacityLimiter(4)
Pending = asyncio.Future[None] | None


@dataclass(slots=True)
class Arrived:
    """A file of the form's field `part`, in the spool. `too_large`: beyond the limit, and nothing of it was kept."""

    part: str
    name: str
    spooled: Path
    size: int = 0
    sha256: str = ""
    head: bytes = b""
    too_large: bool = False
    handle: BinaryIO | None = None
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)


@dataclass(slots=True)
class Body:
    """A form that arrived whole and carried the right token."""

    fields: list[tuple[str, str]]
    files: list[Arrived]


@asynccontextmanager
async def arriving(request: Request, store: Store, limit: int, form_limit: int) -> AsyncIterator[Body]:
    """The request's form; `limit` bytes a file, `form_limit` for all fields together.

    Raises StaleForm with what was typed, TooLarge for the fields, CutOff for a body that is not whole.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        form = await read_form(request)
        yield Body([(k, v) for k, v in form.multi_items() if isinstance(v, str)], [])
        return
    parts = _Parts(store, limit, form_limit, lambda fields: _has_token(request, fields))
    try:
        await _take_in(request, parts)
        check_token(request, FormData([*parts.fields]))
        yield Body(parts.fields, parts.files)
    finally:
        for arrived in parts.files:
            if arrived.handle:
                arrived.handle.close()
            arrived.spooled.unlink(missing_ok=True)


async def keep(store: Store, arrived: Arrived) -> None:
    """Make an arrived file durable, outside of the loop."""
    with _disk_full_as_busy():
        await anyio.to_thread.run_sync(store.keep, arrived.spooled, arrived.sha256, limiter=THREADS)


async def _take_in(request: Request, parts: "_Parts") -> None:
    boundary = parse_options_header(request.headers["content-type"])[1].get(b"boundary")
    if not boundary:
        raise CutOff
    pending: Pending = None
    try:
        parser = MultipartParser(boundary, parts.callbacks())
        async for chunk in request.stream():
            parser.write(chunk)
            for arrived, piece, last in parts.take():
                pending = await _hand_over(pending, arrived, piece, last=last)
        await _hand_over(pending)
        pending = None
    except (ClientDisconnect, FormParserError):
        raise CutOff from None
    finally:
        if pending is not None:
            with suppress(Exception):
                await pending
    if not parts.whole:
        raise CutOff


async def _hand_over(
    before: Pending, arrived: Arrived | None = None, piece: bytes = b"", *, last: bool = False
) -> Pending:
    """Wait until the piece before is written, then let a thread write this one while the loop goes on."""
    if before is not None:
        with _disk_full_as_busy():
            await before
    if arrived is None:
        return None
    return asyncio.ensure_future(anyio.to_thread.run_sync(_write, arrived, piece, last, limiter=THREADS))


def _write(arrived: Arrived, piece: bytes, last: bool) -> None:  # noqa: FBT001
    if arrived.handle is None:
        arrived.handle = arrived.spooled.open("xb", buffering=0)
    view = memoryview(piece)
    while view:
        view = view[arrived.handle.write(view) :]
    arrived.digest.update(piece)
    if last:
        arrived.handle.close()
        arrived.handle = None
        arrived.sha256 = arrived.digest.hexdigest()


@contextmanager
def _disk_full_as_busy() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise Busy("There is no room for files just now. Nothing was kept of this one.") from error


def _has_token(request: Request, fields: list[tuple[str, str]]) -> bool:
    try:
        check_token(request, FormData([*fields]))
    except StaleForm:
        return False
    return True


class _Parts:
    """What the parser calls: collects fields, and files in pieces for `take`.

    Files are only let onto the disk when `trusted` says so of the fields before them: our forms begin with their token.
    """

    def __init__(
        self, store: Store, limit: int, form_limit: int, trusted: Callable[[list[tuple[str, str]]], bool]
    ) -> None:
        self.store, self.limit, self.form_limit, self.trusted = store, limit, form_limit, trusted
        self.fields: list[tuple[str, str]] = []
        self.files: list[Arrived] = []
        self.whole = False
        self._ready: list[tuple[Arrived, bytes, bool]] = []
        self._headers: dict[bytes, bytes] = {}
        self._header, self._value = b"", b""
        self._name = ""
        self._file: Arrived | None = None
        self._dropping = False
        self._buffer, self._taken = bytearray(), 0

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._headers.clear,
            "on_header_field": self._on_header_field,
            "on_header_value": self._on_header_value,
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_headers_finished,
            "on_part_data": self._on_data,
            "on_part_end": self._on_part_end,
            "on_end": self._on_end,
        }

    def take(self) -> list[tuple[Arrived, bytes, bool]]:
        """Pieces of files that are ready to be written: (file, bytes, whether it is the last)."""
        ready, self._ready = self._ready, []
        return ready

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header = self._value = b""

    def _on_headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if b"name" not in options:
            raise CutOff
        self._name = options[b"name"].decode(errors="replace")
        self._buffer.clear()
        self._file, self._dropping = None, False
        if b"filename" in options:
            self._begin_file(options[b"filename"].decode(errors="replace"))

    def _begin_file(self, name: str) -> None:
        """An empty choice sends a file without a name; that and what cannot be trusted is read past."""
        if not name or not self.trusted(self.fields):
            self._dropping = True
            return
        if len(self.files) >= MOST_FILES:
            raise TooLarge("These are too many files for one go.")
        self._file = Arrived(self._name, name, self.store.new_spool())
        self.files.append(self._file)

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._dropping:
            return
        self._buffer += data[start:end]
        if self._file is None:
            if self._taken + len(self._buffer) > self.form_limit:
                raise TooLarge("The text in this form is too long.")
            return
        self._file.size += end - start
        if self._file.size > self.limit:
            self._file.too_large = self._dropping = True
            self._buffer.clear()
        elif len(self._buffer) >= PIECE:
            self._flush(self._file, last=False)

    def _flush(self, arrived: Arrived, *, last: bool) -> None:
        piece = bytes(self._buffer)
        arrived.head = arrived.head or piece[:HEAD]
        self._ready.append((arrived, piece, last))
        self._buffer.clear()

    def _on_part_end(self) -> None:
        if self._file is not None:
            if not self._file.too_large:
                self._flush(self._file, last=True)
            return
        if self._dropping:
            return
        if len(self.fields) >= MOST_FIELDS:
            raise TooLarge("This form has too many fields.")
        self._taken += len(self._buffer)
        self.fields.append((self._name, self._buffer.decode(errors="replace")))

    def _on_end(self) -> None:
        self.whole = True
