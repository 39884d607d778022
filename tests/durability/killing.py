"""Run the real server, let everybody write, kill it, look: again and again."""

import os
import random
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases import remove_postgres
from tests.durability.examine import examine
from tests.durability.ledger import Lost
from tests.durability.line import Gone, Line
from tests.durability.person import Person
from tests.durability.school import School, make_school
from tests.servers import FOURWEEK, HOST, PAUSE, run_fourweek, serving

Say = Callable[[str], None]
LEAST_ACTS, MOST_ACTS, MOST_SECONDS = 6, 80, 0.06
PATIENCE = 60.0


@dataclass(slots=True)
class Life:
    """One life of the server: what it acknowledged, and for how many people its end came in the middle of an act."""

    acknowledged: int
    in_flight: int

    def __str__(self) -> str:
        hit = f"{self.in_flight} people in the middle of one" if self.in_flight else "nothing under way: it missed"
        return f"after {self.acknowledged} acknowledged acts, {hit}"


@dataclass(slots=True)
class Killing:
    """The proof. `kills` are those that interrupted something; one that missed is said and made up for."""

    folder: Path
    engine: str
    kills: int
    seed: int
    say: Say
    people: int = 6

    def run(self) -> list[Life]:
        """Raises Lost with the seed in its words when anything acknowledged is not there after a start."""
        try:
            return self._run()
        except Lost as lost:
            raise Lost(f"seed {self.seed}, {self.engine}: {lost}") from lost

    def _run(self) -> list[Life]:
        school = make_school(self.folder, self.engine, self.people)
        dice = random.Random(self.seed)  # noqa: S311 a game of chance, not a secret
        crowd = [
            Person(Line(school.port, address), school.assignments, f"s{self.seed}-{number}")
            for number, address in enumerate(school.addresses)
        ]
        lives: list[Life] = []
        with ThreadPoolExecutor(self.people) as pool:
            while sum(life.in_flight > 0 for life in lives) < self.kills:
                if len(lives) >= 3 * self.kills:
                    raise AssertionError(f"seed {self.seed}: most kills missed; the proof says nothing")
                lives.append(self._live(school, crowd, pool, dice))
                self.say(f"seed {self.seed}, {self.engine}, kill {len(lives)}: {lives[-1]}")
                _examine(school, crowd)
            with _server(school, self.folder):
                _all(pool, [person.look for person in crowd])
            _examine(school, crowd)
        if self.engine == "sqlite":  # once is enough: `examine` reads every file in the same way
            run_fourweek(school.environment, "evidence", "verify")  # raises unless every file is what it was
        remove_postgres(school.database_url)
        return lives

    def _live(self, school: School, crowd: list[Person], pool: ThreadPoolExecutor, dice: random.Random) -> Life:
        """Start, look, write, kill. When is a number of acts and a moment: so it means the same on any machine."""
        killed = threading.Event()
        with _server(school, self.folder) as process:
            _all(pool, [person.look for person in crowd])
            before, enough = _acknowledged(crowd), dice.randrange(LEAST_ACTS, MOST_ACTS)
            writing = [pool.submit(_write, person, killed) for person in crowd]
            _wait_for(lambda: _acknowledged(crowd) - before >= enough, writing)
            wait(writing, dice.uniform(0, MOST_SECONDS), return_when=FIRST_EXCEPTION)
            killed.set()
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for one in writing:
                one.result(PATIENCE)
        return Life(_acknowledged(crowd) - before, sum(person.in_flight for person in crowd))


def _examine(school: School, crowd: list[Person]) -> None:
    examine(school, [work for person in crowd for work in person.works])


@contextmanager
def _server(school: School, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    command = [FOURWEEK, "serve", "--workers", "2"]
    _wait_for_port(school.port)
    with serving(command, school.port, school.environment, folder / "server.log") as server:
        yield server.process


def _write(person: Person, killed: threading.Event) -> None:
    try:
        person.write()
    except Gone as gone:
        if not killed.is_set():
            raise Lost("the server broke a connection by itself") from gone


def _acknowledged(crowd: list[Person]) -> int:
    return sum(person.acknowledged for person in crowd)


def _wait_for(enough: Callable[[], bool], writing: Sequence["Future[None]"]) -> None:
    """Until enough was written, or somebody stopped."""
    until = time.monotonic() + PATIENCE
    while not enough() and not any(one.done() for one in writing) and time.monotonic() < until:
        time.sleep(PAUSE / 10)


def _all(pool: ThreadPoolExecutor, acts: list[Callable[[], None]]) -> None:
    for done in [pool.submit(act) for act in acts]:
        done.result()


def _wait_for_port(port: int) -> None:
    """Until nobody listens there: the dead server's children go a moment after it."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)):
                return
        time.sleep(PAUSE)
    raise AssertionError("a killed server still listens")
