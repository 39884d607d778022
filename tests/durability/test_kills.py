"""Nothing acknowledged is lost, however the server dies (law 4).

SIGKILL takes the processes and leaves the machine: what was written and not yet synced survives it too. That every
acknowledged byte is synced before is proved where the sync is made to fail, in the tests of storage and uploads.
"""

import random
import sys
from pathlib import Path

import pytest

from tests.durability.killing import Killing, said
from tests.durability.ledger import Files, Lost, Stage, Text, Upload, Work

FEW = [("sqlite", 1), ("postgres", 1)]
MANY = [("sqlite", 200), ("postgres", 50)]


@pytest.mark.parametrize(("database", "kills"), FEW)
def test_what_was_acknowledged_outlives_kills(database: str, kills: int, tmp_path: Path) -> None:
    _prove(Killing(tmp_path, database, kills, _seed(), _say))


@pytest.mark.slow
@pytest.mark.parametrize(("database", "kills"), MANY)
def test_what_was_acknowledged_outlives_many_kills(database: str, kills: int, tmp_path: Path) -> None:
    _prove(Killing(tmp_path, database, kills, _seed(), _say, workers=2))


def _prove(killing: Killing) -> None:
    lives = killing.run()
    _say(said(lives))
    assert sum(life.acknowledged for life in lives) > 5 * killing.kills, "hardly anything was written"


def _seed() -> int:
    return random.SystemRandom().randrange(10**6)


def _say(words: str) -> None:
    print(words, file=sys.stderr)


def test_an_older_text_is_a_loss() -> None:
    text = Text()
    for words in ("one", "two"):
        text.send(words)
        text.acknowledge()
    text.send("three")
    with pytest.raises(Lost):
        text.find("one")
    text.find("three")
    with pytest.raises(Lost):
        text.find("two")  # what was seen once has happened


def test_a_file_that_goes_comes_back_or_is_twice_is_noticed() -> None:
    for shown in ([], ["a", "a"], ["a", "b"]):
        with pytest.raises(Lost):
            Files(known={"a"}).find(shown)
    kept = Files(known={"a"}, coming={"b"}, going={"a"})
    kept.find(["b"])
    assert kept == Files(known={"b"})


def test_an_upload_stands_between_what_was_acknowledged_and_what_was_sent() -> None:
    for offset in (9, 21):
        with pytest.raises(Lost):
            Upload("/x", "a.txt", b"", offset=10, sent=20).find(offset)
    upload = Upload("/x", "a.txt", b"", offset=10, sent=20)
    upload.find(15)
    assert (upload.offset, upload.sent) == (15, 15)


def test_an_attempt_neither_reopens_nor_hands_itself_in() -> None:
    with pytest.raises(Lost):
        Work("/x", stage=Stage.HANDED_IN).find_draft(1)
    with pytest.raises(Lost):
        Work("/x").find_handed_in()
