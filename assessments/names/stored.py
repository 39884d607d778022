"""The files that rows here name: documents handed in with changes of a name."""

from assessments.names.models import NameChange
from fourweek.database import table
from fourweek.storage.rows import NamedFiles

STORED = (NamedFiles(table(NameChange), "evidence_sha256"),)
