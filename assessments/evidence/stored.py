"""The files that evidence names, until its period is over. Texts and links have digests too, but are no files."""

from sqlalchemy import and_

from assessments.assignments.models import RequirementKind
from assessments.evidence.models import Evidence
from fourweek.database import table
from fourweek.storage.rows import NamedFiles

_EVIDENCE = table(Evidence)
_LIVING = and_(_EVIDENCE.c.kind == RequirementKind.FILES, _EVIDENCE.c.purged_at.is_(None))
STORED = (NamedFiles(_EVIDENCE, "sha256", "size", _LIVING),)
