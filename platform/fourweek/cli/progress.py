"""Progress of long work, on stderr: a bar where somebody watches, else a plain line now and then, for logs."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from fourweek.light import dataclass
from fourweek.words import say_size

FIRST: Final = 2.0
"""Seconds without a line: what is done sooner needs none."""
EACH: Final = 15.0
WORDS: Final = TextColumn("{task.description}")
COUNTS: Final[tuple[ProgressColumn, ...]] = (WORDS, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
BYTES: Final[tuple[ProgressColumn, ...]] = (
    WORDS,
    BarColumn(),
    DownloadColumn(binary_units=True),
    TransferSpeedColumn(),
    TimeRemainingColumn(),
)
OPEN_END: Final[tuple[ProgressColumn, ...]] = (WORDS, BarColumn(), TimeElapsedColumn())


@dataclass(slots=True)
class Watched:
    """What work tells of itself. `total` is None where nobody knows how much there is."""

    words: str
    total: int | None = None
    done: int = 0
    in_bytes: bool = False
    heard: Callable[["Watched"], None] = lambda _one: None

    def name(self, words: str) -> None:
        """What is being done now."""
        self.words = words
        self.heard(self)

    def expect(self, total: int, words: str = "") -> None:
        """How much there is to do, from here on."""
        self.words, self.total, self.done = words or self.words, total, 0
        self.heard(self)

    def advance(self, more: int = 1) -> None:
        self.done += more
        self.heard(self)

    def reach(self, done: int) -> None:
        self.done = done
        self.heard(self)

    def __str__(self) -> str:
        """Such as "Signing badges: 1,200 of 4,000"; what was expected may have been too little."""
        if not self.total:
            return f"{self.words} …"
        say = say_size if self.in_bytes else "{:,}".format
        of = f" of {say(self.total)}" if self.done <= self.total else ""
        return f"{self.words}: {say(self.done)}{of}"


@contextmanager
def watched(words: str, total: int | None = None, *, in_bytes: bool = False) -> Iterator[Watched]:
    """Show what the work inside tells of itself; what it prints on the same screen goes above the bar."""
    say = Console(stderr=True, highlight=False, soft_wrap=True)
    one = Watched(words, total, in_bytes=in_bytes)
    with _bar(say, one) if say.is_terminal else _lines(say, one):
        yield one


@contextmanager
def _bar(say: Console, one: Watched) -> Iterator[None]:
    columns = BYTES if one.in_bytes else COUNTS if one.total is not None else OPEN_END
    with Progress(*columns, console=say, transient=True, redirect_stdout=sys.stdout.isatty()) as progress:
        task = progress.add_task(one.words, total=one.total)
        one.heard = lambda told: progress.update(
            task, description=told.words, total=_at_least(told), completed=told.done
        )
        yield


def _at_least(told: Watched) -> int | None:
    """How much there is, or was: what was expected may have been too little."""
    return None if told.total is None else max(told.total, told.done)


@contextmanager
def _lines(say: Console, one: Watched) -> Iterator[None]:
    """A line after the first seconds, and then each now and then, whether or not the work finds time to tell."""
    ended = threading.Event()

    def tell() -> None:
        pause = FIRST
        while not ended.wait(pause):
            say.print(str(one))
            pause = EACH

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join()
