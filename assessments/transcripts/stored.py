"""The files that transcripts name: each document as PDF and as CSV."""

from assessments.transcripts.models import Transcript
from fourweek.database import table
from fourweek.storage.rows import NamedFiles

_TRANSCRIPT = table(Transcript)
STORED = (NamedFiles(_TRANSCRIPT, "pdf_sha256"), NamedFiles(_TRANSCRIPT, "csv_sha256"))
