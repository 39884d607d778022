"""What the guides call by the words that stand on it, a button, link or heading, is called so by a page."""

import html
import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, prose
from tests.house.sources import CODE, name, python_files, templates, text

BOLD = re.compile(r"\*\*([A-Z][^*]*)\*\*")
GUIDES = sorted(DOCS.glob("guides/*.md"))
EMPHASIS = frozenset(
    {
        "Forgotten it?",
        "Send the address",
        "The page itself",
        "Twice a year",
        "When somebody leaves who could read the keys",
        "When something is wrong",
    }
)
"""Bold words that name nothing on a page and stand nowhere in it."""


@pytest.mark.parametrize("guide", GUIDES, ids=name)
def test_every_label_stands_on_a_page(guide: Path) -> None:
    """`…` in a label stands for what changes in it, such as a number."""
    bold = [part for words in BOLD.findall(_flat(prose(guide))) for part in words.split(" → ")]
    labels = {words.strip(" .:,") for words in bold} - EMPHASIS
    assert [label for label in sorted(labels) if not _is_somewhere(label)] == []


def _is_somewhere(label: str) -> bool:
    if "…" not in label:
        return label.lower() in _said()
    return re.search(".{1,60}".join(map(re.escape, label.lower().split(" … "))), _said()) is not None


@cache
def _said() -> str:
    """All that templates and code say, in small letters, a space between words."""
    return _flat(html.unescape("\n".join(map(text, (*templates(), *python_files(*CODE)))))).lower()


def _flat(words: str) -> str:
    return re.sub(r"\s+", " ", words)
