"""A private key with the certificate that names its owner. The key never shows itself."""

import re
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Self

from fourweek.light import dataclass

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate, KeyUsage

LASTS: Final = timedelta(days=3653)
"""Of a certificate that we make ourselves: ten years."""
LEAST_RSA_BITS: Final = 2048
_SKEW: Final = timedelta(hours=1)
_MOST_IN_A_NAME: Final = 64
_PRIVATE = re.compile(rb"-----BEGIN ((?:EC |RSA )?PRIVATE KEY)-----.*?-----END \1-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SealKey:
    """What seals: the key, its certificate and those that vouch for it. `private` is EC, or RSA from an authority."""

    private: "EllipticCurvePrivateKey | RSAPrivateKey" = field(repr=False)
    certificate: "Certificate"
    chain: tuple["Certificate", ...] = ()

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.certificate)

    @property
    def self_made(self) -> bool:
        """Nobody else vouches for it."""
        return self.certificate.issuer == self.certificate.subject

    def holds(self, at: datetime) -> bool:
        return self.certificate.not_valid_before_utc <= at <= self.certificate.not_valid_after_utc

    def pem(self) -> bytes:
        """Key (PKCS #8, unencrypted) and certificates: for the owner-only file and nothing else."""
        from cryptography.hazmat.primitives import serialization as forms  # noqa: PLC0415 (heavy)

        key = self.private.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption())
        return key + self.public_pem()

    def public_pem(self) -> bytes:
        """The certificate, then those that vouch for it."""
        return b"".join(certificate_pem(one) for one in (self.certificate, *self.chain))

    @classmethod
    def from_pem(cls, data: bytes) -> Self:
        """A private key and its certificates in any order. Raises ValueError, without a word of what was read."""
        private = _private_key(data)
        certificates = read_certificates(data)
        own = [one for one in certificates if one.public_key() == private.public_key()]
        if not own:
            raise ValueError("has no certificate of its private key")
        return cls(private, own[0], tuple(one for one in certificates if one != own[0]))

    @classmethod
    def make(cls, institution: str, at: datetime) -> Self:
        """A new P-256 key with a certificate of its own, from `at` (real clock) for ten years."""
        from cryptography import x509  # noqa: PLC0415 (heavy)
        from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 (heavy)
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 (heavy)
        from cryptography.x509.oid import NameOID  # noqa: PLC0415 (heavy)

        private, called = ec.generate_private_key(ec.SECP256R1()), institution[:_MOST_IN_A_NAME]
        name = x509.Name([x509.NameAttribute(oid, called) for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)])
        draft = (
            x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
            .not_valid_before(at - _SKEW)
            .not_valid_after(at + LASTS)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_for_signatures(), critical=True)
            .add_extension(x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        )
        return cls(private, draft.sign(private, SHA256()))


def read_certificates(data: bytes) -> tuple["Certificate", ...]:
    """Every certificate in a PEM text, in its order. Raises ValueError where there is none."""
    from cryptography import x509  # noqa: PLC0415 (heavy)

    try:
        return tuple(x509.load_pem_x509_certificates(data))
    except ValueError:
        raise ValueError("has no certificate that can be read") from None


def certificate_pem(certificate: "Certificate") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 (heavy)

    return certificate.public_bytes(Encoding.PEM)


def fingerprint_of(certificate: "Certificate") -> str:
    """SHA-256 of the certificate's DER form: 64 hexadecimal characters."""
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 (heavy)

    return certificate.fingerprint(SHA256()).hex()


def in_groups(fingerprint: str) -> str:
    """A fingerprint as people compare it: capital letters in groups of four."""
    return " ".join(re.findall(".{4}", fingerprint.upper()))


def _private_key(data: bytes) -> "EllipticCurvePrivateKey | RSAPrivateKey":
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 (heavy)
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey  # noqa: PLC0415 (heavy)
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415 (heavy)
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 (heavy)

    block = _PRIVATE.search(data)
    try:
        private = load_pem_private_key(block[0] if block else b"", password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("has no private key that can be read") from None
    if isinstance(private, EllipticCurvePrivateKey):
        return private
    if isinstance(private, RSAPrivateKey) and private.key_size >= LEAST_RSA_BITS:
        return private
    raise ValueError(f"has neither an elliptic-curve key nor an RSA key of {LEAST_RSA_BITS} bits")


def _for_signatures() -> "KeyUsage":
    from cryptography.x509 import KeyUsage  # noqa: PLC0415 (heavy)

    return KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
