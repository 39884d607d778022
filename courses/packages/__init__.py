"""Course packages: a folder or zip of Markdown with a course.toml, read, checked and rendered. No database."""

from courses.packages.models import ParsedCourse, Problem, Severity, has_errors
from courses.packages.reader import read_package

__all__ = ["ParsedCourse", "Problem", "Severity", "has_errors", "read_package"]
