"""Files of keys: owner-only where they are private, complete or not there at all, and on the disk once written."""

import os
import secrets
import stat
from pathlib import Path
from typing import Final

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
OWNER_ONLY: Final = 0o600
FOR_ALL: Final = 0o644

Stamp = tuple[int, int, int]
"""Tells whether a file is still the same: inode, time of change in nanoseconds, size."""


class KeyFileError(RuntimeError):
    """A key that cannot be used. For the operator: names the file and the way out, never what is in it."""


def keep_once(path: Path, data: bytes, mode: int = OWNER_ONLY) -> bool:
    """Write a new file; whoever comes first wins. False when there was one already."""
    return _placed(path, data, mode, replacing=False)


def replace(path: Path, data: bytes) -> None:
    """Put an owner-only file in the place of what is there."""
    _placed(path, data, OWNER_ONLY, replacing=True)


def make_folder(folder: Path, mode: int = 0o700) -> None:
    """Make the folder if it is missing. Raises KeyFileError for one that is meant for us alone and is not."""
    if not folder.exists():
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
        _give_to_the_owner(folder, folder.parent)
    if mode == 0o700:
        refuse_wider_rights(folder)


def refuse_wider_rights(path: Path) -> None:
    """Raises KeyFileError for a file or folder that others may use."""
    if os.name != "posix":
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _OTHERS:
        wanted = "700" if path.is_dir() else "600"
        raise KeyFileError(f"{path} may be used by others (mode {mode:o}). Run: chmod {wanted} {path}")


def stamp(path: Path) -> Stamp:
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _placed(path: Path, data: bytes, mode: int, *, replacing: bool) -> bool:
    """Written beside its place and moved or linked there: complete or not at all."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        _write(draft, data, mode)
        if replacing:
            draft.replace(path)
        elif not _link_if_absent(draft, path):
            return False
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return True


def _link_if_absent(draft: Path, path: Path) -> bool:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    return True


def _write(path: Path, data: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        _give_to_the_owner(path, path.parent)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _give_to_the_owner(path: Path, folder: Path) -> None:
    """A command that is run as root leaves files and folders that the server, which owns the folder, can use."""
    if os.name == "posix" and os.geteuid() == 0:
        owner = folder.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
