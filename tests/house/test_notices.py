"""Every letter has a kind, every kind a letter, and the page about notices says what they are."""

import re

from fourweek.notices.kinds import KINDS, SCANNED, Kind
from tests.house.sources import ROOT, TEMPLATES

PAGE = (ROOT / "docs" / "notices.md").read_text("utf-8")
ROW = re.compile(r"^\| `\w+` \|.*$", re.MULTILINE)


def _row(kind: Kind) -> str:
    written = "a scan" if kind.key in SCANNED else "the act"
    return f"| `{kind.key}` | {kind.title} | {kind.words} | {written} | {'yes' if kind.optional else 'no'} |"


def test_every_letter_has_a_kind_and_every_kind_a_letter() -> None:
    """A new letter: say in fourweek/notices/kinds.py what it is, and in docs/notices.md."""
    letters = {path.stem for path in (TEMPLATES / "email").glob("*.txt")}
    assert letters == {kind.key for kind in KINDS}


def test_the_page_about_notices_is_true_and_whole() -> None:
    assert ROW.findall(PAGE) == [_row(kind) for kind in KINDS]


def test_kinds_say_in_a_sentence_when_they_come() -> None:
    assert [kind.key for kind in KINDS if not (kind.words.endswith(".") and kind.title[0].isupper())] == []
