"""How documents of one kind are made. Each kind has one `Maker`; everything else about issuing is the same for all."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.models import DocumentKind
from assessments.transcripts.pdf import transcript_pdf
from assessments.transcripts.table import transcript_csv
from fourweek.light import dataclass
from fourweek.settings import Settings
from fourweek.storage import Store

if TYPE_CHECKING:
    from assessments.transcripts.service import Draft


@dataclass(frozen=True, slots=True)
class Files:
    """The bytes of a document by their kind; what it does not have is empty. `pdf` is not sealed yet."""

    pdf: bytes = b""
    csv: bytes = b""
    json: bytes = b""
    jwt: bytes = b""


def as_it_is(_conn: Connection, draft: "Draft", _settings: Settings) -> "Draft":
    """Nothing is read beside the record."""
    return draft


def as_frozen(_draft: "Draft", snapshot: TranscriptSnapshot) -> TranscriptSnapshot:
    """Nothing is added to the snapshot."""
    return snapshot


def no_more(_conn: Connection, _draft: "Draft") -> None:
    """Nothing is written beside the document."""


@dataclass(frozen=True, slots=True)
class Maker:
    """A kind of document: the first letter of its numbers, and what makes its files of a snapshot.

    `read` may add to the draft, within its one reading of the database, what only this kind says (`Draft.extra`, which
    is then part of what the document says). `freeze` may put that into the snapshot. `files` runs in a thread, outside
    of any transaction. `kept` runs in the transaction that keeps the document.
    """

    kind: DocumentKind
    letter: str
    files: Callable[["Draft", TranscriptSnapshot, Settings, Store], Files]
    read: Callable[[Connection, "Draft", Settings], "Draft"] = as_it_is
    freeze: Callable[["Draft", TranscriptSnapshot], TranscriptSnapshot] = as_frozen
    kept: Callable[[Connection, "Draft"], None] = no_more


def _transcript(_draft: "Draft", snapshot: TranscriptSnapshot, _settings: Settings, _store: Store) -> Files:
    return Files(transcript_pdf(snapshot), transcript_csv(snapshot), snapshot.to_json())


TRANSCRIPTS = Maker(DocumentKind.TRANSCRIPT, "T", _transcript)
