"""Two servers under the same load in turn, so that what else the machine does meets both alike."""

import json
import statistics
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice

from tests.bench.load import DEADLINE, Order, Outcome
from tests.servers import PYTHON, REPO


class Failed(RuntimeError):
    """Answers that were not the ones asked for: such a measurement says nothing."""


def fire(order: Order) -> Outcome:
    """Let a load client carry out an order, in a process of its own. Raises Failed when an answer was another one."""
    command, asked = [PYTHON, "-m", "tests.bench.load"], json.dumps(asdict(order))
    patience = (order.seconds or 0) + DEADLINE * 2
    done = subprocess.run(
        command, input=asked, stdout=subprocess.PIPE, text=True, cwd=REPO, timeout=patience, check=False
    )
    if done.returncode:
        raise Failed("the load client failed")
    outcome = Outcome(**json.loads(done.stdout))
    if outcome.bad or not outcome.times:
        first = order.requests[0].split("\r\n", 1)[0] if order.requests else "nothing"
        raise Failed(f"{first}: wanted {order.status}, got {outcome.bad or 'no answer'}")
    return outcome


@dataclass(slots=True)
class Side:
    """One of the two: where it listens and what it is asked. With `once`, no request is ever sent twice."""

    port: int
    requests: list[str]
    status: int = 200
    once: bool = False
    _left: Iterator[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._left = iter(self.requests)

    def order(self, at_a_time: int, seconds: float, each: int) -> Order:
        if self.once:
            return Order(self.port, list(islice(self._left, each)), at_a_time, self.status)
        return Order(self.port, self.requests, at_a_time, self.status, seconds)


@dataclass(frozen=True, slots=True)
class Score:
    """One side over all rounds: answers a second (median round), milliseconds (median round), bytes of an answer."""

    rate: float
    p50: float
    p99: float
    size: int


@dataclass(frozen=True, slots=True)
class Contest:
    """Both sides and the medians, over the rounds, of what ours is to the bare one."""

    ours: Score
    bare: Score
    rate_ratio: float
    p99_ratio: float


def contest(ours: Side, bare: Side, *, at_a_time: int, rounds: int, seconds: float) -> Contest:
    """Rounds of ours, bare, ours, bare …"""
    each = max(1, len(ours.requests) // rounds)
    mine: list[Outcome] = []
    theirs: list[Outcome] = []
    for _ in range(rounds):
        mine.append(fire(ours.order(at_a_time, seconds, each)))
        theirs.append(fire(bare.order(at_a_time, seconds, each)))
    pairs = list(zip(mine, theirs, strict=True))
    return Contest(
        score(mine),
        score(theirs),
        statistics.median(a.rate / b.rate for a, b in pairs),
        statistics.median(a.percentile(0.99) / b.percentile(0.99) for a, b in pairs),
    )


def score(outcomes: list[Outcome]) -> Score:
    middle = statistics.median
    return Score(
        rate=middle(o.rate for o in outcomes),
        p50=middle(o.percentile(0.5) for o in outcomes) * 1000,
        p99=middle(o.percentile(0.99) for o in outcomes) * 1000,
        size=outcomes[-1].bytes_each,
    )
