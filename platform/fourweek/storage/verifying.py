"""Does the store hold what the rows say? Every file is read once, a piece at a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

from fourweek.database import Database
from fourweek.errors import NotFound
from fourweek.light import dataclass
from fourweek.storage.orphans import UNNAMED_FOR
from fourweek.storage.rows import BATCH, NamedFile, NamedFiles, named, named_after, rows_naming
from fourweek.storage.store import Found, Kept, Store, digest_of, key_of

SWEPT_WITHIN = UNNAMED_FOR + timedelta(hours=24)
"""After this a sweep that runs has removed what no row names."""


class Trouble(StrEnum):
    """`orphan`: no row names it. The sweep removes one that is young, which is nothing wrong."""

    MISSING = "missing"
    ALTERED = "altered"
    WRONG_SIZE = "wrong size"
    UNREADABLE = "unreadable"
    ORPHAN = "orphan"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it should be: the file's place in the store, what is wrong, and which rows name it."""

    trouble: Trouble
    place: str
    words: str
    rows: tuple[str, ...] = ()
    wrong: bool = True

    def __str__(self) -> str:
        named_by = f" Named by {', '.join(self.rows)}." if self.rows else ""
        return f"{self.trouble}: {self.place}: {self.words}{named_by}"


@dataclass(slots=True)
class Tally:
    """How much was read so far."""

    files: int = 0
    size: int = 0


@dataclass(slots=True)
class Verification:
    """Reads everything and names every difference. `tell` hears how many bytes were read after each piece."""

    db: Database
    store: Store
    sources: Sequence[NamedFiles]
    now: datetime
    tell: Callable[[int], None] = lambda _read: None
    tally: Tally = field(default_factory=Tally)

    def expected(self) -> int:
        """Bytes there are to read."""
        return sum(found.size for found in self.store.found())

    def differences(self) -> Iterator[Difference]:
        """First what rows name, then what lies in the store beside it."""
        after = ""
        while batch := self.db.read_now(named_after, self.sources, after):
            for file in batch:
                yield from self._check_named(file)
            after = batch[-1].sha256
        every = self.store.found()
        while beside := list(islice(every, BATCH)):
            yield from self._check_beside(beside)

    def _check_named(self, file: NamedFile) -> Iterator[Difference]:
        read = self._read(file.sha256)
        found = _altered(file, read) if isinstance(read, Kept) else read
        if found and self.db.read_now(named, self.sources, [file.sha256]):  # it may have gone meanwhile, with its rows
            rows = self.db.read_now(rows_naming, self.sources, file.sha256)
            yield Difference(found[0], key_of(file.sha256), found[1], tuple(rows))

    def _check_beside(self, beside: list[Found]) -> Iterator[Difference]:
        known = self.db.read_now(named, self.sources, [found.sha256 for found in beside])
        for found in beside:
            if not found.sha256:
                yield Difference(Trouble.FOREIGN, found.name, "This is no file of the store's.")
            elif found.sha256 not in known:
                yield from self._check_orphan(found)

    def _check_orphan(self, found: Found) -> Iterator[Difference]:
        read = self._read(found.sha256)
        if isinstance(read, Kept) and read.sha256 != found.sha256:
            yield Difference(Trouble.ALTERED, found.name, "Its bytes are not those of its digest. No row names it.")
        age = self.now - found.written
        late = age > SWEPT_WITHIN
        words = f"No row names it. Last written {age // timedelta(hours=1)} hours ago; " + (
            "the worker should have removed it." if late else "the worker removes it after a day."
        )
        yield Difference(Trouble.ORPHAN, found.name, words, wrong=late)

    def _read(self, sha256: str) -> Kept | tuple[Trouble, str]:
        """What the file is; or why it cannot be read."""
        try:
            with self.store.open(sha256) as handle:
                read = digest_of(handle, self.tell)
        except NotFound:
            return Trouble.MISSING, "It is not in the store."
        except OSError as error:
            return Trouble.UNREADABLE, f"It cannot be read: {error.strerror}."
        self.tally.files += 1
        self.tally.size += read.size
        return read


def _altered(file: NamedFile, read: Kept) -> tuple[Trouble, str] | None:
    """What is wrong with a file that was read, if anything."""
    if file.least is not None and (file.least, file.most) != (read.size, read.size):
        said = file.least if file.least == file.most else f"{file.least} and {file.most}"
        return Trouble.WRONG_SIZE, f"It has {read.size} bytes; rows say {said}."
    if read.sha256 != file.sha256:
        return Trouble.ALTERED, "Its bytes are not those of its digest."
    return None
