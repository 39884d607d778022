"""Names that rows of tries are kept under: nobody can tell from one whose it is without the house's own secret.

The secret is a file beside the signing keys, made once by whichever process comes first. Should it be lost, another is
made, and counting begins anew.
"""

import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Final

from fourweek.settings import Settings

FILE: Final = "limits.key"
_BYTES: Final = 32


def hidden(settings: Settings, what: str) -> str:
    """64 hexadecimal digits for an address, a name or a code, the same in every process of the house."""
    return hmac.digest(_secret(settings.keys), what.encode(), "sha256").hex()


@lru_cache(maxsize=8)
def _secret(folder: Path) -> bytes:
    path = folder / FILE
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
    finally:
        draft.unlink()
