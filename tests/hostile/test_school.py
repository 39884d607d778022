"""The long form: ten thousand hostile forms sent by everybody in a school full of work in every state."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from fourweek.app import create_app
from fourweek.clock import real_time
from tests.fourweek.cli.schools import filled
from tests.hostile.files import corpus
from tests.hostile.ground import Ground
from tests.hostile.watching import not_theirs, rows

pytestmark = pytest.mark.slow
TIMES = 10_000
MOST_MEMORY = 250 * 1024 * 1024
START = (
    "/home",
    "/courses",
    "/verify",
    "/sign-in",
    "/patterns",
    "/account/addresses",
    "/transcript",
    "/badges",
    "/licences",
    "/notices/choices",
    "/grading",
    "/grading/posting",
    "/staff/cohorts",
    "/staff/sessions",
    "/staff/questions",
    "/staff/holidays",
    "/authoring",
    "/record",
    "/webhooks",
    "/retention",
)
LEARNERS = ("amara", "jonas", "priya", "daniela", "weiling", "marcus", "zaneta", "minjun", "lukas", "kwame")
STAFF = ("tom", "ingrid", "rosa", "marta", "henry", "miriam")
OF_A_KIND = 6


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    school = filled("sqlite", tmp_path_factory.mktemp("school"), real_time())
    made = Ground(create_app(house=school.house), school.people)
    yield made
    made.close()
    school.db.close()


@pytest.fixture(scope="module")
def looked_around(ground: Ground) -> Ground:
    for who in ("", *LEARNERS, *STAFF):
        assert list(ground.look_around(who, START, OF_A_KIND)) == []
    return ground


@pytest.mark.parametrize("who", LEARNERS[:4])
def test_a_hostile_learner_changes_nothing_of_anybody_else(looked_around: Ground, who: str) -> None:
    db = looked_around.visitor("").house.db
    before = db.read_now(rows)
    assert looked_around.attack(TIMES // 20, seed=sum(who.encode()), who=who) == []
    assert not_theirs(before, db.read_now(rows), looked_around.people[who])[:9] == []


def test_nothing_fails_and_nothing_comes_alive(looked_around: Ground) -> None:
    assert len(looked_around.seen) > 100
    assert looked_around.attack(TIMES * 8 // 10, seed=random.Random(8).randrange(1 << 30)) == []  # noqa: S311


def test_hostile_files_leave_nothing_behind_and_take_little(looked_around: Ground) -> None:
    home = looked_around.visitor("").house.settings.home
    before = _memory()
    wrong = [
        what
        for found, field in looked_around.fields_for_files()
        for file in corpus()
        for what in looked_around.throw(found, field, file)
    ]
    assert wrong == []
    assert [path for path in home.parent.rglob("*evil*") if path.is_file()] == []
    assert [path for path in (home / "files" / "spool").rglob("*") if path.is_file()] == []
    assert _memory() - before < MOST_MEMORY


def _memory() -> int:
    """Bytes that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_what_was_kept_of_it_is_text_on_every_page(looked_around: Ground) -> None:
    for who in ("", *LEARNERS, *STAFF):
        assert list(looked_around.look_around(who, START, OF_A_KIND)) == []
