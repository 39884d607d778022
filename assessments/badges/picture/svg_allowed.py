"""What of SVG a badge's picture may be made of; everything else is left out or refused."""

from typing import Final

from fourweek.language import N_, _

SVG: Final = "http://www.w3.org/2000/svg"
GRADIENTS: Final = ("linearGradient", "radialGradient")
LEFT_OUT: Final = ("metadata", "view")
"""Elements that drawing programs leave behind, dropped with what is in them."""

DRAWN: Final = frozenset(
    [
        "circle",
        "clipPath",
        "defs",
        "desc",
        "ellipse",
        "g",
        "line",
        "linearGradient",
        "path",
        "polygon",
        "polyline",
        "radialGradient",
        "rect",
        "stop",
        "svg",
        "text",
        "title",
        "tspan",
    ]
)
"""Elements that are taken over."""

LOOKS: Final = frozenset(
    [
        "clip-path",
        "clip-rule",
        "color",
        "display",
        "fill",
        "fill-opacity",
        "fill-rule",
        "font-size",
        "font-style",
        "font-weight",
        "letter-spacing",
        "opacity",
        "stop-color",
        "stop-opacity",
        "stroke",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-opacity",
        "stroke-width",
        "text-anchor",
        "visibility",
        "word-spacing",
    ]
)
"""Attributes that may also stand as declarations in `style`. Of fonts only ours is there when it becomes a PNG."""

PLACES: Final = frozenset(
    [
        "clipPathUnits",
        "cx",
        "cy",
        "d",
        "dx",
        "dy",
        "fr",
        "fx",
        "fy",
        "gradientTransform",
        "gradientUnits",
        "height",
        "id",
        "offset",
        "points",
        "r",
        "rx",
        "ry",
        "spreadMethod",
        "transform",
        "width",
        "x",
        "x1",
        "x2",
        "y",
        "y1",
        "y2",
    ]
)
"""Attributes that say where and how large."""

_MOVING: Final = ("animate", "animateColor", "animateMotion", "animateTransform", "discard", "mpath", "set")
_SAID: Final = {
    "script": N_("The SVG holds a script."),
    "style": N_("The SVG holds a style sheet; save it as plain SVG, with the colours on the shapes."),
    "foreignObject": N_("The SVG holds foreign content (foreignObject)."),
    "image": N_("The SVG holds a picture inside; bring that picture as PNG instead."),
    "a": N_("The SVG holds a link."),
    "use": N_("The SVG holds shapes used again by reference (use); save it with the shapes themselves."),
}


def say_refused(element: str) -> str:
    """What is wrong with a picture that has such an element, such as "The SVG holds a script."."""
    if element in _MOVING:
        return _("The SVG holds something that moves; a badge stands still.")
    if element in _SAID:
        return _(_SAID[element])
    return _('The SVG holds "{name}", which a badge’s picture may not.', name=element[:40])
