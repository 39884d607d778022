"""How the PDF of a transcript is laid out. Each schema has a layout of its own, which stays as it is for ever."""

from functools import cache
from importlib.resources import files

from assessments.transcripts import schema1
from assessments.transcripts.document import FIRST_SCHEMA, TranscriptSnapshot
from assessments.transcripts.schema1.view import view_of as first_view_of
from assessments.transcripts.transcript_view import view_of
from assessments.transcripts.view import View
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """A Typst template and the texts that it lays out."""

    template: bytes
    view: View


def layout_of(snapshot: TranscriptSnapshot) -> Layout:
    """The layout of the snapshot's own schema."""
    if snapshot.schema == FIRST_SCHEMA:
        return Layout(template(schema1.__name__, "transcript.typ"), first_view_of(snapshot))
    return Layout(framed(("assessments.transcripts", "transcript.typ")), view_of(snapshot))


def framed(*parts: tuple[str, str]) -> bytes:
    """A template of a kind, in (package, file) parts, after what all documents share."""
    frame = ("assessments.transcripts", "frame.typ")
    return b"\n".join(template(*part) for part in (frame, *parts))


@cache
def template(package: str, name: str) -> bytes:
    """A template as it is shipped."""
    return files(package).joinpath(name).read_bytes()
