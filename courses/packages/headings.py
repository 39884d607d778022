"""Anchors, heading levels, callout titles and the table of contents of one page."""

import re
from collections import Counter
from collections.abc import Sequence

from markdown_it.token import Token

from courses.packages.library import Work
from courses.packages.models import Heading, Severity
from courses.packages.rawhtml import anchors_in
from courses.packages.sanitise import ANCHOR, CALLOUTS, DETAILS
from fourweek.language import N_, _, say_in
from fourweek.light import dataclass

LABELS = {
    "objectives": N_("Objectives"),
    "questions": N_("Questions"),
    "keypoints": N_("Key points"),
    "challenge": N_("Exercise"),
    "callout": N_("Note"),
    "discussion": N_("Discussion"),
    "prereq": N_("Before you start"),
    "checklist": N_("Checklist"),
    "solution": N_("Solution"),
    "hint": N_("Hint"),
    "spoiler": N_("More"),
}
PAGE_IDS = frozenset({"main", "content", "top", "nav", "navigation", "header", "footer", "title", "flash", "search"})
TEXTS = ("text", "code_inline", "text_special")


@dataclass(slots=True)
class Box:
    """An open callout: `level` of its title, `source` the level its author gave it (0 unknown)."""

    kind: str
    level: int
    source: int = 0


def inline_text(token: Token) -> str:
    """The words of an inline token, without marks."""
    parts = []
    for child in token.children or []:
        if child.type in TEXTS:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
    return " ".join("".join(parts).split())


