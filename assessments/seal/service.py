"""Sealing a finished PDF: PAdES B-B. No network, no time stamp; nothing may be changed in the file afterwards."""

import asyncio
import hashlib
import io
from dataclasses import field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import structlog

from assessments.badges.keys import KeyFileError
from assessments.seal.certificates import SealKey
from assessments.seal.errors import SealUnusable
from assessments.seal.keys import current_seal, warning
from fourweek.light import dataclass
from fourweek.settings import Settings

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

log = structlog.get_logger(__name__)
FIELD: Final = "Seal"
_DIGEST: Final = "sha256"
_BESIDE_CERTIFICATES: Final = 2048


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed file. `fingerprint` is its certificate's, `unsealed_sha256` of the bytes that were sealed."""

    data: bytes = field(repr=False)
    fingerprint: str
    unsealed_sha256: str


def sealing_key(settings: Settings, at: datetime) -> SealKey:
    """What this installation seals with at that instant (real clock). Reads files. Raises SealUnusable."""
    try:
        key = current_seal(settings, at)
    except KeyFileError as error:
        log.exception("seal unusable")
        raise SealUnusable from error
    if said := warning(key, at):
        log.warning("seal ends soon", problem=said)
    return key


def seal(pdf: bytes, key: SealKey, at: datetime) -> Sealed:
    """Certify the whole file as it is: any later change breaks the seal. `at` is the real clock.

    A line end comes before what is added, as PDF/A asks (ISO 19005-3, 6.1.9). Every call gives other bytes: store
    them once. Takes 13 ms of one core, half a second the first time: never inside a transaction or on the
    event loop.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 (heavy)
    from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter  # noqa: PLC0415 (heavy)
    from pyhanko.sign.signers import cms_embedder, pdf_byterange  # noqa: PLC0415 (heavy)

    room = 2 * (_BESIDE_CERTIFICATES + sum(len(one) for one in _der(key)))
    placeholder = pdf_byterange.SignatureObject(
        timestamp=at,
        subfilter=SigSeedSubFilter.PADES,
        reason="Issued by the registrar; not changed since",
        bytes_reserved=room,
    )
    once = cms_embedder.SigMDPSetup(_DIGEST, certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf + b"\n"))
    steps = cms_embedder.PdfCMSEmbedder(SigFieldSpec(FIELD)).write_cms(FIELD, writer)
    next(steps)
    steps.send(cms_embedder.SigObjSetup(placeholder, once))
    prepared, out = steps.send(cms_embedder.SigIOSetup(_DIGEST))
    signed = _signer(key).async_sign(prepared.document_digest, _DIGEST, use_pades=True)
    steps.send(asyncio.run(signed))
    return Sealed(out.getvalue(), key.fingerprint, hashlib.sha256(pdf).hexdigest())


@lru_cache(maxsize=4)
def _signer(key: SealKey) -> "SimpleSigner":
    from asn1crypto import keys, x509  # noqa: PLC0415 (heavy)
    from cryptography.hazmat.primitives import serialization as forms  # noqa: PLC0415 (heavy)
    from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415 (heavy)
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415 (heavy)

    own, *chain = (x509.Certificate.load(one) for one in _der(key))
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(chain)
    private = key.private.private_bytes(forms.Encoding.DER, forms.PrivateFormat.PKCS8, forms.NoEncryption())
    return SimpleSigner(own, keys.PrivateKeyInfo.load(private), store)


def _der(key: SealKey) -> list[bytes]:
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 (heavy)

    return [one.public_bytes(Encoding.DER) for one in (key.certificate, *key.chain)]
