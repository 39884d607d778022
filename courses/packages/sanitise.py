"""The last gate: an explicit list of what a rendered page may hold, enforced by nh3; and the page's plain text."""

import re
from html.parser import HTMLParser

import nh3

CALLOUTS = ("objectives", "questions", "keypoints", "challenge", "callout", "discussion", "prereq", "checklist")
DETAILS = ("solution", "hint", "spoiler")
ALIGNS = {"align-left", "align-center", "align-right"}
LANGUAGE = re.compile(r"language-[a-z0-9+#-]{1,30}")
ANCHOR = re.compile(r"[^\s\"'<>&]{1,120}")
BLOCK_WORDS = """
    blockquote br caption dd details div dl dt figcaption figure h2 h3 h4 h5 h6 hr li ol p pre section summary table
    tbody td tfoot th thead tr ul
"""
INLINE_WORDS = "a abbr b cite code del dfn em i img ins kbd mark q s samp small span strong sub sup u var"
BLOCKS = frozenset(BLOCK_WORDS.split())
TAGS = BLOCKS | set(INLINE_WORDS.split())
ATTRIBUTES = {
    "*": {"id"},
    "a": {"href", "rel", "title"},
    "abbr": {"title"},
    "code": {"class"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "div": {"aria-label"},
    "section": {"aria-label"},
}
FIXED = {
    "a": {"target": {"_blank"}},
    "div": {"tabindex": {"0"}, "role": {"region"}},
    "pre": {"tabindex": {"0"}},
}
CLASSES = {
    "a": {"full-size"},
    "section": {"callout-box", *CALLOUTS},
    "details": {"callout-box", *DETAILS},
    "p": {"callout-label"},
    "h2": {"callout-title"},
    "h3": {"callout-title"},
    "h4": {"callout-title"},
    "h5": {"callout-title"},
    "h6": {"callout-title"},
    "div": {"table-scroll"},
    "figure": {"figure-small", "figure-medium"},
    "td": ALIGNS,
    "th": ALIGNS,
}


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "class" and tag == "code":
        return value if LANGUAGE.fullmatch(value) else None
    if name == "id":
        return value if ANCHOR.fullmatch(value) else None
    return value


CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style", "template", "noscript", "iframe", "textarea", "title"},
    attributes=ATTRIBUTES,
    attribute_filter=_attribute,
    link_rel=None,
    tag_attribute_values=FIXED,
    allowed_classes=CLASSES,
    url_schemes={"http", "https", "mailto"},
)


def sanitise(html: str) -> str:
    """HTML with only what the lists above allow."""
    return CLEANER.clean(html)


def plain_text(html: str) -> str:
    """The words of sanitised HTML: one line a block, alternative texts left out."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base's names
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
