"""Course packages: a folder or zip of Markdown with a course.toml, read, checked and rendered. No database."""

from pathlib import Path

from courses.packages.models import ParsedCourse, Problem, Severity, has_errors

__all__ = ["ParsedCourse", "Problem", "Severity", "has_errors", "read_package"]


def read_package(path: Path, source: Path | None = None) -> tuple[ParsedCourse | None, list[Problem]]:
    """See `courses.packages.reader.read_package`, loaded when first used: a server's start needs no Markdown."""
    from courses.packages.reader import read_package as read  # noqa: PLC0415

    return read(path, source)
