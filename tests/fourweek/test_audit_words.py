"""Every act has words: what is written down must be read by people who know no code."""

import ast
import re
from pathlib import Path

from fourweek.audit.words import ACTS, say_act
from fourweek.webhooks.kinds import WORDS
from tests.house.sources import ROOT

SHAPE = re.compile(r"[a-z_]+\.[a-z_]+")
FILES = re.compile(r".*\.(json|toml|png|svg|jwt|zip|csv|txt|pdf|pem|typ|eml)")
SOURCES = [path for room in ("platform/fourweek", "courses", "assessments") for path in (ROOT / room).rglob("*.py")]
WRITTEN_IN_PARTS = {
    "second_factor.on",
    "second_factor.codes",
    "second_factor.off",
    "question.hide",
    "question.show",
    "reply.hide",
    "reply.show",
}
"""Acts of which the noun and the verb are put together where they are written."""
NO_ACTS = {"personal.copy"}
"""Names of limits."""


def _strings(path: Path) -> set[str]:
    """The strings of a file that look like an act."""
    constants = (node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str) and SHAPE.fullmatch(value)}


def test_every_act_that_is_written_anywhere_has_words() -> None:
    """A new act: say it in words in fourweek/audit/words.py."""
    writers = [path for path in SOURCES if "audit.service import" in path.read_text("utf-8")]
    written = {one for path in writers for one in _strings(path) if not FILES.fullmatch(one)}
    assert written - set(ACTS) - set(WORDS) - NO_ACTS == set()


def test_no_words_are_left_over() -> None:
    said = {one for path in SOURCES if path.parts[-2:] != ("audit", "words.py") for one in _strings(path)}
    assert set(ACTS) - said == WRITTEN_IN_PARTS


def test_words_say_what_somebody_did() -> None:
    assert [words for words in ACTS.values() if not words[0].isupper() or words.endswith(".")] == []
    assert say_act("noun_of_old.verb") == "noun of old: verb"
