"""Markdown that was handed in, as HTML in which nothing runs and nothing is fetched.

CommonMark with tables. Raw HTML stays as typed; a picture becomes its words. No classes and no ids: what is handed in
cannot look like a part of our page.
"""

from pathlib import Path
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from courses.head_cells import free_empty_heads

_WORDS = {"a", "br", "code", "em", "s", "strong"}
_BLOCKS = {"blockquote", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
_TABLES = {"table", "tbody", "td", "th", "thead", "tr"}
_CLEANER = nh3.Cleaner(
    tags=_WORDS | _BLOCKS | _TABLES,
    clean_content_tags={"script", "style"},
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
    tag_attribute_values={"pre": {"tabindex": {"0"}}},
    set_tag_attribute_values={"pre": {"tabindex": "0"}},
    link_rel="noopener noreferrer nofollow ugc",
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
)


def draw(source: Path, target: Path, _number: int) -> dict[str, Any]:
    """Write a Markdown file as HTML."""
    target.write_text(to_html(source.read_bytes().decode("utf-8-sig", "replace")), encoding="utf-8")
    return {"ending": "html"}


def to_html(text: str) -> str:
    """Sanitised HTML; headings begin below the page's own."""
    tokens = _PARSER.parse(text)
    free_empty_heads(tokens)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
        token.children = [_without_picture(child) for child in token.children or []]
    return _CLEANER.clean(_PARSER.renderer.render(tokens, _PARSER.options, {})).strip()


def _without_picture(token: Token) -> Token:
    return Token("text", "", 0, content=f"[{token.content or 'picture'}]") if token.type == "image" else token


_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])
