"""HTML written inside Markdown: the harmless tags pass, everything else is shown as the text it is.

A reader must see `<name of file>` where an author forgot the backticks; a sanitiser alone would drop it silently.
"""

import re
from collections.abc import Callable
from html import escape, unescape

from fourweek.language import _
from fourweek.light import dataclass

TAG = re.compile(
    r"""<!--.*?(?:-->|\Z) | <(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)
        (?P<attributes>(?:\s+[A-Za-z_:][\w:.-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)\s*/?>""",
    re.VERBOSE | re.DOTALL,
)
ATTRIBUTE = re.compile(r"""([A-Za-z_:][\w:.-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")

PLAIN_WORDS = """
    abbr b blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i ins kbd
    li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var
"""
ACTING_WORDS = """
    applet audio base body button canvas embed form frame frameset head html iframe input link math meta noscript object
    option script select source style svg template textarea title track video
"""
PLAIN = frozenset(PLAIN_WORDS.split())
ACTING = frozenset(ACTING_WORDS.split())
KEPT = {"abbr": ("title",), "td": ("colspan", "rowspan"), "th": ("colspan", "rowspan", "scope"), "ol": ("start",)}
VALUE = re.compile(r"[\w ,.:()/'-]{1,200}")
ANCHOR = re.compile(r"[A-Za-z][\w:.-]{0,100}")


@dataclass(frozen=True, slots=True)
class RawHtml:
    """What the page does for tags that reach out: `link` and `picture` give HTML, `fault` records a sentence."""

    link: Callable[[str], str]
    picture: Callable[[dict[str, str]], str]
    fault: Callable[[str, bool], None]

    def clean(self, text: str) -> str:
        """The HTML with only tags that are allowed; the rest escaped."""
        parts = []
        at = 0
        for match in TAG.finditer(text):
            parts += [text[at : match.start()].replace("<", "&lt;"), self._tag(match)]
            at = match.end()
        return "".join([*parts, text[at:].replace("<", "&lt;")])

    def _tag(self, match: re.Match[str]) -> str:
        if match["name"] is None:
            return ""  # a comment
        name = match["name"].lower()
        if name not in PLAIN and name not in {"a", "img"}:
            self._refuse(name, match.group())
            return escape(match.group())
        if match["close"]:
            return f"</{name}>"
        return self._opening(name, _attributes(match["attributes"]))

    def _opening(self, name: str, attributes: dict[str, str]) -> str:
        for key in attributes:
            if key.startswith("on"):
                self.fault(_('"{key}" may not be used in HTML; it was left out.', key=key), True)
        if name == "img":
            return self.picture(attributes)
        if name == "a" and "href" in attributes:
            return self.link(attributes["href"])
        kept = {key: attributes.get(key, "") for key in KEPT.get(name, ())}
        kept["id"] = attributes.get("id", "") if ANCHOR.fullmatch(attributes.get("id", "")) else ""
        said = [f' {key}="{escape(value)}"' for key, value in kept.items() if VALUE.fullmatch(value)]
        return f"<{name}{''.join(said)}>"

    def _refuse(self, name: str, tag: str) -> None:
        shown = tag if len(tag) <= 60 else f"{tag[:57]}..."
        if name in ACTING:
            self.fault(_("{shown} may not be used; it is shown as text.", shown=shown), True)
        else:
            self.fault(
                _("{shown} is no HTML tag that is known here; it is shown as text. Use `code` marks?", shown=shown),
                False,
            )


def anchors_in(text: str) -> list[str]:
    """The ids that allowed tags in this HTML carry."""
    ids = (_attributes(match["attributes"] or "").get("id", "") for match in TAG.finditer(text) if match["name"])
    return [value for value in ids if ANCHOR.fullmatch(value)]


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in ATTRIBUTE.finditer(text):
        value = next((part for part in match.groups()[1:] if part is not None), "")
        found.setdefault(match[1].lower(), unescape(value))
    return found
