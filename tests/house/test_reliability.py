"""docs/reliability.md: every promise names what shows it, and that is there."""

import re
from functools import cache

from tests.house.sources import ROOT

PAGE = ROOT / "docs" / "reliability.md"
ROW = re.compile(r"^\| (\d+) \| (.+) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
POINTS = 64


@cache
def _source(path: str) -> str:
    return (ROOT / path).read_text()


def test_every_point_is_there_once() -> None:
    assert [int(number) for number, _, _ in ROW.findall(PAGE.read_text())] == list(range(1, POINTS + 1))


def test_what_shows_a_point_exists() -> None:
    for path, name in TEST.findall(PAGE.read_text()):
        assert (ROOT / path).exists(), path
        assert not name or f"def {name}(" in _source(path), f"{path}::{name}"
