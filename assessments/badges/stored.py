"""The files that badges name: their pictures, unbaked and baked."""

from assessments.badges.models import Achievement, CredentialIssue
from fourweek.database import table
from fourweek.storage.rows import NamedFiles

_ACHIEVEMENT, _ISSUE = table(Achievement), table(CredentialIssue)
STORED = (
    NamedFiles(_ACHIEVEMENT, "picture_sha256", living=_ACHIEVEMENT.c.picture_sha256 != ""),
    NamedFiles(_ACHIEVEMENT, "svg_sha256", living=_ACHIEVEMENT.c.svg_sha256 != ""),
    NamedFiles(_ISSUE, "picture_sha256"),
    NamedFiles(_ISSUE, "svg_sha256", living=_ISSUE.c.svg_sha256 != ""),
)
