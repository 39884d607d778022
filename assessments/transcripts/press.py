"""The one way to typeset: a template and its texts become PDF/A-3a and PDF/UA-1, in the shipped fonts alone."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from assessments.transcripts.errors import DocumentFailed

if TYPE_CHECKING:
    import typst


def press(template: bytes, texts: Mapping[str, str], at: datetime) -> bytes:
    """The document's bytes; the same template, texts and instant always give the same. Raises DocumentFailed.

    Takes a tenth of a second or more of one core: never call it inside a transaction or on the event loop.
    """
    import typst  # noqa: PLC0415 (heavy)

    try:
        return typst.compile(
            template,
            font_paths=_fonts(),
            sys_inputs=dict(texts),
            pdf_standards=["a-3a", "ua-1"],
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as error:
        raise DocumentFailed from error


@cache
def _fonts() -> "typst.Fonts":
    import typst  # noqa: PLC0415 (heavy)

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(files("assessments").joinpath("fonts"))],
    )
