"""Workers that run at a time of our choosing, two at once, or die in the middle of a tick."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from fourweek.database import Database
from fourweek.edge import House
from fourweek.house import open_house
from fourweek.jobs.service import Scan, tick
from fourweek.outbox import Letter, deliver
from fourweek.scans import make_scans
from fourweek.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")
SCANS = ("modules", "announcements", "sessions", "credit", "audit")
DEATHS = ("before a write", "inside a write", "after a write", "before a letter", "after a letter")


class Killed(BaseException):
    """The process is gone. Nothing that our code catches."""


@dataclass
class Fate:
    """How a worker dies: at the `left`-th occasion from now; never while `how` is empty."""

    how: str = ""
    left: int = 0

    def meets(self, where: str) -> bool:
        if self.how != where:
            return False
        self.left -= 1
        return self.left <= 0


class MortalDatabase(Database):
    """Dies around a write transaction when its fate says so."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.fate = Fate()

    def write_now(self, fn: Callable[Concatenate[Any, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self.fate.meets("before a write"):
            raise Killed
        done = super().write_now(self._dying(fn), *args, **kwargs)
        if self.fate.meets("after a write"):
            raise Killed
        return done

    def _dying(self, fn: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Any, P], T]:
        def run(conn: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
            done = fn(conn, *args, **kwargs)
            if self.fate.meets("inside a write"):
                raise Killed
            return done

        return run


@dataclass
class Post:
    """What left by mail: (id, kind) of every letter as often as it left; `again` are those that a death may repeat."""

    left: list[str] = field(default_factory=list)
    again: set[str] = field(default_factory=set)

    def send(self, letter: Letter, fate: Fate) -> None:
        if fate.meets("before a letter"):
            raise Killed
        self.left.append(letter.message_id)
        if fate.meets("after a letter"):
            self.again.add(letter.message_id)
            raise Killed


class Worker:
    """One worker process with a database connection of its own."""

    def __init__(self, settings: Settings, post: Post) -> None:
        self.db = MortalDatabase(settings.database)
        self.post = post
        opened = open_house(settings)
        opened.db.close()
        house = House(settings=settings, db=self.db, store=opened.store, passwords=opened.passwords)
        ours = [scan for scan in make_scans(house) if scan.name in SCANS]
        assert [scan.name for scan in ours] == list(SCANS)
        self.scans = (*ours, Scan("mail", lambda now: deliver(self.db, self._send, now.real)))

    def tick(self, now: datetime) -> None:
        """A whole tick; whatever fails in it fails the test."""
        done = tick(self.db, self.scans, now)
        assert -1 not in done.values(), done

    def tick_and_die(self, now: datetime, chance: random.Random) -> bool:
        """A tick that is cut off somewhere; whether it was (an idle one has nothing to die at)."""
        self.db.fate = Fate(chance.choice(DEATHS), chance.randint(1, 3))
        try:
            tick(self.db, self.scans, now)
        except Killed:
            return True
        finally:
            self.db.fate = Fate()
        return False

    def close(self) -> None:
        self.db.close()

    def _send(self, letter: Letter) -> None:
        self.post.send(letter, self.db.fate)


def tick_at_once(workers: tuple[Worker, ...], now: datetime) -> None:
    """All of them at the same time, each in a thread of its own."""
    failed: list[BaseException] = []
    gate = threading.Barrier(len(workers))

    def run(worker: Worker) -> None:
        gate.wait()
        try:
            worker.tick(now)
        except BaseException as error:  # noqa: BLE001 shown below, in the thread of the test
            failed.append(error)

    threads = [threading.Thread(target=run, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed
