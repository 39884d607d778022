"""Pandoc attribute lists, {#id .class key='value'}, after pictures, links and bracketed text."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

PART = re.compile(
    r"""\s*(?:
        \#(?P<id>[^\s{}#."'=<>]+)
      | \.(?P<class>[A-Za-z][\w-]*)
      | (?P<key>[A-Za-z][\w:.-]*)=(?:
            "(?P<double>(?:\\.|[^"\\])*)" | '(?P<single>(?:\\.|[^'\\])*)' | (?P<bare>[^\s{}"'=<>]+)
        )
    )""",
    re.VERBOSE | re.DOTALL,
)
END = re.compile(r"\s*\}")
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
OWNERS = ("image", "link_close", "span_close")


def read_attributes(text: str, start: int, end: int) -> tuple[dict[str, str], int] | None:
    """The list that begins with the brace at `start` and the place after it; None where it is no list."""
    found: dict[str, str] = {}
    at = start + 1
    while match := PART.match(text, at, end):
        if match["id"]:
            found["id"] = match["id"]
        elif match["class"]:
            found["class"] = f"{found.get('class', '')} {match['class']}".strip()
        else:
            value = next(part for part in (match["double"], match["single"], match["bare"]) if part is not None)
            found[match["key"].lower()] = ESCAPED.sub(r"\1", value)
        at = match.end()
    closed = END.match(text, at, end)
    return (found, closed.end()) if found and closed else None


def attributes_plugin(md: MarkdownIt) -> None:
    """Keep what is in the braces in the token's `meta["attributes"]`."""
    md.inline.add_terminator_char("{")
    md.inline.ruler.after("link", "span", _span)
    md.inline.ruler.after("span", "attributes", _attributes)


def _attributes(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser calls it so
    if state.src[state.pos] != "{" or state.pending or not state.tokens:
        return False
    owner = state.tokens[-1]
    if silent or owner.type not in OWNERS:
        return False
    found = read_attributes(state.src, state.pos, state.posMax)
    if found is None:
        return False
    owner.meta.setdefault("attributes", {}).update(found[0])
    state.pos = found[1]
    return True


def _span(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser calls it so
    start = state.pos
    if state.src[start] != "[":
        return False
    end = state.md.helpers.parseLinkLabel(state, start)
    if end < 0 or not state.src.startswith("{", end + 1):
        return False
    found = read_attributes(state.src, end + 1, state.posMax)
    if found is None:
        return False
    if not silent:
        _push_span(state, start + 1, end, found[0])
    state.pos = found[1]
    return True


def _push_span(state: StateInline, start: int, end: int, attributes: dict[str, str]) -> None:
    state.push("span_open", "span", 1).meta["attributes"] = attributes
    outer_end, state.pos, state.posMax = state.posMax, start, end
    state.md.inline.tokenize(state)
    state.posMax = outer_end
    state.push("span_close", "span", -1)
