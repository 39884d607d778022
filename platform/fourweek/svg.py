"""SVG pictures: their size, and whether they hold anything that acts or reaches out."""

import re
from xml.parsers import expat

from fourweek.language import N_, _

FORBIDDEN = {
    "script": N_("a script"),
    "foreignobject": N_("foreign content (foreignObject)"),
    "iframe": N_("a frame"),
    "embed": N_("an embedded object"),
    "object": N_("an embedded object"),
    "audio": N_("sound"),
    "video": N_("film"),
    "handler": N_("an event handler"),
    "listener": N_("an event handler"),
}
ANIMATIONS = ("set", "animate", "animatetransform", "animatemotion")
LINKS = ("href", "src", "base")
INNER_LINK = re.compile(r"\s*(#|data:image/(png|jpeg|gif|webp);base64,)", re.IGNORECASE)
OUTER_URL = re.compile(r"""url\(\s*+['"]?+\s*+(?!#|data:image/(?:png|jpeg|gif|webp);|data:font/)""", re.IGNORECASE)
STYLE_REACH = re.compile(r"@import|\\[0-9a-f]", re.IGNORECASE)  # an escaped letter could spell either
LENGTH = re.compile(r"\s*([0-9]{1,5}(?:\.[0-9]+)?)\s*(px)?\s*")
NUMBER = re.compile(r"[+-]?[0-9]{1,6}(?:\.[0-9]{1,9})?")


def read_svg(data: bytes) -> tuple[tuple[int, int] | None, list[str]]:
    """Width and height in pixels (None where not said), and what forbids the file, each a sentence."""
    reading = _Reading()
    try:
        reading.parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        return None, [_("The SVG is not well-formed: {error}.", error=error)]
    return reading.size, list(dict.fromkeys(reading.faults))


class _Reading:
    def __init__(self) -> None:
        self.size: tuple[int, int] | None = None
        self.faults: list[str] = []
        self.depth = 0
        self.styles: list[str] = []
        self.in_style = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.EntityDeclHandler = self.entity
        self.parser.ProcessingInstructionHandler = self.instruction

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if self.depth == 0:
            self.root(local, attributes)
        self.depth += 1
        self.in_style += local == "style"
        if local in FORBIDDEN:
            self.refuse(_("The SVG holds {what}; a picture may only draw.", what=_(FORBIDDEN[local])))
        for key, value in attributes.items():
            self.attribute(local, _local(key), value)

    def end(self, name: str) -> None:
        self.depth -= 1
        if _local(name) == "style":
            self.in_style -= 1
            self.style("".join(self.styles))
            self.styles.clear()

    def root(self, local: str, attributes: dict[str, str]) -> None:
        if local != "svg":
            self.refuse(_("The SVG does not begin with an svg element."))
        self.size = _size(attributes)

    def attribute(self, element: str, name: str, value: str) -> None:
        if name.startswith("on"):
            self.refuse(_("The SVG holds an event handler ({name}); a picture may only draw.", name=name))
        elif name in LINKS and not INNER_LINK.match(value):
            self.refuse(_("The SVG refers to something outside itself ({where}).", where=value.strip()[:60]))
        elif element in ANIMATIONS and name == "attributename" and _local(value.lower()) in LINKS:
            self.refuse(_("The SVG animates a link; a picture may only draw."))
        elif OUTER_URL.search(value):
            self.refuse(_("The SVG refers to something outside itself (url in a style)."))

    def characters(self, text: str) -> None:
        if self.in_style:
            self.styles.append(text)

    def style(self, text: str) -> None:
        if STYLE_REACH.search(text) or OUTER_URL.search(text):
            self.refuse(_("The SVG refers to something outside itself (in its style sheet)."))

    def entity(self, *_declaration: object) -> None:
        self.refuse(_("The SVG declares entities; a picture may only draw."))
        raise ValueError("entities are not allowed")

    def instruction(self, target: str, _data: str) -> None:
        if target.lower() == "xml-stylesheet":
            self.refuse(_("The SVG loads a style sheet; a picture may only draw."))

    def refuse(self, sentence: str) -> None:
        self.faults.append(sentence)


def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1].lower()


def _size(attributes: dict[str, str]) -> tuple[int, int] | None:
    width, height = (LENGTH.fullmatch(attributes.get(side, "")) for side in ("width", "height"))
    if width and height:
        return _pixels(width[1], height[1])
    box = NUMBER.findall(attributes.get("viewBox", ""))
    return _pixels(box[2], box[3]) if len(box) == 4 else None


def _pixels(width: str, height: str) -> tuple[int, int] | None:
    size = (round(float(width)), round(float(height)))
    return size if min(size) > 0 else None
