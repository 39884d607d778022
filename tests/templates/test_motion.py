"""Who has asked their system for less motion sees none."""

import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT

CSS = sorted((ROOT / "static" / "css").glob("*.css"))
MOVES = re.compile(r"(?:^|[\s;{])(?:transition|animation|scroll-behavior)[\w-]*:")
MEDIA = "@media (prefers-reduced-motion: no-preference) {"


def without_what_is_asked_for(css: str) -> str:
    """The rules that hold for everybody: what stands in a block for those who like motion is left out."""
    kept = ""
    while MEDIA in css:
        before, _, css = css.partition(MEDIA)
        kept, depth = kept + before, 1
        while depth:
            sign, css = css[0], css[1:]
            depth += {"{": 1, "}": -1}.get(sign, 0)
    return kept + css


@pytest.mark.parametrize("path", CSS, ids=lambda path: path.stem)
def test_nothing_moves_unless_it_may(path: Path) -> None:
    assert MOVES.search(without_what_is_asked_for(path.read_text("utf-8"))) is None


def test_it_would_be_seen() -> None:
    assert MOVES.search(without_what_is_asked_for("a { transition: color 1s; }"))
    assert MOVES.search(without_what_is_asked_for(MEDIA + "a { transition: none; } } b { scroll-behavior: smooth; }"))
    assert not MOVES.search(without_what_is_asked_for(MEDIA + "a { animation: spin 1s; } } b { color: red; }"))
