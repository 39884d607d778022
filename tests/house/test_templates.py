"""Templates hold no script and no style of their own, so that the content security policy can refuse both; pictures say
how large they are, so that nothing moves when they come."""

import re

import pytest

from tests.house.sources import ROOT, name, templates

COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
INLINE = {
    "script": re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"""[\s"'}]style\s*=""", re.IGNORECASE),
    "handler": re.compile(r"""[\s"'}]on[a-z]+\s*=\s*["']""", re.IGNORECASE),
    "htmx handler": re.compile(r"\bhx-on\b|\bhx-on:|\bhx-vars\b", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "picture without its size": re.compile(r"<img\b(?![^>]*\swidth=)|<img\b(?![^>]*\sheight=)", re.IGNORECASE),
    "unescaped text": re.compile(r"\{%-?\s*autoescape\s+false", re.IGNORECASE),
}


def inline(text: str) -> list[str]:
    """What in the text a strict policy would refuse, and what would move a page."""
    bare = COMMENT.sub("", text)
    return [what for what, pattern in INLINE.items() if pattern.search(bare)]


def pages() -> list[str]:
    """Templates for browsers; letters have their own rules."""
    return [name(path) for path in templates() if path.suffix == ".html" and path.parent.name != "email"]


def test_nothing_is_inline() -> None:
    found = {path: inline((ROOT / path).read_text("utf-8")) for path in pages()}
    assert {path: what for path, what in found.items() if what} == {}
    assert len(found) > 5


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<script>go()</script>", "script"),
        ("<script type='module'>go()</script>", "script"),
        ("<style>p { color: red }</style>", "style element"),
        ('<p style="color: red">', "style attribute"),
        ('<p class="a"style="color: red">', "style attribute"),
        ('<button onclick="go()">', "handler"),
        ("<button hx-on:click='go()'>", "htmx handler"),
        ('<a href="JavaScript:go()">', "script address"),
        ('<img src="a.png" alt="A" width="2">', "picture without its size"),
        ("{% autoescape false %}", "unescaped text"),
    ],
)
def test_the_check_can_fail(text: str, what: str) -> None:
    assert inline(text) == [what]


@pytest.mark.parametrize("text", ['<script defer src="a.js"></script>', "{# <style> #}", '<p class="button-style">'])
def test_the_check_lets_good_pages_pass(text: str) -> None:
    assert inline(text) == []
