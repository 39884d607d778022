"""What the browser said of the institution: a file in the home folder, below the environment, which always wins.

See docs/decisions/0009-first-run.md.
"""

import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from fourweek.language import _
from fourweek.letters.cleaning import clean_text
from fourweek.letters.printing import names_ok
from fourweek.zone_names import zone_names

if TYPE_CHECKING:
    from fourweek.settings import Settings

log = structlog.get_logger(__name__)
FILE: Final = "institution.json"
FIELDS: Final = ("institution", "zone")
LONGEST_NAME: Final = 200


def problems(said: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with values, by the name of their setting."""
    found = {}
    if "institution" in said and (words := _name_problem(said["institution"])):
        found["institution"] = words
    if "zone" in said and said["zone"] not in zone_names():
        found["zone"] = _("Choose a time zone from the list, such as Europe/Lisbon.")
    return found


def _name_problem(name: str) -> str:
    if not clean_text(name):
        return _("Give the institution's name.")
    if len(name) > LONGEST_NAME:
        return _("A name has at most {count} characters.", count=LONGEST_NAME)
    return names_ok(name)


def fixed(settings: "Settings") -> frozenset[str]:
    """The fields that the environment gives, so that nobody can change them in the browser."""
    return frozenset(name for name in FIELDS if name in settings.model_fields_set)


def follow(settings: "Settings") -> None:
    """Give the settings what the file says, where the environment is silent. Raises ValueError, and changes nothing."""
    said, default = kept(settings), type(settings).model_fields
    for name in set(FIELDS) - fixed(settings):
        settings.__dict__[name] = said.get(name, default[name].default)


def kept(settings: "Settings") -> dict[str, str]:
    """What the file says; nothing where there is none. Raises ValueError where it cannot be read or be right."""
    return _read(settings.home / FILE)


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except OSError as error:
        if not os.path.lexists(path):  # there is none, or no folder for us; whoever needs the folder says so
            return {}
        raise ValueError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(found.get(name, ""), str) for name in FIELDS):
        raise ValueError(f"{path} is not what the page of the institution writes; put it right, or remove it")
    said = {name: clean_text(found[name]) for name in FIELDS if name in found}
    if wrong := problems(said):
        raise ValueError(f"{path}: {' '.join(wrong.values()).removesuffix('.')}")
    return said


def keep(settings: "Settings", said: Mapping[str, str]) -> None:
    """Write the file, whole or not at all. Fields that are not said stay as they were."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = settings.home / FILE
    with suppress(ValueError):
        said = {**_read(path), **said}
    draft = path.with_name(f".{FILE}.{secrets.token_hex(8)}")
    try:
        with draft.open("x", encoding="utf-8") as file:
            json.dump(said, file, ensure_ascii=False, indent=2)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


class Follower:
    """Keeps the settings of a process as the file says, for as long as the process lives; siblings may write it."""

    def __init__(self, settings: "Settings") -> None:
        self._settings, self._path = settings, os.fspath(settings.home / FILE)
        self._mark: tuple[int, int, int] | None = None

    def look(self) -> int:
        """Take over what changed; how many changes that were. A file that cannot be right is logged, once."""
        mark = self._look_at_file()
        if mark == self._mark:
            return 0
        self._mark = mark
        try:
            follow(self._settings)
        except ValueError as error:
            log.warning("institution_not_followed", error=str(error))
        return 1

    def _look_at_file(self) -> tuple[int, int, int] | None:
        try:
            seen = os.stat(self._path)  # noqa: PTH116 asked at every request: a Path costs as much again
        except OSError:
            return None
        return seen.st_mtime_ns, seen.st_ino, seen.st_size
