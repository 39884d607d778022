"""What people type into announcements, questions and replies: a small, safe Markdown, rendered once when it is saved.

Paragraphs, emphasis, lists, quotes, code and links. No raw HTML, no pictures, no headings: they stay as typed.
"""

import re
from collections.abc import Iterator

import anyio.to_thread
import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from fourweek.language import _
from fourweek.words import say_whole

LONGEST_BODY = 10_000
LONGEST_TITLE = 200
NOT_TAKEN = ["image", "html_inline", "html_block", "heading", "lheading", "table"]
TAGS = {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "strong", "ul"}
ADDRESS = re.compile(r"https?://[^\s<>\"`\[\]]+")
AFTER_ADDRESS = ".,;:!?'*_"


def _own_path(address: str) -> str | None:
    """Only whole paths of this site: what is relative to a page would mean something else in a letter."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else None


CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style"},
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
    tag_attribute_values={"pre": {"tabindex": {"0"}}},
    set_tag_attribute_values={"pre": {"tabindex": "0"}},
    link_rel="noopener nofollow ugc",
    url_schemes={"http", "https", "mailto"},
    url_relative=_own_path,
)


def say_hint() -> str:
    """What may be typed, beside the field."""
    return _(
        "At most {most} characters. An empty line begins a new paragraph; - begins a list item; "
        "**bold**, *italic*, `code`; ``` on a line of its own begins and ends a block of code.",
        most=say_whole(LONGEST_BODY),
    )


async def render_typed(text: str) -> str:
    """Sanitised HTML of what was typed, worked out beside the loop."""
    return await anyio.to_thread.run_sync(to_html, text)


def to_html(text: str) -> str:
    """Sanitised HTML of what was typed."""
    return CLEANER.clean(PARSER.render(text)).strip()


def title_problem(title: str) -> str | None:
    """What is wrong with a title, as a sentence."""
    if not title:
        return _("Give it a title.")
    if len(title) > LONGEST_TITLE:
        return _("The title has {count} characters; at most {most} are kept.", count=len(title), most=LONGEST_TITLE)
    return None


def body_problem(body: str) -> str | None:
    """What is wrong with a text, as a sentence."""
    if not body.strip():
        return _("Write something first.")
    if len(body) > LONGEST_BODY:
        return _(
            "The text has {count} characters; at most {most} are kept.",
            count=say_whole(len(body)),
            most=say_whole(LONGEST_BODY),
        )
    return None


def excerpt(body: str, longest: int = 600) -> str:
    """The beginning of a text for a letter, as typed."""
    return body.strip() if len(body.strip()) <= longest else body.strip()[:longest].rsplit(maxsplit=1)[0] + " …"


def _parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "maxNesting": 20, "breaks": True})
    md.disable(NOT_TAKEN, ignoreInvalid=True)
    md.core.ruler.push("bare_addresses", _link_addresses)
    return md


def _link_addresses(state: StateCore) -> None:
    """An address that stands bare in the text becomes a link."""
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = list(_linked(block.children))


def _linked(children: list[Token]) -> Iterator[Token]:
    inside = 0
    for child in children:
        inside += child.nesting if child.type.startswith("link") else 0
        if child.type == "text" and not inside:
            yield from _split(child.content)
        else:
            yield child


def _split(words: str) -> Iterator[Token]:
    at = 0
    for found in ADDRESS.finditer(words):
        address = found[0].rstrip(AFTER_ADDRESS)
        if "(" not in address:
            address = address.rstrip(")")
        yield _text(words[at : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": address})
        yield _text(address)
        yield Token("link_close", "a", -1)
        at = found.start() + len(address)
    yield _text(words[at:])


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)


PARSER = _parser()
