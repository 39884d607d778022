"""Public Ed25519 keys as Multikey: how they are written, and named by did:web."""

from urllib.parse import quote, urlsplit

import base58

from fourweek.light import dataclass

_ED25519 = b"\xed\x01"
_KEY_BYTES = 32
_MOST_SIGNS = 60  # a key takes 48; the time that base58 takes grows with the square of the length


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public Ed25519 key: its 32 bytes."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != _KEY_BYTES:
            raise ValueError("An Ed25519 public key has 32 bytes.")

    @property
    def key_id(self) -> str:
        """What rows and pages call this key: its multibase form."""
        return self.multibase

    @property
    def multibase(self) -> str:
        """`z6Mk…`: base58 of the key after the two bytes that say Ed25519."""
        return "z" + base58.b58encode(_ED25519 + self.raw).decode("ascii")

    def method_id(self, issuer_id: str) -> str:
        """The absolute id of this key as a verification method of that issuer."""
        return f"{issuer_id}#{self.multibase}"


def parse_multibase(text: str) -> PublicKey:
    """A public key from its `z6Mk…` form. Raises ValueError for any other key or spelling."""
    if not text.startswith("z"):
        raise ValueError("Only base58 (z…) keys are read.")
    if len(text) > _MOST_SIGNS:
        raise ValueError("The key does not have the length of one.")
    data = base58.b58decode(text[1:])
    if data[:2] != _ED25519:
        raise ValueError("Only Ed25519 keys are read.")
    key = PublicKey(data[2:])
    if key.multibase != text:
        raise ValueError("The key is not written in its one proper form.")
    return key


def did_web(base_url: str) -> str:
    """The did:web of a site, e.g. https://learn.example:8443/school → did:web:learn.example%3A8443:school.

    Others resolve it by https and by name; a demonstration on a bare address can only be checked by itself.
    """
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{base_url!r} is not the address of a site.")
    host = parts.hostname + (f":{parts.port}" if parts.port else "")
    folders = [quote(folder, safe="") for folder in parts.path.split("/") if folder]
    return ":".join(["did:web", quote(host, safe="[]"), *folders])
