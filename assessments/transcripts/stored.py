"""The files that transcripts name: each document as PDF, as CSV and as JSON."""

from assessments.transcripts.models import Transcript
from fourweek.database import table
from fourweek.storage.rows import NamedFiles

_TRANSCRIPT = table(Transcript)
STORED = tuple(NamedFiles(_TRANSCRIPT, f"{kind}_sha256") for kind in ("pdf", "csv", "json"))
