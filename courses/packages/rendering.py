"""From arranged tokens to HTML: links and pictures resolved, tables and code made usable by keyboard."""

import re
from collections.abc import Sequence
from html import escape

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from courses.head_cells import free_empty_heads
from courses.packages.headings import inline_text
from courses.packages.library import Work
from courses.packages.models import Severity
from courses.packages.rawhtml import RawHtml
from courses.packages.sanitise import CALLOUTS, DETAILS
from fourweek.language import _

LANGUAGE = re.compile(r"\{?\.?([A-Za-z0-9+#-]{1,30})")
ALIGN = re.compile(r"text-align:(left|center|right)")
PERCENT = re.compile(r"([0-9]{1,3})(?:\.[0-9]+)?%")
BREAKS = ("softbreak", "hardbreak")


class PageRenderer:
    """Prepares the tokens of one page for rendering, in place."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.line = 0
        self.anchors = work.anchors

    def prepare(self, tokens: list[Token]) -> None:
        free_empty_heads(tokens)
        for index, token in enumerate(tokens):
            self.line = token.map[0] if token.map else self.line
            if token.attrs.get("id"):
                self.anchors.add(str(token.attrs["id"]))
            if token.type == "inline":
                self._inline(token.children or [])
                self._figure(tokens, index)
            elif token.type == "html_block":
                token.content = self._raw().clean(token.content)
            elif token.type in {"th_open", "td_open"}:
                _cell(token)
            elif token.type == "table_open":
                token.meta["name"] = _table_name(tokens, index)

    def _inline(self, children: list[Token]) -> None:
        dead: list[bool] = []
        for child in children:
            if child.type == "link_open":
                dead.append(not self._link(child))
                child.hidden = dead[-1]
            elif child.type == "link_close":
                child.hidden = dead.pop()
            elif child.type == "span_open":
                child.attrs = _only_id(child)
            elif child.type == "image":
                self._image(child)
            elif child.type == "html_inline":
                child.content = self._raw().clean(child.content)
            self.line += 1 if child.type in BREAKS else child.content.count("\n")

    def _link(self, token: Token) -> bool:
        target = self.work.library.link(self.work, str(token.attrs.get("href", "")), self.line)
        if target is None:
            return False
        token.attrs["href"] = target.address
        if target.outside:
            token.attrs["rel"] = "noopener"
        return True

    def _image(self, token: Token) -> None:
        attributes = token.meta.get("attributes") or {}
        label = inline_text(token)
        alt = attributes.get("alt", label)
        if not alt and "alt" not in attributes:
            self.work.say(self.line, _("This picture has no alternative text; write {alt='…'} after it."))
        token.meta["caption"] = bool(label and "alt" in attributes)
        token.meta["width"] = _width(attributes.get("width", ""))
        self._inline(token.children or [])
        token.meta["html"], token.meta["address"] = self._img(
            str(token.attrs.get("src", "")), alt, attributes.get("id", "")
        )

    def _img(self, src: str, alt: str, anchor: str = "") -> tuple[str, str]:
        """The picture as HTML, and its address; the alternative text and "" where there is none to show."""
        found = self.work.library.picture(self.work, src, self.line)
        if found is None:
            return f"<span>{escape(alt)}</span>", ""
        address, size = found
        sides = f' width="{size[0]}" height="{size[1]}"' if size else ""
        name = f' id="{escape(anchor)}"' if anchor else ""
        return f'<img{name} src="{escape(address)}" alt="{escape(alt)}" loading="lazy"{sides}>', address

    def _figure(self, tokens: list[Token], index: int) -> None:
        """A picture alone in its paragraph becomes a figure."""
        shown = [child for child in tokens[index].children or [] if child.type not in BREAKS and _says(child)]
        around = tokens[index - 1].type == "paragraph_open" if index else False
        if around and len(shown) == 1 and shown[0].type == "image":
            tokens[index].children = shown
            shown[0].meta["figure"] = True
            tokens[index - 1].hidden = tokens[index + 1].hidden = True

    def _raw(self) -> RawHtml:
        return RawHtml(self._raw_link, self._raw_picture, self._raw_fault)

    def _raw_link(self, href: str) -> str:
        target = self.work.library.link(self.work, href, self.line)
        if target is None:
            return "<a>"
        rel = ' rel="noopener"' if target.outside else ""
        return f'<a href="{escape(target.address)}"{rel}>'

    def _raw_picture(self, attributes: dict[str, str]) -> str:
        if "alt" not in attributes:
            self.work.say(self.line, _("This picture has no alternative text; give the img tag an alt."))
        return self._img(attributes.get("src", ""), attributes.get("alt", ""))[0]

    def _raw_fault(self, message: str, is_error: bool) -> None:  # noqa: FBT001 - one of two severities
        self.work.say(self.line, message, Severity.ERROR if is_error else Severity.WARNING)


class RenderRules(RendererHTML):
    """How each kind of token is written; methods are found by the token's type."""

    def callout_open(self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
        kind = tokens[at].info
        if kind in CALLOUTS:
            return f'<section class="callout-box {kind}">\n'
        return f'<details class="callout-box {kind}">\n' if kind in DETAILS else "<div>\n"

    def callout_close(self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
        kind = tokens[at].info
        if kind in CALLOUTS:
            return "</section>\n"
        return "</details>\n" if kind in DETAILS else "</div>\n"

    def label_open(self, *_rest: object) -> str:
        return '<p class="callout-label">'

    def label_close(self, *_rest: object) -> str:
        return "</p>\n"

    def summary_close(self, *_rest: object) -> str:
        return "</summary>\n"

    def table_open(self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
        name = escape(tokens[at].meta.get("name", "Table"))
        return f'<div class="table-scroll" tabindex="0" role="region" aria-label="{name}"><table>\n'

    def table_close(self, *_rest: object) -> str:
        return "</table></div>\n"

    def fence(self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
        language = LANGUAGE.match(tokens[at].info.strip())
        kind = f' class="language-{language[1].lower()}"' if language else ""
        return f'<pre tabindex="0"><code{kind}>{escape(tokens[at].content, quote=False)}</code></pre>\n'

    def code_block(self, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
        return f'<pre tabindex="0"><code>{escape(tokens[at].content, quote=False)}</code></pre>\n'

    def image(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[at]
        html = str(token.meta.get("html", ""))
        if not token.meta.get("figure"):
            return html
        caption = self._caption(token, options, env)
        width = f' class="{token.meta["width"]}"' if token.meta.get("width") else ""
        return f"<figure{width}>{_full_size(html, token.meta.get('address', ''))}{caption}</figure>\n"

    def _caption(self, token: Token, options: OptionsDict, env: EnvType) -> str:
        if token.meta.get("caption"):
            return f"<figcaption>{self.renderInline(token.children or [], options, env)}</figcaption>"
        title = str(token.attrs.get("title", ""))
        return f"<figcaption>{escape(title)}</figcaption>" if title else ""


def _full_size(picture: str, address: str) -> str:
    """A figure leads to its file, in a tab of its own, so that what is small on a phone can be looked at closely."""
    if not address:
        return picture
    link = f'<a class="full-size" href="{escape(address)}" title="Open in full size" target="_blank" rel="noopener">'
    return f"{link}{picture}</a>"


def _cell(token: Token) -> None:
    align = ALIGN.match(str(token.attrs.pop("style", "")))
    if align:
        token.attrs["class"] = f"align-{align[1]}"
    if token.tag == "th":
        token.attrs["scope"] = "col"


def _table_name(tokens: list[Token], start: int) -> str:
    """What a screen reader calls the scrolling region: the table's column heads."""
    heads = []
    for at in range(start, len(tokens)):
        if tokens[at].type in {"thead_close", "tbody_open", "table_close"}:
            break
        if tokens[at].type == "inline":
            heads.append(inline_text(tokens[at]))
    names = ", ".join(head for head in heads if head)[:200]
    return f"Table: {names}" if names else "Table"


def _width(value: str) -> str:
    percent = PERCENT.fullmatch(value.strip())
    if percent is None or int(percent[1]) > 75:
        return ""
    return "figure-small" if int(percent[1]) <= 45 else "figure-medium"


def _only_id(token: Token) -> dict[str, str | int | float]:
    anchor = (token.meta.get("attributes") or {}).get("id")
    return {"id": anchor} if anchor else {}


def _says(child: Token) -> bool:
    return child.type != "text" or bool(child.content.strip())
