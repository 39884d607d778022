"""Verification codes: 16 characters of Crockford's base 32, 80 random bits, printed in fours, stored only as a hash."""

import hashlib
import hmac
import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
_GROUP = 4
_READ_AS = str.maketrans("ILO", "110")
_SEPARATORS = dict.fromkeys(map(ord, " \t\r\n-‐‑‒–—−_.·"))


def new_code() -> str:
    """A fresh code from the system's secure source."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def print_form(code: str) -> str:
    """The code as people read it: XXXX-XXXX-XXXX-XXXX."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def normalise(typed: str) -> str | None:
    """The code that was meant: any case, spaces or dashes, I and L for 1, O for 0. None if it cannot be a code."""
    plain = unicodedata.normalize("NFKC", typed).translate(_SEPARATORS).upper().translate(_READ_AS)
    return plain if len(plain) == LENGTH and set(plain) <= set(ALPHABET) else None


def code_hash(code: str) -> str:
    """SHA-256 as 64 hex digits. A code has 80 random bits, so no salt or slow hash is needed to keep it secret."""
    return hashlib.sha256(b"fourweek transcript code\n" + code.encode("ascii")).hexdigest()


def is_code_of(code: str, stored_hash: str) -> bool:
    """Whether the code has that hash, compared in constant time."""
    return hmac.compare_digest(code_hash(code), stored_hash)
