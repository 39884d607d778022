"""The files that rows here name: certificates of credit from elsewhere."""

from assessments.stated.models import StatedCredit
from fourweek.database import table
from fourweek.storage.rows import NamedFiles

STORED = (NamedFiles(table(StatedCredit), "evidence_sha256"),)
