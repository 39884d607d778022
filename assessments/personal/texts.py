"""The institution's own texts: Markdown files in its home folder, made safe; rendered again when they change."""

from functools import lru_cache
from pathlib import Path
from typing import Final

import nh3
from markdown_it import MarkdownIt

LOWEST: Final = 4
PARSER: Final = MarkdownIt("commonmark", {"html": False}).enable("table")
TAGS: Final = {
    *("a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong", "ul"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
CLEANER: Final = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style"},
    attributes={"a": {"href"}, "ol": {"start"}},
    link_rel="noopener",
    url_schemes={"http", "https", "mailto"},
)


def text_of(path: Path) -> str:
    """Sanitised HTML of a text; "" where there is no such file."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return ""
    return _rendered(path, changed)


@lru_cache(8)
def _rendered(path: Path, _changed: int) -> str:
    tokens = PARSER.parse(path.read_text("utf-8"))
    headings = [one for one in tokens if one.type in {"heading_open", "heading_close"}]
    if any(one.tag == "h1" for one in headings):
        for one in headings:
            one.tag = f"h{min(int(one.tag[1]) + 1, LOWEST)}"  # the page has a title already
    return CLEANER.clean(PARSER.renderer.render(tokens, PARSER.options, {}))
