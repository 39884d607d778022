"""The two private keys: Ed25519 for the proof inside a badge, RSA for its form as VC-JWT. Neither ever shows itself."""

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, ClassVar, Final, Self

from assessments.badges.multikey import PublicKey
from assessments.badges.rsa_keys import LEAST_BITS, RsaPublicKey
from fourweek.light import dataclass

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

RSA_BITS: Final = 3072


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The Ed25519 key of the proof inside a badge, and its public half."""

    KIND: ClassVar = "ed25519"
    FILE: ClassVar = "badges-ed25519.pem"
    SETTING: ClassVar = "badge_key"

    _private: "Ed25519PrivateKey" = field(repr=False)
    public: PublicKey

    def sign(self, data: bytes) -> bytes:
        """64 bytes of Ed25519 signature."""
        return self._private.sign(data)

    def pem(self) -> bytes:
        """PKCS #8, unencrypted: for the owner-only file and nothing else."""
        return _pem(self._private)

    @classmethod
    def from_pem(cls, data: bytes) -> Self:
        """Raises ValueError for anything but an unencrypted Ed25519 key."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 (heavy)

        private = _read(data)
        if not isinstance(private, Ed25519PrivateKey):
            raise ValueError("is not an Ed25519 key")  # noqa: TRY004 about what was read, not about its caller
        return cls(private, PublicKey(private.public_key().public_bytes_raw()))

    @classmethod
    def generate(cls) -> Self:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 (heavy)

        return cls.from_pem(_pem(Ed25519PrivateKey.generate()))


@dataclass(frozen=True, slots=True)
class JwtKey:
    """The RSA key of VC-JWTs, and its public half."""

    KIND: ClassVar = "rsa"
    FILE: ClassVar = "badges-rsa.pem"
    SETTING: ClassVar = "badge_jwt_key"

    _private: "RSAPrivateKey" = field(repr=False)
    public: RsaPublicKey

    def sign(self, data: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256 (RS256), as long as the key's modulus."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415 (heavy)
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 (heavy)

        return self._private.sign(data, PKCS1v15(), SHA256())

    def pem(self) -> bytes:
        """PKCS #8, unencrypted: for the owner-only file and nothing else."""
        return _pem(self._private)

    @classmethod
    def from_pem(cls, data: bytes) -> Self:
        """Raises ValueError for anything but an unencrypted RSA key of at least 2048 bits."""
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415 (heavy)

        private = _read(data)
        if not isinstance(private, RSAPrivateKey) or private.key_size < LEAST_BITS:
            raise ValueError(f"is not an RSA key of at least {LEAST_BITS} bits")
        numbers = private.public_key().public_numbers()
        return cls(private, RsaPublicKey(numbers.n, numbers.e))

    @classmethod
    def generate(cls, bits: int = RSA_BITS) -> Self:
        """A new key; takes tenths of a second."""
        from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key  # noqa: PLC0415 (heavy)

        return cls.from_pem(_pem(generate_private_key(65537, bits)))


PrivateKey = SigningKey | JwtKey
KINDS: Final[Mapping[str, type[PrivateKey]]] = {SigningKey.KIND: SigningKey, JwtKey.KIND: JwtKey}


def new_signing_key() -> SigningKey:
    """A fresh Ed25519 key that is kept nowhere."""
    return SigningKey.generate()


def new_jwt_key() -> JwtKey:
    """A fresh RSA key that is kept nowhere."""
    return JwtKey.generate()


def _pem(private: "Ed25519PrivateKey | RSAPrivateKey") -> bytes:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 (heavy)

    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _read(data: bytes) -> object:
    """Any private key. Raises ValueError, without a word of what was read."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 (heavy)
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 (heavy)

    try:
        return load_pem_private_key(data, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("cannot be read as a private key") from None
