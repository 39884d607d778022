"""The HTML form of a letter, made from its plain text: what one form says, the other says too.

What the text must keep to: a blank line ends a paragraph, any other new line is one in the HTML too, a list has "- " at
the start of each item and two spaces before what belongs to it. An address of ours on a line of its own becomes a
link; the words before it, up to a colon, become those of the link.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from fourweek import assets
from fourweek.colours import WHITE, Colour, contrast, deepen, hex_colour, mix, parse_colour
from fourweek.language import ENGLISH, LANGUAGES
from fourweek.light import dataclass

NIGHT: Final[Colour] = (26, 30, 36)
LONGEST_WORDS: Final = 90
_BLANK: Final = re.compile(r"\n\s*\n")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]*[^\s<>\"'.,;:!?)\]]")
_MAIL: Final = re.compile(r"[^\s@<>\":/]+@[^\s@<>\":/]+\.[^\s@<>\":/]+")
_SENTENCE: Final = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text, and where it leads; `href` is "" for text alone."""

    text: str
    href: str = ""


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of `lines`, or a list of `items`, or a link to `address` called `words`; the others are empty."""

    lines: tuple[Line, ...] = ()
    items: tuple[tuple[Line, ...], ...] = ()
    words: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """Whose letter it is: its language, the institution, its address, and its colour as #rrggbb."""

    institution: str
    base_url: str
    colour: str
    lang: str = ENGLISH

    @property
    def direction(self) -> str:
        return LANGUAGES[self.lang].direction


def html_of(subject: str, body: str, foot: str, look: Look) -> str:
    """The letter as an HTML document that fetches nothing. `foot` says how to get no more of these, or is ""."""
    deep = deepen(parse_colour(look.colour))
    return _layout().render(
        subject=subject,
        blocks=tuple(blocks(_unsigned(body, look.institution), look.base_url)),
        foot=tuple(blocks(foot, look.base_url)),
        look=look,
        deep=hex_colour(deep),
        light=hex_colour(_lighten(deep)),
        night=hex_colour(NIGHT),
    )


def blocks(text: str, base_url: str) -> Iterator[Block]:
    """The parts of a letter, in order."""
    lead = ""
    for part in _parts(text):
        if _is_ours(part[0], base_url):
            before, words = _words(lead)
            yield from _paragraph(before)
            yield Block(words=words or part[0].strip(), address=part[0].strip())
            lead = ""
        elif part[0].startswith("- "):
            yield from _paragraph(lead)
            yield Block(items=tuple(_items(part)))
            lead = ""
        else:
            yield from _paragraph(lead)
            lead = "\n".join(part)
    yield from _paragraph(lead)


def _parts(text: str) -> Iterator[list[str]]:
    """Lines that belong together: those of a list, those of a paragraph, an address that stands alone."""
    for chunk in _BLANK.split(text.replace("\r\n", "\n").strip()):
        yield from _parts_of(chunk.split("\n"))


def _parts_of(lines: list[str]) -> Iterator[list[str]]:
    kind, part = "", list[str]()
    for line in lines:
        now = "list" if line.startswith("- ") or (kind == "list" and line.startswith("  ")) else "text"
        now = "address" if re.fullmatch(r"https?://\S+", line.strip()) else now
        if part and (now != kind or now == "address"):
            yield part
            part = []
        kind = now
        part.append(line)
    if part:
        yield part


def _is_ours(line: str, base_url: str) -> bool:
    """Whether a line is an address of this school alone. Another never hides behind words of a letter's writer."""
    rest = line.strip().removeprefix(base_url)
    return rest != line.strip() and (not rest or rest[0] in "/?#") and not re.search(r"\s", rest)


def _words(lead: str) -> tuple[str, str]:
    """What stands before an address: a paragraph, and the words that name where the address leads, or ""."""
    if not lead.rstrip().endswith((":", "：")):
        return lead, ""
    before, _, last = lead.rstrip().rpartition("\n")
    *sentences, words = _SENTENCE.split(last.strip())
    if len(words) > LONGEST_WORDS:
        return lead, ""
    return "\n".join(filter(None, [before, " ".join(sentences)])), words[:-1].rstrip()


def _items(part: list[str]) -> Iterator[tuple[Line, ...]]:
    item: list[str] = []
    for line in part:
        if line.startswith("- ") and item:
            yield tuple(map(_line, item))
            item = []
        item.append(line.removeprefix("- ").strip())
    yield tuple(map(_line, item))


def _paragraph(text: str) -> Iterable[Block]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return [Block(lines=tuple(map(_line, lines)))] if lines else []


def _line(text: str) -> Line:
    """A line with its addresses as links that show themselves."""
    if _MAIL.fullmatch(text):
        return (Piece(text, f"mailto:{text}"),)
    pieces, at = [], 0
    for found in _ADDRESS.finditer(text):
        pieces += [Piece(text[at : found.start()]), Piece(found.group(), found.group())]
        at = found.end()
    return tuple(piece for piece in [*pieces, Piece(text[at:])] if piece.text)


def _unsigned(body: str, institution: str) -> str:
    """Without the institution's name as its last line: the head has it."""
    kept, _, last = body.rstrip().rpartition("\n")
    return kept if last.strip() == institution else body


def _lighten(colour: Colour) -> Colour:
    """The colour as it can be read on a dark ground."""
    steps = (mix(colour, WHITE, step / 20) for step in range(21))
    return next(one for one in steps if contrast(one, NIGHT) >= 7.0)


@cache
def _layout() -> Template:
    env = Environment(
        loader=FileSystemLoader(assets.folder("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return env.get_template("email/_layout.html")
