"""The files that badges name: their pictures, unbaked and baked."""

from assessments.badges.models import Achievement, CredentialIssue
from fourweek.database import table
from fourweek.storage.rows import NamedFiles

_ACHIEVEMENT = table(Achievement)
STORED = (
    NamedFiles(_ACHIEVEMENT, "picture_sha256", living=_ACHIEVEMENT.c.picture_sha256 != ""),
    NamedFiles(table(CredentialIssue), "picture_sha256"),
)
