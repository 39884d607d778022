"""The files that documents name: as PDF, CSV, JSON and token, those that a document of its kind has."""

from sqlalchemy import func

from assessments.transcripts.models import Transcript
from fourweek.database import table
from fourweek.storage.rows import NamedFiles

_TRANSCRIPT = table(Transcript)
_DIGESTS = ("pdf_sha256", "csv_sha256", "json_sha256", "jwt_sha256")
KEPT = func.length(_TRANSCRIPT.c.snapshot) > 0
"""Whether a document's files are still kept: once the record's period is over, its snapshot is empty."""
STORED = tuple(NamedFiles(_TRANSCRIPT, name, living=(_TRANSCRIPT.c[name] != "") & KEPT) for name in _DIGESTS)
