"""What the institution wrote and drew itself and keeps in the home folder, as one tar: its texts and its logo."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from fourweek.backup.errors import NoBackup, NotMade
from fourweek.backup.sealed_keys import put_keys
from fourweek.backup.tars import files_in, pack
from fourweek.settings import Settings

NAME = "own.tar"
RIGHTS = 0o600


def own_files(settings: Settings) -> dict[str, Path]:
    """Where each of them lies, by its path in the home folder."""
    home = _whole(settings.home)
    found = [path for path in (home / settings.texts.name).rglob("*") if path.is_file()]
    if settings.institution_logo and not elsewhere(settings):
        found.append(_whole(settings.institution_logo))
    return {path.relative_to(home).as_posix(): path for path in sorted(found)}


def elsewhere(settings: Settings) -> str:
    """The logo where it lies outside of the home folder, so that no backup has it; "" where there is none such."""
    logo = _whole(settings.institution_logo)
    return "" if not settings.institution_logo or logo.is_relative_to(_whole(settings.home)) else str(logo)


def _whole(path: Path | str) -> Path:
    """Absolute and without `..`, which would lead out of a folder that it seems to lie in."""
    return Path(os.path.abspath(path))  # noqa: PTH100 Path.resolve would follow links out of the home folder


def packed(files: Mapping[str, Path]) -> bytes:
    """Raises NotMade for one that cannot be read."""
    try:
        return pack(files)
    except OSError as error:
        raise NotMade(f"{error.filename} cannot be read: {error.strerror}. No backup was made.") from error


def unpack(kept: bytes) -> dict[str, bytes]:
    """Each one's bytes, by its path in the home folder."""
    return {name: data for name, (data, _rights) in files_in(kept).items()}


def missing(home: Path, kept: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those that are not there. Raises NoBackup for one whose path leads out."""
    found = {name: data for name, data in kept.items() if not (home / name).exists()}
    for name in found:
        if not (home / name).resolve().is_relative_to(home.resolve()):
            raise NoBackup(f"The backup names {name}, which lies outside of the home folder.")
    return found


def put(home: Path, kept: Mapping[str, bytes]) -> None:
    """Write those that are not there; what is there stays as it is. Raises NoBackup."""
    put_keys(home, {name: (data, RIGHTS) for name, data in missing(home, kept).items()})


def differences(settings: Settings, kept: Mapping[str, bytes]) -> Iterator[str]:
    """Each file that is not as the backup has it. A logo may be there before a setting names it."""
    there = {name: settings.home / name for name in kept if (settings.home / name).is_file()}
    here = own_files(settings) | there
    for name in sorted(here.keys() | kept):
        if name not in here:
            yield f"missing: file {name}"
        elif name not in kept:
            yield f"added: file {name}"
        elif here[name].read_bytes() != kept[name]:
            yield f"changed: file {name}"
