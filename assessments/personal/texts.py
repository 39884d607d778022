"""The institution's own texts: Markdown files in its home folder, made safe; rendered again when they change."""

from functools import lru_cache
from pathlib import Path
from typing import Final

import nh3
from markdown_it import MarkdownIt

PARSER: Final = MarkdownIt("commonmark", {"html": False}).enable("table")
TAGS: Final = {
    *("a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong", "ul"),
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
    return CLEANER.clean(PARSER.render(path.read_text("utf-8")))
