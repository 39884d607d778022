"""Packages for tests: the fixture course as read, or as a zip, whole or changed."""

import zipfile
from dataclasses import replace
from pathlib import Path

from courses.packages import ParsedCourse, has_errors, read_package
from tests.courses.packages.factories import PUMP_CARE


def parsed(**changes: object) -> ParsedCourse:
    """The fixture course; `changes` replace fields of what was read."""
    course, problems = read_package(PUMP_CARE)
    assert course is not None
    assert not has_errors(problems)
    return replace(course, **changes)  # type: ignore[arg-type]


def zipped(target: Path, *, without: str = "", **changed: tuple[str, str]) -> bytes:
    """The bytes of the fixture course as a zip; `changed` maps a key to (old, new) in the manifest."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(PUMP_CARE.rglob("*")):
            name = file.relative_to(PUMP_CARE).as_posix()
            if not file.is_file() or name == without:
                continue
            data = file.read_bytes()
            if name == "course.toml":
                data = _changed(data.decode(), changed).encode()
            archive.writestr(name, data)
    return target.read_bytes()


def _changed(text: str, changed: dict[str, tuple[str, str]]) -> str:
    for old, new in changed.values():
        assert old in text, f"{old!r} is not in the manifest"
        text = text.replace(old, new, 1)
    return text
