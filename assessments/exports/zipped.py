"""A zip archive that is written while it is sent: nothing of it is held but the piece just made and its list of names.

The standard library's `zipfile` writes to what cannot be rewound, sizes and sums behind each file.
"""

import io
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from zipfile import ZIP_STORED, ZipFile, ZipInfo

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""What the format says of a file without a date."""
Content = AsyncGenerator[bytes, None]
"""Closed at once where a download is given up, so that no file stays open."""


class Outgoing(io.RawIOBase):
    """What was written and not yet taken."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self.waiting.append(piece)
        return len(piece)

    def taken(self) -> bytes:
        found, self.waiting = b"".join(self.waiting), []
        return found


class Archive:
    """An archive in the making; each call gives the bytes that are ready to be sent."""

    def __init__(self) -> None:
        self._out = Outgoing()
        self._zip = ZipFile(self._out, "w", ZIP_STORED)

    async def add(
        self, name: str, size: int, content: Content, tell: Callable[[int], None] = lambda _sent: None
    ) -> Content:
        """A file of about `size` bytes; `tell` hears how long each piece is. Of what breaks off stays what came."""
        info = ZipInfo(name, FIRST_DAY)
        info.file_size, info.external_attr = size, 0o644 << 16
        with self._zip.open(info, "w") as entry:
            async with aclosing(content) as pieces:
                async for piece in pieces:
                    entry.write(piece)
                    tell(len(piece))
                    yield self._out.taken()
        yield self._out.taken()

    def end(self) -> bytes:
        """The list of names, which ends it."""
        self._zip.close()
        return self._out.taken()
