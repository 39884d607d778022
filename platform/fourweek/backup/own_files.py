"""What the institution wrote and drew itself and keeps in the home folder, as one tar: its texts and its logo."""

import io
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from fourweek.backup.errors import NoBackup, NotMade
from fourweek.backup.sealed_keys import files_in, put_keys
from fourweek.settings import Settings

NAME = "own.tar"
RIGHTS = 0o600


def own_files(settings: Settings) -> dict[str, Path]:
    """Where each of them lies, by its path in the home folder."""
    home = settings.home.absolute()
    found = [path for path in settings.texts.absolute().rglob("*") if path.is_file()]
    if settings.institution_logo and not elsewhere(settings):
        found.append(Path(settings.institution_logo).absolute())
    return {path.relative_to(home).as_posix(): path for path in sorted(found)}


def elsewhere(settings: Settings) -> str:
    """The logo where it lies outside of the home folder, so that no backup has it; "" where there is none such."""
    logo = Path(settings.institution_logo).absolute()
    return "" if not settings.institution_logo or logo.is_relative_to(settings.home.absolute()) else str(logo)


def pack(files: Mapping[str, Path]) -> bytes:
    """Raises NotMade for one that cannot be read."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT, dereference=True) as tar:
        for name, path in files.items():
            try:
                tar.add(path, name, recursive=False)
            except OSError as error:
                raise NotMade(f"{path} cannot be read: {error.strerror}. No backup was made.") from error
    return packed.getvalue()


def unpack(packed: bytes) -> dict[str, bytes]:
    """Each one's bytes, by its path in the home folder."""
    return {name: data for name, (data, _rights) in files_in(packed).items()}


def put(home: Path, kept: Mapping[str, bytes]) -> None:
    """Write those that are not there; what is there stays as it is. Raises NoBackup for a path that leads out."""
    for name in kept:
        if not (home / name).resolve().is_relative_to(home.resolve()):
            raise NoBackup(f"The backup names {name}, which lies outside of the home folder.")
    put_keys(home, {name: (data, RIGHTS) for name, data in kept.items() if not (home / name).exists()})


def differences(settings: Settings, kept: Mapping[str, bytes]) -> Iterator[str]:
    """Each file that is not as the backup has it."""
    here = own_files(settings)
    for name in sorted(here.keys() | kept):
        if name not in here:
            yield f"missing: file {name}"
        elif name not in kept:
            yield f"added: file {name}"
        elif here[name].read_bytes() != kept[name]:
            yield f"changed: file {name}"
