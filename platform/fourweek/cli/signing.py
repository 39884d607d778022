"""Signing all badges that are due in one or several processes. Heavy to import."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from types import TracebackType
from typing import Self

from assessments.badges.issuing import awards_due, desk, number_due
from assessments.badges.keys import load_keys
from assessments.badges.service import sign_or_log
from fourweek import logs
from fourweek.clock import Now, real_time, school_now
from fourweek.edge import House
from fourweek.house import open_house
from fourweek.settings import Settings

PIECE = 20
_mine: list[Callable[[str], bool]] = []
"""What a further process signs with, once it has begun."""


class Sweep:
    """One pass over what is due when it begins; every badge is dated with that instant."""

    def __init__(self, settings: Settings, processes: int) -> None:
        self._processes = processes
        self._house = open_house(settings)
        self._now = self._house.db.read_now(school_now, real_time())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._house.db.close()

    def number_due(self) -> int:
        """How many badges lack their newest form."""
        return self._house.db.read_now(number_due)

    def tried(self) -> Iterator[bool]:
        """One for each badge that is due, True if it was signed.

        Further processes are whole ones, since making a badge canonical is Python's work alone.
        """
        due = awards_due(self._house.db)
        if self._processes == 1:
            yield from map(_signer(self._house, self._now), due)
            return
        with ProcessPoolExecutor(self._processes, get_context("spawn"), _begin, (self._now,)) as pool:
            yield from pool.map(_sign, due, chunksize=PIECE)


def _signer(house: House, now: Now) -> Callable[[str], bool]:
    """Signs one award with the keys of that moment: they may be rotated while thousands are signed."""
    at_hand = desk(house.db, house.store, load_keys(house.settings), house.settings)

    def sign(award_id: str) -> bool:
        return sign_or_log(replace(at_hand, keys=load_keys(house.settings)), now, award_id)

    return sign


def _begin(now: Now) -> None:
    logs.configure(quiet=True)
    _mine.append(_signer(open_house(Settings()), now))


def _sign(award_id: str) -> bool:
    return _mine[0](award_id)
