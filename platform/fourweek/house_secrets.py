"""Secrets of the house itself: files of 32 random bytes beside the signing keys, each made once by whichever process
comes first, and read by all."""

import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Final

_BYTES: Final = 32


@lru_cache(maxsize=16)
def house_secret(folder: Path, name: str) -> bytes:
    """The secret of that name. Should its file be lost or cut short, another is made."""
    path = folder / name
    if path.exists() and path.stat().st_size < _BYTES:
        path.unlink(missing_ok=True)
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(path)
    return path.read_bytes()


def _make(path: Path) -> None:
    """Written beside its place and linked there, so that it is whole or not there at all, and the first one stays."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    except OSError:  # a file system without links: only two first starts at once could tell the difference
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
