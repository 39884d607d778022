"""A snapshot as PDF/A-3a and PDF/UA-1, with the snapshot's JSON attached. One snapshot always gives the same bytes."""

import io
import json
from enum import StrEnum

from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.errors import Unprintable
from assessments.transcripts.layout import Layout, layout_of
from assessments.transcripts.press import press
from fourweek.letters.direction import isolated
from fourweek.letters.printing import is_printable, missing_glyphs

_LINE_BREAK_PLACE = "\u200b"
_MASK = 7


class Paper(StrEnum):
    """The two sheets in use."""

    LETTER = "us-letter"
    A4 = "a4"


def transcript_pdf(snapshot: TranscriptSnapshot, *, paper: Paper | None = None) -> bytes:
    """A transcript's bytes, on the sheet it was frozen for unless another is asked for. Raises as `typeset` does."""
    return typeset(snapshot, layout_of(snapshot), paper or Paper(snapshot.paper or Paper.LETTER))


def typeset(snapshot: TranscriptSnapshot, layout: Layout, paper: Paper, *, root: str = "") -> bytes:
    """A document's bytes. Raises Unprintable for letters that no shipped font has, DocumentFailed for all else.

    `root` is the folder of the files that the layout attaches, if any.
    Takes a tenth of a second or more of one core: never call it inside a transaction or on the event loop.
    """
    view = json.dumps(isolated(layout.view), ensure_ascii=False)
    _refuse_boxes(view)
    texts = {
        "view": view,
        "attachment": snapshot.to_json().decode(),
        "qr": qr_svg(snapshot.document.verify_url),
        "paper": paper.value,
    }
    return press(layout.template, texts, snapshot.issued_at, called=snapshot.learner.legal_name, root=root)


def qr_svg(address: str) -> str:
    """A QR code of middle error correction as SVG, with the quiet zone of four modules that readers need.

    Its mask is fixed: any of the eight can be read, as the code itself names its own, and weighing all eight against
    each other takes a fifth of the time that the whole document does.
    """
    import segno  # noqa: PLC0415 (heavy)

    out = io.BytesIO()
    segno.make_qr(address, error="m", mask=_MASK).save(out, kind="svg", border=4, xmldecl=False, light="#fff")
    return out.getvalue().decode()


def _refuse_boxes(view: str) -> None:
    text = view.replace(_LINE_BREAK_PLACE, "")
    if all(map(is_printable, set(text))):  # as nearly always, and each letter is looked at once
        return
    if missing := missing_glyphs(text):
        raise Unprintable(missing)
