"""Sentences that nobody could translate: words in templates outside `{% trans %}` and `_()`, sentences in code."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes
from jinja2.ext import InternationalizationExtension

from tests.house.sources import name, text, tree
from tests.language.gathering import SAYING

SPOKEN = frozenset({"aria-label", "title", "placeholder", "alt", "data-forget", "data-words"})
"""Attributes whose values people see or hear; a script's own words are in attributes that begin with data-say."""
QUIET = frozenset({"code", "kbd", "samp", "style"})
"""Elements whose text is no sentence."""
ADDRESS = re.compile(r"[/?][\w/?=-]+$")
LETTERS = re.compile("[A-Za-z]{2}")
PHRASE = re.compile(r"[A-Za-z’'-]+ [A-Za-z]")
SENTENCE = re.compile(r"^[A-Z“].*[a-z’]+,? [a-z]|^[A-Z][a-z]+ [a-z]+")
UNSEEN_CALLS = frozenset(
    {
        "ValueError",
        "TypeError",
        "RuntimeError",
        "AssertionError",
        "KeyError",
        "Field",
        "info",
        "warning",
        "exception",
        "error",
        "debug",
        "compile",
        "text",
        "getLogger",
        "echo",
        "Option",
        "Argument",
        "RuntimeWarning",
        "hidden",
        "sha256",
    }
)
"""What their words go to is no page: programmers, logs, commands, patterns, SQL."""


@cache
def _environment() -> Environment:
    return Environment(
        autoescape=True, extensions=[InternationalizationExtension], trim_blocks=True, lstrip_blocks=True
    )


def in_template(path: Path) -> Iterator[str]:
    """Places with words that no catalogue gets: `file:line: words`."""
    parsed = _environment().parse(text(path))
    html = path.suffix == ".html"
    seen = _Seen()
    classes = {id(node) for block in parsed.find_all(nodes.Block) if block.name == "page_class" for node in block.body}
    for node in parsed.find_all(nodes.Output):
        if id(node) in classes:
            continue
        for part in node.nodes:
            if isinstance(part, nodes.TemplateData):
                words = seen.words(part.data) if html else [one for one in part.data.split() if not ADDRESS.match(one)]
                yield from (
                    f"{name(path)}:{part.lineno}: {' '.join(one.split())[:70]}" for one in words if LETTERS.search(one)
                )
    yield from (f"{name(path)}:{one.lineno}: {one.value[:70]}" for one in _literals(parsed))


class _Seen(HTMLParser):
    """Text and spoken attributes of pieces of HTML that follow one another, with values missing between them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self.quiet = 0

    def words(self, piece: str) -> list[str]:
        """What of the piece is read by people. A tag that a value interrupts is gone on with at the next piece."""
        self.found = []
        self.feed(piece + "\ue000" if not piece.endswith(">") else piece)
        return self.found

    def handle_data(self, data: str) -> None:
        if not self.quiet:
            self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.quiet += tag in QUIET
        self.found += [value for key, value in attrs if key in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self.quiet -= tag in QUIET and self.quiet > 0


def _literals(parsed: nodes.Template) -> Iterator[nodes.Const]:
    """Phrases in expressions that are not the argument of what says them."""
    said = {
        id(one)
        for call in parsed.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name)
        and call.node.name in {*SAYING, "gettext", "ngettext", "pgettext", "npgettext"}
        for one in call.args
    }
    for const in parsed.find_all(nodes.Const):
        if (
            isinstance(const.value, str)
            and id(const) not in said
            and (PHRASE.search(const.value) or re.match("[A-Z][a-z]+$", const.value))
        ):
            yield const


def in_code(path: Path) -> Iterator[str]:
    """Sentences in code that are neither said, nor documentation, nor for programmers alone."""
    module = tree(path)
    skipped = set(_skipped(module))
    for node in ast.walk(module):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in skipped
            and SENTENCE.match(node.value)
        ):
            yield f"{name(path)}:{node.lineno}: {node.value[:70]!r}"
        if isinstance(node, ast.JoinedStr) and id(node) not in skipped:
            words = "".join(str(one.value) if isinstance(one, ast.Constant) else "\ue000" for one in node.values)
            if words.lstrip().startswith("<"):
                continue
            if PHRASE.search(words) or re.search("[a-z] \ue000|\ue000 [a-z]", words):
                yield f"{name(path)}:{node.lineno}: {words.replace(chr(0xE000), '{}')[:70]!r}"


def _skipped(module: ast.Module) -> Iterator[int]:
    """Ids of the nodes that are documentation, what is said, and what goes to no page."""
    for node in ast.walk(module):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called in SAYING or called in UNSEEN_CALLS:
                yield from (id(one) for arg in (*node.args, *(k.value for k in node.keywords)) for one in ast.walk(arg))
        if isinstance(node, ast.JoinedStr):
            yield from (id(one) for one in ast.walk(node) if one is not node and isinstance(one, ast.Constant))
