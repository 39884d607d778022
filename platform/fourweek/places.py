"""The folders we write to, where they cannot be made or written: whose setting that is, and what to do."""

from pathlib import Path
from tempfile import mkdtemp

from fourweek.faults import of_disk
from fourweek.settings import Settings

IN_THE_WAY = (FileExistsError, NotADirectoryError)
WHAT_TO_DO = "Name a folder that this user may make and write, or give this one to them."


def why_not(error: OSError) -> str:
    """One sentence for a command that a disk or a folder of ours stopped; "" where nobody foresaw the error."""
    if trouble := of_disk(error):
        return f"{trouble} `fourweek doctor` says what ails it."
    words = place_refused(Settings(), error)
    return f"Refused: {words}" if words else ""


def place_refused(settings: Settings, error: OSError) -> str:
    """One sentence for a folder of ours that cannot be used; "" where the error is about something else."""
    if not isinstance(error.filename, str):
        return ""
    path = Path(error.filename).absolute()
    for name, folder in (("FOURWEEK_HOME", settings.home), ("FOURWEEK_STORE", settings.files)):
        ours = folder.absolute()
        if path.is_relative_to(ours) or ours.is_relative_to(path):
            return f"{name}: {folder} cannot be used, {_because(error)}. {WHAT_TO_DO}"
    return ""


def is_seen(path: Path) -> bool:
    """Whether it is there, as far as this user may look."""
    try:
        return path.exists()
    except PermissionError:
        return False


def cannot_be_made(folder: Path) -> str:
    """Why a folder that is not there yet could not be made, "" where it could: one is made beside it and removed."""
    above = next(one for one in folder.absolute().parents if is_seen(one))
    try:
        Path(mkdtemp(prefix=".fourweek-", dir=above)).rmdir()
    except OSError as error:
        return _because(error)
    return ""


def _because(error: OSError) -> str:
    said = "a file is in its way" if isinstance(error, IN_THE_WAY) else (error.strerror or type(error).__name__)
    return f"{error.filename}: {said}"
