"""Seals for tests: one key for all, and one from an authority."""

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from assessments.seal.certificates import SealKey
from assessments.transcripts.pdf import transcript_pdf
from tests.assessments.transcripts.factory import snapshot

NOW = datetime(2026, 11, 22, 23, 30, 15, tzinfo=UTC)


@cache
def one_key() -> SealKey:
    return SealKey.make("Harbour Institute of Technology", NOW)


@cache
def one_document() -> bytes:
    """A transcript, not sealed."""
    return transcript_pdf(snapshot())


def from_an_authority(at: datetime, *, lasts: timedelta = timedelta(days=365)) -> SealKey:
    """A key whose certificate another vouches for."""
    root, private = SealKey.make("Example Authority", at), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Registrar of Harbour")])
    draft = x509.CertificateBuilder(root.certificate.subject, name, private.public_key(), 7)
    certificate = draft.not_valid_before(at).not_valid_after(at + lasts).sign(root.private, SHA256())
    return SealKey(private, certificate, (root.certificate,))
