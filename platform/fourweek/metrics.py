"""Numbers for Prometheus, counted in memory that every forked server process shares.

One mapping is made before the processes are forked; each writes to a part of its own, without locks, on its loop alone,
and whoever is asked adds the parts up. A process that replaces another goes on counting in its part.
"""

import mmap
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

PROCESSES = 32
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper ends, in seconds."""
CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
NO_ROUTE = "none"
SIGN_IN = "/sign-in"
WAYS = ("read", "write")
_SIZE = 8  # bytes of a number
_HISTOGRAM = len(BUCKETS) + 2  # one beyond the last bucket, and the sum


class Metrics:
    """Counts of one app in all its processes. `paths` are those of its routes, as they are declared."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = (*dict.fromkeys(paths), NO_ROUTE)
        width = len(CLASSES) + 1
        self._of_path = {path: number * width for number, path in enumerate(self.paths)}
        start = len(self.paths) * width
        self._took = start
        self._waits = {way: start + _HISTOGRAM * number for number, way in enumerate(WAYS, 1)}
        self._refused = start + _HISTOGRAM * (1 + len(WAYS))
        self._under_way, self._uploads = self._refused + 1, self._refused + 2
        self.size = self._uploads + 1
        self._all = memoryview(mmap.mmap(-1, self.size * PROCESSES * _SIZE)).cast("d")
        self.become(0)

    def become(self, number: int) -> None:
        """Write to the part of this process from now on: it goes on where one before it ended, with nothing begun."""
        start = number % PROCESSES * self.size
        self._mine = self._all[start : start + self.size]
        self._mine[self._under_way] = self._mine[self._uploads] = 0.0

    def begin(self, *, upload: bool) -> None:
        """A request has come."""
        self._mine[self._under_way] += 1.0
        if upload:
            self._mine[self._uploads] += 1.0

    def end(self, path: str, method: str, status: int, seconds: float, *, upload: bool) -> None:
        """It was answered; status 0 for one that was given up."""
        mine = self._mine
        mine[self._under_way] -= 1.0
        if upload:
            mine[self._uploads] -= 1.0
        at = self._of_path.get(path, self._of_path[NO_ROUTE])
        mine[at + max(0, status // 100 - 1)] += 1.0
        mine[at + len(CLASSES)] += seconds
        self._observe(self._took, seconds)
        if path == SIGN_IN and method == "POST" and status >= 400:
            mine[self._refused] += 1.0

    def waited(self, way: str, seconds: float) -> None:
        """A call waited so long for the database, `read` or `write`, until its connection was its own."""
        self._observe(self._waits[way], seconds)

    def _observe(self, at: int, seconds: float) -> None:
        self._mine[at + bisect_left(BUCKETS, seconds)] += 1.0
        self._mine[at + len(BUCKETS) + 1] += seconds

    def lines(self) -> Iterator[str]:
        """Everything counted so far, in Prometheus' text format (0.0.4). Routes that nobody asked for are left out."""
        total = [sum(self._all[number :: self.size]) for number in range(self.size)]
        yield from _head("fourweek_requests_total", "counter", "Requests answered, by route and class of status.")
        for path, at in self._of_path.items():
            for number, name in enumerate(CLASSES):
                if total[at + number]:
                    yield f'fourweek_requests_total{{route="{path}",status="{name}"}} {total[at + number]:.0f}'
        yield from _head("fourweek_route_seconds_total", "counter", "Seconds spent on requests, by route.")
        for path, at in self._of_path.items():
            if total[at + len(CLASSES)]:
                yield f'fourweek_route_seconds_total{{route="{path}"}} {total[at + len(CLASSES)]:.6f}'
        yield from _head("fourweek_request_seconds", "histogram", "How long requests took.")
        yield from _histogram("fourweek_request_seconds", "", total[self._took : self._took + _HISTOGRAM])
        yield from _head("fourweek_database_wait_seconds", "histogram", "How long calls waited for the database.")
        for way, at in self._waits.items():
            yield from _histogram("fourweek_database_wait_seconds", f'way="{way}",', total[at : at + _HISTOGRAM])
        yield from counted("fourweek_sign_in_refusals_total", "counter", "Sign-ins refused.", total[self._refused])
        yield from counted("fourweek_requests_under_way", "gauge", "Requests begun.", total[self._under_way])
        yield from counted("fourweek_uploads_under_way", "gauge", "Bodies with files arriving.", total[self._uploads])


def counted(name: str, kind: str, words: str, value: float) -> Iterator[str]:
    """One number with its head."""
    yield from _head(name, kind, words)
    yield f"{name} {value:.0f}"


def _head(name: str, kind: str, words: str) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} {kind}"


def _histogram(name: str, labels: str, found: Sequence[float]) -> Iterator[str]:
    so_far = 0.0
    for end, count in zip((*map(str, BUCKETS), "+Inf"), found, strict=False):
        so_far += count
        yield f'{name}_bucket{{{labels}le="{end}"}} {so_far:.0f}'
    plain = f"{{{labels.rstrip(',')}}}" if labels else ""
    yield f"{name}_sum{plain} {found[-1]:.6f}"
    yield f"{name}_count{plain} {so_far:.0f}"
