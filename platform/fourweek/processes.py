"""Several processes that answer on one port: the app is made once, then forked, so that they start at once and share
its memory. A process that dies is replaced."""

import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from multiprocessing.synchronize import Event
from types import FrameType
from typing import TYPE_CHECKING

import structlog

from fourweek.light import dataclass
from fourweek.server import STOP_SIGNALS, answer

if TYPE_CHECKING:
    from uvicorn import Config

log = structlog.get_logger(__name__)

LOOK = 0.2  # seconds within which a signal is noticed; a death is noticed at once
STEADY = 5.0  # seconds; what lives as long did not die of its start
PAUSES = (0.0, 0.1, 0.4, 1.0, 2.0, 5.0)  # seconds before the next start, after so many early deaths in a row
GIVE_UP = 5  # early deaths in a row, when nobody answers
MORE = 3  # seconds a process may take to stop, beyond those that its requests get


@dataclass(frozen=True, slots=True)
class Child:
    number: int
    process: ForkProcess
    ready: Event
    since: float

    def lasted(self) -> bool:
        return self.ready.is_set() and time.monotonic() - self.since >= STEADY


class Processes:
    """Keeps `size` forked servers on one port.

    `begin` is called in each as it begins, with its number: one that takes another's place has the same.
    """

    def __init__(
        self, size: int, config: "Config", held: socket.socket, begin: Callable[[int], None] = lambda _number: None
    ) -> None:
        self.size, self.config, self.held, self.begin = size, config, held, begin
        self.alive: list[Child] = []
        self.early_deaths = 0
        self.next_start = 0.0
        self.told_to_stop = False
        self.told_again = False

    def run(self) -> bool:
        """Until SIGTERM or SIGINT: True. False when processes keep dying before they answer."""
        if threading.active_count() > 1:
            raise RuntimeError("A process with threads cannot be forked: their locks would stay locked for ever.")
        for number in STOP_SIGNALS:
            signal.signal(number, self._stop)
        while not self.told_to_stop and not self._hopeless():
            if time.monotonic() >= self.next_start:
                missing = set(range(self.size)) - {child.number for child in self.alive}
                self.alive += [self._start(number) for number in sorted(missing)]
            wait([child.process.sentinel for child in self.alive], timeout=LOOK)
            self._bury()
        self._end()
        return self.told_to_stop

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.told_again = self.told_to_stop
        self.told_to_stop = True

    def _hopeless(self) -> bool:
        return self.early_deaths >= GIVE_UP and not any(child.ready.is_set() for child in self.alive)

    def _start(self, number: int) -> Child:
        fork = multiprocessing.get_context("fork")
        ready = fork.Event()
        process = fork.Process(target=self._answer, args=(number, os.getpid(), ready))
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)  # until the child has handlers of its own
        process.start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        return Child(number, process, ready, time.monotonic())

    def _answer(self, number: int, parent: int, ready: Event) -> None:
        """The life of a child. It ends with its parent, however that ends."""
        for one in STOP_SIGNALS:
            signal.signal(one, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)

        self.begin(number)

        async def notify() -> None:
            ready.set()
            if os.getppid() != parent:
                signal.raise_signal(signal.SIGTERM)

        answer(self.config, self.held, notify, parent=parent)

    def _bury(self) -> None:
        for child in [child for child in self.alive if not child.process.is_alive()]:
            self.alive.remove(child)
            if not self.told_to_stop:
                self.early_deaths = 0 if child.lasted() else self.early_deaths + 1
                self.next_start = time.monotonic() + PAUSES[min(self.early_deaths, len(PAUSES) - 1)]
                log.error("server process died", pid=child.process.pid, exit=child.process.exitcode)

    def _end(self) -> None:
        """Ask all to finish what they answer, then make them; at once when told a second time."""
        self.held.close()
        for child in self.alive:
            child.process.terminate()
        until = time.monotonic() + (self.config.timeout_graceful_shutdown or 0) + MORE
        while not self.told_again and time.monotonic() < until:
            if not [child for child in self.alive if child.process.is_alive()]:
                break
            wait([child.process.sentinel for child in self.alive if child.process.is_alive()], timeout=LOOK)
        for child in self.alive:
            child.process.kill()
            child.process.join()
