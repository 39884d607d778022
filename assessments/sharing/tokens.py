"""The secret in a link that is shared: 192 random bits, kept only as a digest."""

import hashlib
import secrets


def new_token() -> str:
    """32 characters for an address, from the system's secure source."""
    return secrets.token_urlsafe(24)


def token_hash(token: str) -> str:
    """SHA-256 as 64 hexadecimal digits, of anything that may stand in an address."""
    return hashlib.sha256(b"fourweek share link\n" + token.encode("utf-8", "surrogatepass")).hexdigest()
