"""Public RSA keys as JWK: how they are written, named by their thumbprint (RFC 7638), and what they verify."""

import base64
import hashlib
import json
from typing import Final

from fourweek.light import dataclass

ALGORITHM: Final = "RS256"
LEAST_BITS: Final = 2048
MOST_BITS: Final = 8192


@dataclass(frozen=True, slots=True)
class RsaPublicKey:
    """A public RSA key: modulus and exponent."""

    n: int
    e: int

    def __post_init__(self) -> None:
        if not LEAST_BITS <= self.n.bit_length() <= MOST_BITS or self.e < 3 or self.e % 2 == 0:
            raise ValueError(f"An RSA key has from {LEAST_BITS} to {MOST_BITS} bits and an odd exponent.")

    @property
    def key_id(self) -> str:
        """RFC 7638 thumbprint, base64url: 43 characters."""
        canonical = json.dumps(self._required(), separators=(",", ":"), sort_keys=True)
        return _base64url(hashlib.sha256(canonical.encode("ascii")).digest())

    def jwk(self, kid: str) -> dict[str, str]:
        """The key as one JWK under the name that tokens have for it."""
        return {**self._required(), "kid": kid, "alg": ALGORITHM, "use": "sig"}

    def verifies(self, data: bytes, signature: bytes) -> bool:
        """Whether the signature, RSASSA-PKCS1-v1_5 with SHA-256, is over these bytes."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 (heavy)
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415 (heavy)
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers  # noqa: PLC0415 (heavy)
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 (heavy)

        try:
            RSAPublicNumbers(self.e, self.n).public_key().verify(signature, data, PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True

    def _required(self) -> dict[str, str]:
        return {"kty": "RSA", "n": _number(self.n), "e": _number(self.e)}


def _number(value: int) -> str:
    """Base64urlUInt (RFC 7518, 2): the fewest octets, highest first."""
    return _base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
