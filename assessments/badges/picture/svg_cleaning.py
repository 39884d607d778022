"""An author's SVG, made safe to show and to bake: only what draws is taken over, by lists of what is allowed.

What acts, moves or reaches out of the file is refused with the line it stands in, so that its author can mend it. What
drawing programs leave behind (notes of their own, metadata, comments) is left out without a word.
"""

import re
from dataclasses import field
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from assessments.badges.picture.svg_allowed import DRAWN, GRADIENTS, LEFT_OUT, LOOKS, PLACES, SVG, say_refused
from assessments.badges.svg_baking import MAX_NAMESPACE, is_utf8
from fourweek.language import _
from fourweek.light import dataclass

MAX_SVG_BYTES: Final = 512 * 1024
MAX_ELEMENTS: Final = 20_000
MAX_DEPTH: Final = 60
MAX_LAYERS: Final = 500
"""Shapes and groups that are clipped or seen through: each is drawn apart and laid over the rest."""
MAX_VALUE: Final = 200_000
SIDE: Final = 600
_FAMILY: Final = "'Noto Sans', 'Segoe UI', Helvetica, Arial, sans-serif"
_HREFS: Final = ("href", "http://www.w3.org/1999/xlink href")
_INNER: Final = re.compile(r"#[A-Za-z_][\w.-]*")
_URL: Final = re.compile(r"url\(\s*(['\"]?)(.*?)\1\s*\)", re.IGNORECASE | re.DOTALL)
_UNSAFE: Final = re.compile(r"(?:url|src|image|image-set)\s*\(|//|\\|@|expression|javascript|[<>]|/\*", re.IGNORECASE)
_LENGTH: Final = re.compile(r"\s*([0-9]{1,5}(?:\.[0-9]+)?)\s*(px|pt|mm|cm|in)?\s*")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]{1,2})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, a sentence, and the line of the file, None for the whole of it."""

    line: int | None
    message: str


@dataclass(frozen=True, slots=True)
class CleanSvg:
    """`svg` is b"" where faults forbid the picture; `notes` only warn."""

    svg: bytes
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


def clean_svg(data: bytes) -> CleanSvg:
    """The picture 600 × 600 with nothing in it but shapes. The same bytes give the same bytes."""
    if len(data) > MAX_SVG_BYTES:
        return CleanSvg(b"", (Fault(None, _("The SVG is larger than {most} KB.", most=MAX_SVG_BYTES // 1024)),))
    if not is_utf8(data):
        return CleanSvg(b"", (Fault(None, _("The SVG is not UTF-8 text.")),))
    cleaning = _Cleaning()
    try:
        cleaning.parser.Parse(data, True)
    except _StopError as stop:
        return CleanSvg(b"", (*cleaning.faults, stop.fault))
    except (expat.ExpatError, ValueError) as error:
        said = _("The SVG is not well-formed: {why}.", why=error)
        return CleanSvg(b"", (*cleaning.faults, Fault(None, said)))
    faults = tuple(dict.fromkeys(cleaning.faults))
    return CleanSvg(b"" if faults else cleaning.text().encode(), faults, tuple(cleaning.notes))


class _StopError(Exception):
    """Nothing after this place is looked at."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.message)


