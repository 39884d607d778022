"""A column without a name: its head cell heads nothing, so it is a plain cell."""

from collections.abc import Sequence

from markdown_it.token import Token


def free_empty_heads(tokens: Sequence[Token]) -> None:
    """Make plain cells of the head cells of parsed Markdown that have nothing in them."""
    for opened, inside, closed in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opened.type == "th_open" and closed.type == "th_close" and not inside.content.strip():
            opened.tag = closed.tag = "td"
        elif opened.type == "th_open" and inside.type == "th_close":
            opened.tag = inside.tag = "td"
