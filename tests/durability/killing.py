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
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases import remove_postgres
from tests.durability.examine import examine, missing
from tests.durability.grader import Grader
from tests.durability.ledger import Lost
from tests.durability.line import Gone, Line
from tests.durability.person import Person
from tests.durability.school import School, make_school
from tests.servers import FOURWEEK, HOST, PAUSE, REPO, Server, run_fourweek, serving

Say = Callable[[str], None]
LEAST_ACTS, MOST_ACTS, MOST_SECONDS = 6, 80, 0.06
PATIENCE = 60.0
PILE = 60
"""Submissions for each grader, and four more for each kill, so that there is always one left."""


@dataclass(slots=True)
class Life:
    """One life of the server: what it acknowledged, and for how many people its end came in the middle of an act.

    `answered_after` is seconds from the start of its process to its first good answer.
    """

    acknowledged: int
    in_flight: int
    answered_after: float

    def __str__(self) -> str:
        hit = f"{self.in_flight} people in the middle of one" if self.in_flight else "nothing under way: it missed"
        return f"up in {self.answered_after:.1f} s; after {self.acknowledged} acknowledged acts, {hit}"


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody who writes."""

    all: list[Person | Grader]
    learners: list[Person]
    graders: list[Grader]


@dataclass(slots=True)
class Killing:
    """The proof. `kills` are those that interrupted something; one that missed is said and made up for.

    So many `workers` run beside every server and die with it; one, at least, runs at the end, to do what is due.
    """

    folder: Path
    engine: str
    kills: int
    seed: int
    say: Say
    people: int = 6
    graders: int = 2
    workers: int = 0

    def run(self) -> list[Life]:
        """Raises Lost with the seed in its words when anything acknowledged is not there after a start."""
        try:
            return self._run()
        except Lost as lost:
            raise Lost(f"seed {self.seed}, {self.engine}: {lost}") from lost

    def _run(self) -> list[Life]:
        school = make_school(self.folder, self.engine, self.people, self.graders, PILE + 4 * self.kills)
        dice = random.Random(self.seed)  # noqa: S311 a game of chance, not a secret
        learners = [
            Person(Line(school.port, address), school.assignments, f"s{self.seed}-{number}")
            for number, address in enumerate(school.addresses)
        ]
        graders = [
            Grader(Line(school.port, address), pile, f"g{self.seed}-{number}")
            for number, (address, pile) in enumerate(school.piles.items())
        ]
        crowd = Crowd([*learners, *graders], learners, graders)
        lives: list[Life] = []
        with ThreadPoolExecutor(self.people + self.graders) as pool:
            while sum(life.in_flight > 0 for life in lives) < self.kills:
                if len(lives) >= 3 * self.kills:
                    raise AssertionError(f"seed {self.seed}: most kills missed; the proof says nothing")
                lives.append(self._live(school, crowd, pool, dice))
                self.say(f"seed {self.seed}, {self.engine}, kill {len(lives)}: {lives[-1]}")
                _examine(school, crowd)
            with _server(school, self.folder):
                _all(pool, [one.look for one in crowd.all])
                with ExitStack() as stack:
                    for number in range(max(1, self.workers)):
                        stack.enter_context(_worker(school, self.folder, number))
                    _wait_for_nothing(lambda: missing(school, crowd.graders))
            _examine(school, crowd)
        if self.engine == "sqlite":  # once is enough: `examine` reads every file in the same way
            run_fourweek(school.environment, "evidence", "verify")  # raises unless every file is what it was
        remove_postgres(school.database_url)
        return lives

    def _live(self, school: School, crowd: Crowd, pool: ThreadPoolExecutor, dice: random.Random) -> Life:
        """Start, look, write, kill. When is a number of acts and a moment: so it means the same on any machine."""
        killed = threading.Event()
        with ExitStack() as stack:
            server = stack.enter_context(_server(school, self.folder))
            for number in range(self.workers):
                stack.enter_context(_worker(school, self.folder, number))
            _all(pool, [one.look for one in crowd.all])
            before, enough = _acknowledged(crowd), dice.randrange(LEAST_ACTS, MOST_ACTS)
            writing = [pool.submit(_write, one, killed) for one in crowd.all]
            _wait_for(lambda: _acknowledged(crowd) - before >= enough, writing)
            wait(writing, dice.uniform(0, MOST_SECONDS), return_when=FIRST_EXCEPTION)
            killed.set()
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait()
            for one in writing:
                one.result(PATIENCE)
            answered = server.answered_after
        return Life(_acknowledged(crowd) - before, sum(one.in_flight for one in crowd.all), answered)


def said(lives: list[Life]) -> str:
    """The figures of a proof, for its log and docs/reliability.md."""
    up = sorted(life.answered_after for life in lives)
    acts, cut = sum(life.acknowledged for life in lives), sum(life.in_flight for life in lives)
    return (
        f"{len(lives)} kills, {acts} acknowledged acts, {cut} people cut off in one; lost 0, doubled 0, torn 0. "
        f"First good answer after {up[len(up) // 2]:.2f} s (median), {up[-1]:.2f} s at most."
    )


def _examine(school: School, crowd: Crowd) -> None:
    examine(school, [work for person in crowd.learners for work in person.works], crowd.graders)


@contextmanager
def _server(school: School, folder: Path) -> Iterator[Server]:
    command = [FOURWEEK, "serve", "--workers", "2"]
    _wait_for_port(school.port)
    with serving(command, school.port, school.environment, folder / "server.log") as server:
        yield server


@contextmanager
def _worker(school: School, folder: Path, number: int) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker beside the server, killed at the end: it dies as often as the server does."""
    with (folder / f"worker-{number}.log").open("wb") as out:
        process = subprocess.Popen([FOURWEEK, "work"], env=school.environment, cwd=REPO, stdout=out, stderr=out)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def _write(person: Person | Grader, killed: threading.Event) -> None:
    try:
        person.write()
    except Gone as gone:
        if not killed.is_set():
            raise Lost("the server broke a connection by itself") from gone


def _acknowledged(crowd: Crowd) -> int:
    return sum(one.acknowledged for one in crowd.all)


def _wait_for(enough: Callable[[], bool], writing: Sequence["Future[None]"]) -> None:
    """Until enough was written, or somebody stopped."""
    until = time.monotonic() + PATIENCE
    while not enough() and not any(one.done() for one in writing) and time.monotonic() < until:
        time.sleep(PAUSE / 10)


def _wait_for_nothing(missing: Callable[[], str]) -> None:
    """What follows from what was acknowledged comes by itself. Raises Lost when it does not."""
    until = time.monotonic() + PATIENCE
    while said := missing():
        if time.monotonic() > until:
            raise Lost(f"what is due has not come: {said}")
        time.sleep(20 * PAUSE)


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