@dataclass
class _Cleaning:
    """One pass over a file; `parts` is what is written anew."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    left_out: int = 0
    elements: int = 0
    layers: int = 0

    def __post_init__(self) -> None:
        self.parser = expat.ParserCreate("UTF-8", namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parser.StartNamespaceDeclHandler = self._namespace

    def text(self) -> str:
        return "".join(self.parts) + "\n"

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MAX_ELEMENTS or len(self.path) >= MAX_DEPTH:
            raise _StopError(Fault(self._line, _("The SVG has more parts than a badge needs.")))
        space, _blank, local = name.rpartition(" ")
        if not self.path:
            self._root(space, local)
        self.path.append(local if space == SVG else "")
        if self.left_out or space != SVG or local in LEFT_OUT:
            self.left_out += 1
            return
        if local not in DRAWN:
            self._refuse(say_refused(local))
        elif local == "text" and not self.notes:
            words = _("The SVG holds text, set in other letters wherever its font is not there; turn it into paths.")
            self.notes.append(Fault(self._line, words))
        kept = self._square(attributes) if self.elements == 1 else self._kept(local, attributes)
        self.parts.append(f"<{local}{''.join(f' {key}={quoteattr(value)}' for key, value in kept.items())}>")

    def _end(self, _name: str) -> None:
        local = self.path.pop()
        if self.left_out:
            self.left_out -= 1
        else:
            self.parts.append(f"</{local}>")

    def _text(self, text: str) -> None:
        if not self.left_out and self.path[-1] in {"text", "tspan", "title", "desc"}:
            self.parts.append(escape(text))

    def _root(self, space: str, local: str) -> None:
        if (space, local) != (SVG, "svg"):
            said = _("The file does not begin with an svg element of the SVG namespace.")
            raise _StopError(Fault(self._line, said))

    def _square(self, attributes: dict[str, str]) -> dict[str, str]:
        """The root's own attributes: the box that is drawn, in a square of 600."""
        self._handlers(attributes)
        box = _box(attributes)
        if box is None:
            self._refuse(_("The SVG says neither a viewBox nor a width and height."))
            return {}
        if abs(box[2] - box[3]) > max(box[2:]) / 100:
            width, height = f"{box[2]:g}", f"{box[3]:g}"
            self._refuse(
                _(
                    "The SVG is {width} wide and {height} high; a badge is as wide as it is high.",
                    width=width,
                    height=height,
                )
            )
        view = " ".join(f"{number:.6g}" for number in box)
        looks = {key: value for key, value in self._kept("svg", attributes).items() if key in LOOKS}
        size = {"viewBox": view, "width": f"{SIDE}", "height": f"{SIDE}"}
        return {"xmlns": SVG, **size, "font-family": _FAMILY, **looks}

    def _kept(self, element: str, attributes: dict[str, str]) -> dict[str, str]:
        self._handlers(attributes)
        kept: dict[str, str] = {}
        for key, value in attributes.items():
            if key == "style":
                kept |= self._declarations(value)
            elif key in _HREFS and element in GRADIENTS:
                if self._reference(value):
                    kept["href"] = value
            elif (key in LOOKS or key in PLACES) and self._safe(value):
                kept.setdefault(key, value)
            elif key in _HREFS:
                self._refuse(_("The SVG refers to something else (href)."))
        self._layer(kept)
        return kept

    def _layer(self, kept: dict[str, str]) -> None:
        if "clip-path" in kept and "clipPath" in self.path:
            self._refuse(_("The SVG clips what clips."))
        self.layers += "clip-path" in kept or "opacity" in kept
        if self.layers > MAX_LAYERS:
            said = _("The SVG clips or sees through more than {most} parts.", most=MAX_LAYERS)
            raise _StopError(Fault(self._line, said))

    def _declarations(self, style: str) -> dict[str, str]:
        """What a style attribute says, as attributes of their own."""
        pairs = (part.partition(":") for part in style.split(";") if part.strip())
        said = {key.strip().lower(): value.replace("!important", "").strip() for key, _colon, value in pairs}
        for value in said.values():
            self._safe(value)
        return {key: value for key, value in said.items() if key in LOOKS and self._safe(value)}

    def _safe(self, value: str) -> bool:
        if len(value) > MAX_VALUE:
            raise _StopError(Fault(self._line, _("A value in the SVG is longer than a badge needs.")))
        found = _URL.fullmatch(value.strip())
        if found:
            return self._reference(found[2])
        if _UNSAFE.search(value):
            self._refuse(_("The SVG refers to something outside itself."))
            return False
        return True

    def _reference(self, value: str) -> bool:
        if not _INNER.fullmatch(value.strip()):
            self._refuse(_("The SVG refers to something outside itself."))
            return False
        return True

    def _handlers(self, attributes: dict[str, str]) -> None:
        for key in attributes:
            if key.rpartition(" ")[2].lower().startswith("on"):
                self._refuse(_("The SVG holds an event handler ({name}).", name=key.rpartition(" ")[2]))

    def _doctype(self, *_declaration: object) -> None:
        raise _StopError(Fault(self._line, _("The SVG declares a document type (DOCTYPE); save it without.")))

    def _namespace(self, _prefix: str | None, uri: str | None) -> None:
        if uri is not None and len(uri) > MAX_NAMESPACE:
            said = _("The SVG has a namespace with a name as long as none is.")
            raise _StopError(Fault(self._line, said))

    def _instruction(self, target: str, _data: str) -> None:
        if target.lower() == "xml-stylesheet":
            self._refuse(_("The SVG loads a style sheet."))

    def _refuse(self, words: str) -> None:
        self.faults.append(Fault(self._line, words))

    @property
    def _line(self) -> int:
        return int(self.parser.CurrentLineNumber)


def _box(attributes: dict[str, str]) -> tuple[float, float, float, float] | None:
    numbers = [float(number) for number in _NUMBER.findall(attributes.get("viewBox", "")[:200])]
    if len(numbers) == 4 and min(numbers[2:]) > 0 and max(map(abs, numbers)) < 1e6:
        return (numbers[0], numbers[1], numbers[2], numbers[3])
    width, height = (_LENGTH.fullmatch(attributes.get(side, "")) for side in ("width", "height"))
    if width and height and width[2] == height[2] and min(float(width[1]), float(height[1])) > 0:
        return (0.0, 0.0, float(width[1]), float(height[1]))
    return None
