"""How the PDF of a transcript is laid out. Each schema has a layout of its own, which stays as it is for ever."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assessments.transcripts import schema1, view
from assessments.transcripts.document import FIRST_SCHEMA, TranscriptSnapshot
from assessments.transcripts.schema1.view import view_of as first_view_of


@dataclass(frozen=True, slots=True)
class Layout:
    """A Typst template and the texts that it lays out."""

    template: bytes
    view: view.View


def layout_of(snapshot: TranscriptSnapshot) -> Layout:
    """The layout of the snapshot's own schema."""
    if snapshot.schema == FIRST_SCHEMA:
        return Layout(template(schema1.__name__, "transcript.typ"), first_view_of(snapshot))
    return Layout(template("assessments.transcripts", "transcript.typ"), view.view_of(snapshot))


@cache
def template(package: str, name: str) -> bytes:
    """A template as it is shipped."""
    return files(package).joinpath(name).read_bytes()