class Headings:
    """Walks the block tokens of one page once, in order."""

    def __init__(self, work: Work, tokens: Sequence[Token]) -> None:
        self.work = work
        self.taken = self._explicit(tokens)
        sources = [int(token.tag[1]) for token in tokens if token.type == "heading_open" and token.level == 0]
        self.shift = 2 - min(sources, default=2)
        self.counts: Counter[str] = Counter()
        self.section = 1
        self.boxes: list[Box] = []
        self.tables = 0

    def arrange(self, tokens: Sequence[Token]) -> list[Token]:
        """The tokens with callouts labelled and headings levelled; what is only for instructors is gone."""
        out: list[Token] = []
        at = 0
        while at < len(tokens):
            at = self._step(tokens, at, out)
        return out

    def _step(self, tokens: Sequence[Token], at: int, out: list[Token]) -> int:
        token = tokens[at]
        self.tables += token.type == "table_open"
        self.tables -= token.type == "table_close"
        if token.type == "callout_open":
            return self._open(tokens, at, out)
        if token.type == "callout_close":
            token.info = self.boxes.pop().kind
        elif token.type == "heading_open":
            self._heading(token, tokens[at + 1])
        elif token.type == "heading_close":
            token.tag = next(found.tag for found in reversed(out) if found.type == "heading_open")
        elif token.type == "dt_open":
            self._term(token, tokens[at + 1])
        out.append(token)
        return at + 1

    def _open(self, tokens: Sequence[Token], at: int, out: list[Token]) -> int:
        token = tokens[at]
        kind = token.info
        if kind in {"instructor", "instructors"}:
            return _after_close(tokens, at)
        if kind not in LABELS:
            words = _('"::: {kind}" is not a kind that is known here; it is shown without a box.', kind=kind)
            self.work.say(_line(token), words, Severity.WARNING)
        titled = at + 1 < len(tokens) and tokens[at + 1].type == "heading_open"
        parent = self.boxes[-1].level if self.boxes else self.section
        box = Box(kind, parent, int(tokens[at + 1].tag[1]) if titled else 0)
        out.append(token)
        self.boxes.append(box)
        if kind in DETAILS:
            return self._summary(tokens, at, out, titled=titled)
        if kind in CALLOUTS:
            self._label(tokens, at, out, titled=titled)
        return at + 1

    def _summary(self, tokens: Sequence[Token], at: int, out: list[Token], *, titled: bool) -> int:
        """The heading of a solution, hint or spoiler becomes what one clicks to open it."""
        inline = tokens[at + 2] if titled else _words(self._name(tokens[at].info), tokens[at])
        out += [Token("summary_open", "summary", 1), inline, Token("summary_close", "summary", -1)]
        return at + 4 if titled else at + 1

    def _name(self, kind: str) -> str:
        """What a box is called in the language of the course."""
        return say_in(self.work.language, LABELS[kind])

    def _label(self, tokens: Sequence[Token], at: int, out: list[Token], *, titled: bool) -> None:
        box = self.boxes[-1]
        label = self._name(box.kind)
        if not titled or inline_text(tokens[at + 2]).lower() != label.lower():
            out += [Token("label_open", "p", 1), _words(label, tokens[at]), Token("label_close", "p", -1)]
        if titled:
            box.level = min(box.level + 1, 6)
            tokens[at + 1].meta["box_title"] = True

    def _heading(self, token: Token, inline: Token) -> None:
        source = int(token.tag[1])
        is_title = bool(token.meta.get("box_title"))
        level = self._level(source, is_title=is_title, is_top=token.level == 0)
        token.tag = f"h{level}"
        if is_title:
            token.attrs["class"] = "callout-title"
        if self.tables:
            return
        text = inline_text(inline)
        anchor = token.meta.get("anchor") or self._fresh(text)
        token.attrs["id"] = anchor
        if token.level == 0 or (is_title and len(self.boxes) == 1):
            self.work.toc.append(Heading(level, text, anchor))

    def _level(self, source: int, *, is_title: bool, is_top: bool) -> int:
        if is_top:
            self.section = min(max(source + self.shift, 2), 6)
            return self.section
        if self.tables or not self.boxes:
            return min(max(source + self.shift + 1, 3), 6)
        box = self.boxes[-1]
        if is_title:
            return box.level
        box.source = box.source or source - 1
        return min(box.level + max(1, source - box.source), 6)

    def _term(self, token: Token, inline: Token) -> None:
        """A defined term can be linked to: by its own {#anchor}, else by its words."""
        own = next((part for part in inline.children or [] if (part.meta.get("attributes") or {}).get("id")), None)
        if own is None:
            token.attrs["id"] = self._fresh(inline_text(inline))
        elif own.type == "span_open":
            token.attrs["id"] = own.meta["attributes"].pop("id")

    def _fresh(self, text: str) -> str:
        """An anchor from words that no other thing on the page has."""
        stem = "-".join(re.findall(r"[^\W_]+(?:_[^\W_]+)*", text.lower()))[:100] or "section"
        name = stem
        while name in self.taken or name in PAGE_IDS:
            self.counts[stem] += 1
            name = f"{stem}-{self.counts[stem]}"
        self.taken.add(name)
        return name

    def _explicit(self, tokens: Sequence[Token]) -> set[str]:
        """The anchors that the author set; one used twice is said."""
        taken: set[str] = set()
        for line, anchor in _authors_anchors(tokens):
            if not ANCHOR.fullmatch(anchor):
                self.work.say(line, _('"{anchor}" cannot be an anchor.', anchor=anchor[:60]))
            elif anchor in taken:
                self.work.say(line, _('The anchor "{anchor}" is there twice.', anchor=anchor))
            taken.add(anchor)
        self.work.anchors = taken
        return taken


def _authors_anchors(tokens: Sequence[Token]) -> list[tuple[int, str]]:
    found = []
    line = 0
    for token in tokens:
        line = token.map[0] if token.map else line
        if "anchor" in token.meta:
            found.append((line, token.meta["anchor"]))
        for part in [token, *(token.children or [])]:
            anchor = (part.meta.get("attributes") or {}).get("id")
            found += [(line, anchor)] if anchor else []
            found += [(line, name) for name in anchors_in(part.content)] if part.type.startswith("html") else []
    return found


def _after_close(tokens: Sequence[Token], at: int) -> int:
    depth = 0
    for index in range(at, len(tokens)):
        depth += tokens[index].type == "callout_open"
        depth -= tokens[index].type == "callout_close"
        if depth == 0:
            return index + 1
    return len(tokens)


def _words(text: str, near: Token) -> Token:
    child = Token("text", "", 0, content=text)
    return Token("inline", "", 0, children=[child], content=text, map=near.map)


def _line(token: Token) -> int:
    return token.map[0] if token.map else 0
