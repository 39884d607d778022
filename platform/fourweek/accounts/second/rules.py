"""Recovery codes, and telling what somebody typed. Pure."""

import re
import secrets
from typing import Final

HOW_MANY: Final = 10
_LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""32 signs that are not taken for one another (Crockford's)."""
_GROUPS, _GROUP = 4, 4
_MISREAD: Final = str.maketrans({"o": "0", "i": "1", "l": "1"})
_APART: Final = re.compile(r"[\s\-–]+")
_RECOVERY: Final = re.compile(f"[{_LETTERS}]{{{_GROUPS * _GROUP}}}")
_FROM_APP: Final = re.compile("[0-9]{6}")


def new_recovery_codes() -> tuple[str, ...]:
    """Ten codes of 80 random bits each, as they are shown: `k7f3-9xqm-2b4d-tn8s`."""
    return tuple(_new_code() for _ in range(HOW_MANY))


def _new_code() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def from_app(typed: str) -> str | None:
    """The six digits of an app, however they are spaced; None where something else was typed."""
    bare = _APART.sub("", typed)
    return bare if bare.isascii() and _FROM_APP.fullmatch(bare) else None


def recovery_code(typed: str) -> str | None:
    """A recovery code as it is kept, without hyphens and with misread letters put right; None for anything else."""
    bare = _APART.sub("", typed).lower().translate(_MISREAD)
    return bare if _RECOVERY.fullmatch(bare) else None
