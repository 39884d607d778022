"""A scan over what changes by the day: it rests between two looks, which saves work and decides nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from fourweek.clock import Now
from fourweek.database import Database
from fourweek.light import dataclass

PAUSE: Final = timedelta(minutes=10)


@dataclass(slots=True)
class Resting:
    """Runs `scan` when it has rested for ten minutes of the school's clock, and reports what it did."""

    db: Database
    scan: Callable[[Database, Now], int]
    rests_until: datetime | None = None

    def run(self, now: Now) -> int:
        """Returns what the scan returns; 0 while it rests."""
        if self.rests_until is not None and now.school < self.rests_until:
            return 0
        done = self.scan(self.db, now)
        self.rests_until = now.school + PAUSE
        return done
