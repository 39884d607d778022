"""The parts of a multipart form as they are parsed: fields whole, files in pieces that are ready to be written."""

import hashlib
from collections.abc import Callable
from dataclasses import field
from pathlib import Path
from typing import Any, BinaryIO

from python_multipart.multipart import parse_options_header

from fourweek.errors import CutOff, TooLarge
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.storage import PIECE, Store

MOST_FIELDS, MOST_FILES = 300, 60
HEAD = 1024
Fields = list[tuple[str, str]]


@dataclass(slots=True)
class Arrived:
    """A file of the form's field `part`, in the spool; `head` holds its first bytes, `name` is what the sender says.

    `too_large`: it went beyond the limit, and nothing of it is to be kept.
    """

    part: str
    name: str
    spooled: Path
    size: int = 0
    sha256: str = ""
    head: bytes = b""
    too_large: bool = False
    handle: BinaryIO | None = None
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)


@dataclass(frozen=True, slots=True)
class Piece:
    """About a mebibyte of a file, and whether it is the last. The bytes belong to whoever takes the piece."""

    file: Arrived
    data: bytearray
    last: bool


class Parts:
    """What the parser calls: collects fields, and files in pieces for `take`.

    Files are only let onto the disk when `trusted` says so of the fields before them: our forms begin with their token.
    """

    def __init__(self, store: Store, limit: int, form_limit: int, trusted: Callable[[Fields], bool]) -> None:
        self.store, self.limit, self.form_limit, self.trusted = store, limit, form_limit, trusted
        self.fields: Fields = []
        self.files: list[Arrived] = []
        self.whole = False
        self._ready: list[Piece] = []
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

    def take(self) -> list[Piece]:
        """The pieces of files that are ready to be written."""
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
        self._buffer = bytearray()
        self._file, self._dropping = None, False
        if b"filename" in options:
            self._begin_file(options[b"filename"].decode(errors="replace"))

    def _begin_file(self, name: str) -> None:
        """An empty choice sends a file without a name; that and what cannot be trusted is read past."""
        if not name or not self.trusted(self.fields):
            self._dropping = True
            return
        if len(self.files) >= MOST_FILES:
            raise TooLarge(_("These are too many files for one go."))
        self._file = Arrived(self._name, name, self.store.new_spool())
        self.files.append(self._file)

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._dropping:
            return
        self._buffer += memoryview(data)[start:end]  # the one copy that is made of a file's bytes
        if self._file is None:
            if self._taken + len(self._buffer) > self.form_limit:
                raise TooLarge(_("The text in this form is too long."))
            return
        self._file.size += end - start
        if self._file.size > self.limit:
            self._file.too_large = self._dropping = True
            self._buffer = bytearray()
        elif len(self._buffer) >= PIECE:
            self._hand_out(self._file, last=False)

    def _hand_out(self, file: Arrived, *, last: bool) -> None:
        """Give the buffer itself away and begin a new one."""
        file.head = file.head or bytes(self._buffer[:HEAD])
        self._ready.append(Piece(file, self._buffer, last))
        self._buffer = bytearray()

    def _on_part_end(self) -> None:
        if self._file is not None:
            if not self._file.too_large:
                self._hand_out(self._file, last=True)
            return
        if self._dropping:
            return
        if len(self.fields) >= MOST_FIELDS:
            raise TooLarge(_("This form has too many fields."))
        self._taken += len(self._buffer)
        self.fields.append((self._name, self._buffer.decode(errors="replace")))

    def _on_end(self) -> None:
        self.whole = True
