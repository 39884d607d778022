"""A load client: keep-alive HTTP/1.1 over raw sockets, with little work per request of its own.

Runs as a process (`python -m tests.bench.load`): a JSON order on standard input, a JSON result on standard output. It
speaks just the HTTP that our two servers speak: every answer of theirs says its content-length.
"""

import asyncio
import json
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import cast

import uvloop

HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length: "
DEADLINE = 20.0


@dataclass(slots=True)
class Order:
    """What to send: every request once, or in turn until `seconds` are over. `status` is the answer that counts."""

    port: int
    requests: list[str]
    at_a_time: int
    status: int = 200
    seconds: float | None = None


@dataclass(slots=True)
class Outcome:
    """`times` are seconds per good answer, sorted; `bad` counts other answers by status; `took` is the whole run."""

    took: float
    times: list[float] = field(default_factory=list)
    bad: dict[str, int] = field(default_factory=dict)
    bytes_each: int = 0

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.times) / self.took if self.took else 0.0

    def percentile(self, share: float) -> float:
        """Seconds within which `share` (0 to 1) of the good answers came."""
        return self.times[min(int(len(self.times) * share), len(self.times) - 1)] if self.times else float("nan")


class _Line(asyncio.Protocol):
    """One connection that sends its next request as soon as the answer to the last is whole."""

    def __init__(self, run: "_Run") -> None:
        self.run = run
        self.got = bytearray()
        self.needed = -1
        self.sent_at = 0.0
        self.left = False
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own class is no subclass of it
        self.send()

    def send(self) -> None:
        request = self.run.next()
        if request is None:
            self.leave()
            self.transport.close()
            return
        self.got.clear()
        self.needed = -1
        self.sent_at = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.got += data
        if self.needed < 0:
            end = self.got.find(HEAD_END)
            if end < 0:
                return
            self.needed = end + 4 + _length(bytes(self.got[:end]).lower())
        if len(self.got) >= self.needed:
            self.run.note(int(self.got[9:12]), time.perf_counter() - self.sent_at, self.needed)
            self.send()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.left:
            self.run.note_lost()
            self.leave()

    def leave(self) -> None:
        self.left = True
        self.run.leave()


def _length(head: bytes) -> int:
    place = head.find(LENGTH)
    return int(head[place + len(LENGTH) :].split(b"\r\n", 1)[0]) if place >= 0 else 0


class _Run:
    def __init__(self, order: Order, loop: asyncio.AbstractEventLoop) -> None:
        self.order = order
        self.queue = deque(request.encode("latin-1") for request in order.requests)
        self.outcome = Outcome(0.0)
        self.open = order.at_a_time
        self.done = loop.create_future()
        self.until = time.perf_counter() + (order.seconds or DEADLINE)

    def next(self) -> bytes | None:
        if time.perf_counter() >= self.until or not self.queue:
            return None
        request = self.queue.popleft()
        if self.order.seconds is not None:
            self.queue.append(request)
        return request

    def note(self, status: int, took: float, size: int) -> None:
        if status == self.order.status:
            self.outcome.times.append(took)
            self.outcome.bytes_each = size
        else:
            self.outcome.bad[str(status)] = self.outcome.bad.get(str(status), 0) + 1

    def leave(self) -> None:
        self.open -= 1
        if not self.open and not self.done.done():
            self.done.set_result(None)

    def note_lost(self) -> None:
        """A connection that the server closed before its answer."""
        self.outcome.bad["lost"] = self.outcome.bad.get("lost", 0) + 1


async def fire(order: Order) -> Outcome:
    """Carry out one order."""
    loop = asyncio.get_running_loop()
    run = _Run(order, loop)
    started = time.perf_counter()
    for _ in range(order.at_a_time):
        await loop.create_connection(lambda: _Line(run), "127.0.0.1", order.port)
    await asyncio.wait_for(run.done, (order.seconds or 0) + DEADLINE)
    run.outcome.took = time.perf_counter() - started
    run.outcome.times.sort()
    return run.outcome


def main() -> None:
    outcome = uvloop.run(fire(Order(**json.load(sys.stdin))))
    outcome.times = [round(seconds, 6) for seconds in outcome.times]
    json.dump(asdict(outcome), sys.stdout)


if __name__ == "__main__":
    main()
