"""A package as it arrives: written to its spool and hashed piece by piece, never whole in memory.

What is still in the spool when the block ends is removed, so an upload that is cut off leaves nothing.
"""

import hashlib
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import anyio.to_thread
from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect

from fourweek.edge import check_token
from fourweek.errors import CutOff, TooLarge
from fourweek.storage import PIECE, Kept, Store

LONGEST_FIELD, LONGEST_HEADER, LONGEST_NAME = 4096, 4096, 200
THREADS = anyio.CapacityLimiter(2)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that arrived whole, in the spool; `name` is the sender's, made harmless."""

    name: str
    spooled: Path
    kept: Kept


@asynccontextmanager
async def arriving(request: Request, store: Store, limit: int) -> AsyncIterator[Arrived | None]:
    """The one file of the request's form, None where none was chosen. Raises StaleForm, TooLarge or CutOff."""
    intake = _Intake(store.new_spool(), limit)
    try:
        await _take_in(request, intake)
        check_token(request, FormData(intake.fields))
        if intake.size > limit:
            raise TooLarge
        kept = Kept(intake.digest.hexdigest(), intake.size)
        yield Arrived(clean_name(intake.name), intake.spooled, kept) if intake.name else None
    finally:
        intake.close()
        intake.spooled.unlink(missing_ok=True)


def clean_name(name: str) -> str:
    """The last part of a path, without what does not print or turns the direction of reading."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "C").strip()
    return shown[-LONGEST_NAME:] or "package.zip"


async def _take_in(request: Request, intake: "_Intake") -> None:
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise CutOff("The upload was not sent as a form with a file.")
    try:
        parser = MultipartParser(options[b"boundary"], intake.callbacks())  # type: ignore[arg-type]
        async for chunk in request.stream():
            parser.write(chunk)
            if len(intake.piece) >= PIECE:
                await anyio.to_thread.run_sync(intake.flush, limiter=THREADS)
        await anyio.to_thread.run_sync(intake.flush, limiter=THREADS)
    except (ClientDisconnect, FormParserError):
        raise CutOff from None
    if not intake.whole:
        raise CutOff


@dataclass(slots=True)
class _Intake:
    """Collects the fields, and the first file's bytes up to the limit; `size` goes on counting beyond it."""

    spooled: Path
    limit: int
    name: str = ""
    size: int = 0
    whole: bool = False
    fields: list[tuple[str, str | UploadFile]] = field(default_factory=list)
    piece: bytearray = field(default_factory=bytearray)
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    _headers: dict[str, str] = field(default_factory=dict)
    _header: list[bytes] = field(default_factory=lambda: [b"", b""])
    _value: bytearray = field(default_factory=bytearray)
    _options: dict[bytes, bytes] = field(default_factory=dict)
    _takes: bool = False
    _handle: BinaryIO | None = None

    def callbacks(self) -> dict[str, object]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._add(0, data[start:end]),
            "on_header_value": lambda data, start, end: self._add(1, data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._start,
            "on_part_data": lambda data, start, end: self._take(data[start:end]),
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def flush(self) -> None:
        """Write and hash what has come. Blocking: in a thread."""
        if self.piece and self.size <= self.limit:
            if self._handle is None:
                self._handle = self.spooled.open("xb")
            self._handle.write(self.piece)
            self.digest.update(self.piece)
        self.piece.clear()
        if self.whole:
            self.close()

    def close(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    def _begin(self) -> None:
        self._headers, self._options, self._value, self._takes = {}, {}, bytearray(), False

    def _add(self, which: int, data: bytes) -> None:
        self._header[which] += data
        if len(self._header[which]) > LONGEST_HEADER:
            raise CutOff("The upload is not a form that can be read.")

    def _end_header(self) -> None:
        name, value = (part.decode("latin-1") for part in self._header)
        self._headers[name.lower()] = value
        self._header = [b"", b""]

    def _start(self) -> None:
        self._options = parse_options_header(self._headers.get("content-disposition"))[1]
        name = self._options.get(b"filename", b"").decode("utf-8", "replace")
        if name and not self.name:
            self.name, self._takes = name, True

    def _take(self, data: bytes) -> None:
        if self._takes:
            self.size += len(data)
            if self.size <= self.limit:
                self.piece += data
        elif b"filename" not in self._options:
            self._value += data
            if len(self._value) > LONGEST_FIELD:
                raise TooLarge("A field of the form is too long.")

    def _end(self) -> None:
        name = self._options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in self._options and len(self.fields) < 20:
            self.fields.append((name, self._value.decode("utf-8", "replace")))

    def _finish(self) -> None:
        self.whole = True
