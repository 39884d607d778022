"""The one way to typeset: a template and its texts become PDF/A-3a and PDF/UA-1, in the shipped fonts alone."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from assessments.transcripts.errors import DocumentFailed
from fourweek.letters.han import FAMILIES as HAN
from fourweek.letters.han import han_families
from fourweek.letters.printing import families

if TYPE_CHECKING:
    import typst


def press(template: bytes, texts: Mapping[str, str], at: datetime, *, called: str = "", root: str = "") -> bytes:
    """The document's bytes; the same template, texts and instant always give the same. Raises DocumentFailed.

    The template finds the families of fonts to set text in under `sys.inputs.fonts`, a JSON list. `called` is the
    name that it is about: its language decides between Chinese, Japanese and Korean shapes. `root` is
    the folder of files that the template reads, if any.
    Takes a tenth of a second or more of one core: never call it inside a transaction or on the event loop.
    """
    import typst  # noqa: PLC0415 (heavy)

    where: dict[str, Any] = {"root": root} if root else {}
    try:
        made: bytes = typst.compile(
            template,
            font_paths=_fonts(),
            sys_inputs={**texts, "fonts": json.dumps(fonts_for(called))},
            pdf_standards=["a-3a", "ua-1"],
            timestamp=int(at.timestamp()),
            **where,
        )
    except typst.TypstError as error:
        raise DocumentFailed from error
    return made


def fonts_for(called: str) -> list[str]:
    """Every family in the order in which a letter is looked for."""
    return [family for family in families() if family not in HAN] + [*han_families(called)]


@cache
def _fonts() -> "typst.Fonts":
    """All of them: a font costs nothing before a document needs it, for its file is only mapped into memory."""
    import typst  # noqa: PLC0415 (heavy)

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(files("assessments").joinpath("fonts"))],
    )
