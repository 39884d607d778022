"""Every change of every clock, found by looking at the zones themselves; and what the rule says around each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

from courses.schedule.walltime import WallTime, zone_names

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Change:
    """The instant from which the second offset holds."""

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def low(self) -> datetime:
        """The lower end, on the wall, of what comes twice or never."""
        return (self.at + min(self.before, self.after)).replace(tzinfo=None)

    @property
    def high(self) -> datetime:
        return (self.at + max(self.before, self.after)).replace(tzinfo=None)

    @property
    def skips(self) -> bool:
        return self.after > self.before

    def first_instant(self, local: datetime) -> datetime:
        """The first instant at which the wall reads `local` or later, near this change: worked by hand.

        Before the change by the old offset; in a gap the change itself; otherwise by the new offset.
        """
        plain = local.replace(tzinfo=UTC)
        if plain - self.before < self.at:
            return plain - self.before
        return max(self.at, plain - self.after)


def distinct_zones() -> list[str]:
    """One name for each content of a zone file: most names are links."""
    files = resources.files("tzdata").joinpath("zoneinfo")
    return sorted({files.joinpath(*name.split("/")).read_bytes(): name for name in zone_names()}.values())


def clock_changes(where: ZoneInfo, first: int = 1995, last: int = 2040) -> Iterator[Change]:
    """Each change of offset in these years."""
    step = timedelta(days=5)
    at = datetime(first, 1, 1, tzinfo=UTC)
    offset = _offset(at, where)
    while at.year < last:
        after = _offset(at + step, where)
        if after != offset:
            yield Change(_find(where, at, at + step, offset), offset, after)
        at, offset = at + step, after


def around(change: Change) -> list[WallTime]:
    """Minutes on the wall at both ends of the jump, in its middle and just outside, and the midnights it touches."""
    minute = timedelta(minutes=1)
    low, high = change.low, change.high
    middle = low + (high - low) / 2
    midnights = [datetime.combine(day, datetime.min.time()) for day in {low.date(), high.date()}]
    found = {low - minute, low, middle, high - minute, high, *midnights, *(m - minute for m in midnights)}
    return [WallTime(local.date(), local.time().replace(second=0, microsecond=0)) for local in sorted(found)]


def _offset(at: datetime, where: ZoneInfo) -> timedelta:
    return at.astimezone(where).utcoffset() or timedelta()


def _find(where: ZoneInfo, low: datetime, high: datetime, before: timedelta) -> datetime:
    while high - low > SECOND:
        middle = (low + (high - low) // 2).replace(microsecond=0)
        low, high = (middle, high) if _offset(middle, where) == before else (low, middle)
    return high
