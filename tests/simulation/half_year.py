"""Runs a world: people act, the worker ticks or does not, and what must have been told is noted beside it."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from fourweek.settings import Settings
from tests.simulation import oracle
from tests.simulation.school import Act, School, acts, perform
from tests.simulation.workers import Post, Worker, tick_at_once
from tests.simulation.world import DAY, HOUR, MINUTE, Learner, News, World

WHOLE, DOUBLED, KILLED, SIGKILLED = "whole", "doubled", "killed", "sigkilled"


@dataclass
class Expected:
    """Keys of notices: `must` be there, because a whole tick saw the reason; `may`, because one that died saw it."""

    must: set[str] = field(default_factory=set)
    may: set[str] = field(default_factory=set)
    untold: dict[str, set[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """A tick at an instant, and how it goes."""

    at: datetime
    how: str


def turns(world: World, seed: int, every_hours: int, sigkills: int = 0) -> list[Turn]:
    """Ticks at odd minutes, and shortly before each session; three times the worker stands still for days."""
    chance = random.Random(seed)  # noqa: S311 not for secrets
    span = int((world.ends - world.begins) / HOUR)
    stops = [(world.begins + chance.randint(0, span) * HOUR, chance.randint(2, 9) * DAY) for _ in range(3)]
    ticks = {world.begins + (hour * 60 + chance.randint(0, 59)) * MINUTE for hour in range(0, span, every_hours)}
    ticks |= {oracle.starts(one, world.ends) - chance.randint(20, 55) * MINUTE for one in world.meetings}
    running = sorted(at for at in ticks if not any(start <= at < start + lasts for start, lasts in stops))
    hows = chance.choices((WHOLE, DOUBLED, KILLED), (84, 6, 10), k=len(running))
    found = [Turn(at, how) for at, how in zip(running, hows, strict=True)]
    for place in chance.sample(range(len(found)), sigkills):
        found[place] = Turn(found[place].at, SIGKILLED)
    return [*found, Turn(world.ends, WHOLE), Turn(world.ends + HOUR, WHOLE)]


class HalfYear:
    """One run in one database."""

    def __init__(self, school: School, settings: Settings, seed: int) -> None:
        self.school = school
        self.settings = settings
        self.post = Post()
        self.workers = (Worker(settings, self.post), Worker(settings, self.post))
        self.expected = Expected()
        self.chance = random.Random(seed)  # noqa: S311 not for secrets
        self.told: set[str] = set()
        self.deaths = 0

    def run(self, planned: list[Turn]) -> None:
        """Everything in order of time; of what happens at the same instant, people come first."""
        waiting = acts(self.school)
        for turn in planned:
            while waiting and waiting[0][0] <= turn.at:
                self._perform(waiting.pop(0))
            wanted = set(wanted_at(self.school, turn.at))
            is_whole = self._tick(turn)
            self._expect(turn.at, wanted, is_whole=is_whole)

    def close(self) -> None:
        for worker in self.workers:
            worker.close()

    def _perform(self, act: Act) -> None:
        perform(self.workers[0].db, act)

    def _tick(self, turn: Turn) -> bool:
        """Whether the tick came to its end."""
        first, _ = self.workers
        if turn.how == DOUBLED:
            tick_at_once(self.workers, turn.at)
        elif turn.how == KILLED:
            died = first.tick_and_die(turn.at, self.chance)
            self.deaths += died
            return not died
        elif turn.how == SIGKILLED:
            self._sigkill(turn.at)
            return False
        else:
            first.tick(turn.at)
        return True

    def _sigkill(self, at: datetime) -> None:
        """A process of its own ticks, and is killed by the system while it does."""
        sent = Path(self.settings.home) / "sent"
        sent.parent.mkdir(parents=True, exist_ok=True)
        command = (sys.executable, "-m", "tests.simulation.victim", at.isoformat(), str(sent))
        environment = {
            "FOURWEEK_HOME": str(self.settings.home),
            "FOURWEEK_DATABASE_URL": self.settings.database,
            "PYTHONPATH": ":".join(path for path in sys.path if path),
        }
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as victim:
            assert victim.stdout is not None
            assert victim.stdout.readline() == b"ready\n"
            time.sleep(self.chance.random() * 0.06)
            victim.kill()
        left = sent.read_text().split() if sent.exists() else []
        sent.unlink(missing_ok=True)
        self.post.left += left
        self.post.again |= set(left[-1:])
        self.deaths += 1

    def _expect(self, at: datetime, wanted: set[str], *, is_whole: bool) -> None:
        self.expected.may |= wanted
        if is_whole:
            self.expected.must |= wanted
        for news in self.school.world.news:
            self._expect_news(news, at, is_whole=is_whole)

    def _expect_news(self, news: News, at: datetime, *, is_whole: bool) -> None:
        """Who was there when it was told. Where a tick died, that may have been then or at the next whole one."""
        if news.posted > at or news.name in self.told:
            return
        here = {
            f"announcement:{self.school.news[news.name]}:{self.school.people[one.name]}"
            for one in self.school.world.learners
            if one.cohort == news.cohort and one.takes_part(at)
        }
        self.expected.may |= here
        seen = self.expected.untold[news.name] = self.expected.untold.get(news.name, here) & here
        if is_whole:
            self.expected.must |= seen
            self.told.add(news.name)


def wanted_at(school: School, at: datetime) -> Iterator[str]:
    """The key of every notice about modules and sessions that there is a reason for at an instant."""
    for learner in school.world.learners:
        if learner.takes_part(at):
            yield from _wanted_by(school, learner, at)


def _wanted_by(school: School, learner: Learner, at: datetime) -> Iterator[str]:
    place = school.places[learner.name]
    for module in range(1, len(school.made.modules) + 1):
        for kind, *rest in oracle.module_letters(learner, module, at):
            hours = rest[:1] if kind == "due_soon" else []
            yield ":".join((kind, *hours, place, *rest[len(hours) :]))
    for meeting in school.world.meetings:
        if meeting.cohort == learner.cohort and meeting.section in (None, learner.section):
            for kind, *rest in oracle.meeting_letters(meeting, learner, at):
                hours, more = (rest[:1], rest[1:]) if kind == "session_soon" else ([], rest)
                yield ":".join((kind, *hours, school.meetings[meeting.name], place, *more))
