"""The files that courses name: figures, downloads, and packages that wait to be published."""

from courses.catalogue.models import CourseFile, PackageDraft
from fourweek.database import table
from fourweek.storage.rows import NamedFiles

STORED = (
    NamedFiles(table(CourseFile), "sha256", "size"),
    NamedFiles(table(PackageDraft), "sha256", "size"),
)
