"""Markdown to HTML, once, at publish: parsed, its links resolved, sanitised."""

import re
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin

from courses.packages.attributes import attributes_plugin, read_attributes
from courses.packages.fences import ENDS, FAULTS, fences_plugin
from courses.packages.gridtables import gridtables_plugin
from courses.packages.headings import Headings, inline_text
from courses.packages.library import Work
from courses.packages.models import ParsedPage
from courses.packages.rendering import PageRenderer, RenderRules
from courses.packages.sanitise import plain_text, sanitise
from fourweek.language import N_
from fourweek.light import dataclass

MAX_NESTING = 60
EMPTY_PARAGRAPH = re.compile(r"<p>\s*</p>\s*")
TOO_DEEP = N_("The text is nested too deeply to be read.")


@dataclass(frozen=True, slots=True)
class RenderedPage:
    page: ParsedPage
    title: str
    """The words of the heading with which the file begins; empty where it begins otherwise."""


def render_page(work: Work, body: str, title: str = "") -> RenderedPage:
    """Render a file's body; a first heading that only repeats `title`, or serves as the title, is left out."""
    try:
        found, html = _render(work, body, title)
    except RecursionError:
        work.say(0, TOO_DEEP)
        found, html = "", ""
    clean = sanitise(html)
    page = ParsedPage(work.place.file, clean, plain_text(clean), tuple(work.toc), tuple(work.files))
    return RenderedPage(page, found)


def render_inline(work: Work, text: str) -> str:
    """Render a sentence or paragraph: emphasis, code and links, no blocks."""
    env: dict[str, object] = {}
    try:
        tokens = PARSER.parseInline(text, env)
        PageRenderer(work).prepare(tokens)
        return sanitise(PARSER.renderer.render(tokens, PARSER.options, env)).strip()
    except RecursionError:
        work.say(0, TOO_DEEP)
        return ""


def render_blocks(work: Work, text: str) -> str:
    """Render a short text with paragraphs and lists, such as a badge's criteria."""
    return render_page(work, text, "\0").page.html.strip()


def _render(work: Work, body: str, title: str) -> tuple[str, str]:
    env: dict[str, object] = {}
    tokens = PARSER.parse(body, env)
    faults = env.get(FAULTS, [])
    for line, message in faults if isinstance(faults, list) else []:
        work.say(line, message)
    found = ""
    if tokens and tokens[0].type == "heading_open":
        found = inline_text(tokens[1])
        if not title or found.lower() == title.lower():
            tokens = tokens[3:]
    arranged = Headings(work, tokens).arrange(tokens)
    PageRenderer(work).prepare(arranged)
    return found, PARSER.renderer.render(arranged, PARSER.options, env)


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - the parser's own name
        """Every address is let through here: the library judges it and says why it may not stay."""
        return True


def _parser() -> MarkdownIt:
    md = _Markdown("commonmark", {"maxNesting": MAX_NESTING, "xhtmlOut": False}, renderer_cls=RenderRules)
    md.enable("table")
    deflist_plugin(md)
    attributes_plugin(md)
    fences_plugin(md)
    gridtables_plugin(md)
    md.block.ruler.before("html_block", "empty_paragraph", _empty_paragraph, {"alt": list(ENDS)})
    md.core.ruler.after("block", "heading_attributes", _heading_attributes)
    return md


def _empty_paragraph(state: StateBlock, start: int, _end: int, silent: bool) -> bool:  # noqa: FBT001
    """Pandoc's idiom for "begin a block here", `<p></p>`; to CommonMark it would swallow the lines after it."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if state.is_code_block(start) or not EMPTY_PARAGRAPH.fullmatch(line):
        return False
    if not silent:
        state.line = start + 1
    return True


def _heading_attributes(state: StateCore) -> None:
    """`## Title {#anchor}`: take the braces off before the words are read."""
    for token, inline in pairwise(state.tokens):
        words = inline.content.rstrip()
        if token.type != "heading_open" or not words.endswith("}"):
            continue
        start = max(words.rfind("{"), 0)
        found = read_attributes(words, start, len(words))
        if found and found[1] == len(words):
            inline.content = words[:start].rstrip()
            _keep_anchor(token, found[0])


def _keep_anchor(token: Token, attributes: dict[str, str]) -> None:
    if "id" in attributes:
        token.meta["anchor"] = attributes["id"]


PARSER = _parser()
