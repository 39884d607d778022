"""The embedded proof eddsa-rdfc-2022 (W3C Data Integrity EdDSA Cryptosuites 1.0): making one and checking one."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import base58

from assessments.badges.keys import SigningKey
from assessments.badges.multikey import PublicKey
from assessments.badges.sentences import Sentence
from assessments.badges.times import zulu
from fourweek.language import N_

CRYPTOSUITE: Final = "eddsa-rdfc-2022"
MAX_PROOFS: Final = 4
_SIGNATURE_BYTES = 64
_MOST_SIGNS = 100  # a signature takes 89; the time that base58 takes grows with the square of the length


class ProofError(ValueError):
    """A proof that is missing or of another kind or form than ours; says so in a sentence."""


def issuer_id(credential: dict[str, Any]) -> str:
    """The id of the issuer, which may be embedded or only named; "" if there is none."""
    issuer = credential.get("issuer")
    found = issuer.get("id") if isinstance(issuer, dict) else issuer
    return found if isinstance(found, str) else ""


def sign_credential(document: dict[str, Any], key: SigningKey, *, created: datetime) -> dict[str, Any]:
    """The document with its proof added, as a list of one. The key is named under the document's own issuer.

    Raises ProofError if there is a proof already or no issuer, and what `canonical_quads` raises.
    """
    issuer = issuer_id(document)
    if "proof" in document or not issuer:
        raise ProofError(N_("Only a document that names its issuer and has no proof yet can be signed."))
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": zulu(created),
        "verificationMethod": key.public.method_id(issuer),
        "proofPurpose": "assertionMethod",
    }
    signature = key.sign(_signed_hash(document, options))
    value = "z" + base58.b58encode(signature).decode("ascii")
    return {**document, "proof": [{**options, "proofValue": value}]}


def our_kind_of_proofs(credential: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """The eddsa-rdfc-2022 proofs of a credential. Raises ProofError for none, too many or no object."""
    proof = credential.get("proof")
    proofs = proof if isinstance(proof, list) else [proof]
    found = [entry for entry in proofs if isinstance(entry, dict)]
    if not found or len(found) != len(proofs):
        raise ProofError(N_("It carries no proof."))
    ours = tuple(entry for entry in found if entry.get("cryptosuite") == CRYPTOSUITE)
    if not ours:
        raise ProofError(Sentence(N_("Its proof is not of the kind {kind}."), kind=CRYPTOSUITE))
    if len(ours) > MAX_PROOFS:
        raise ProofError(N_("It carries more proofs than any badge needs."))
    return ours


def proof_key(proof: dict[str, Any], issuer: str, keys: Iterable[PublicKey]) -> PublicKey | None:
    """The key among the issuer's own that the proof names by its full id, or None. What a proof carries is no key."""
    named = proof.get("verificationMethod")
    return next((key for key in keys if key.method_id(issuer) == named), None)


def holds(credential: dict[str, Any], proof: dict[str, Any], key: PublicKey) -> bool:
    """Whether this key made this proof over this credential as it is now.

    Raises ProofError for a malformed proof, and what `canonical_quads` raises.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 (heavy)
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 (heavy)

    _refuse_odd_options(proof)
    signature = _signature(proof.get("proofValue"))
    document = {name: value for name, value in credential.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, _signed_hash(document, options))
    except InvalidSignature:
        return False
    return True


def _signed_hash(document: dict[str, Any], options: dict[str, Any]) -> bytes:
    """SHA-256 of the canonical proof options, then of the canonical document: 64 bytes."""
    from assessments.badges.canonical import canonical_quads  # noqa: PLC0415 (heavy)

    canonical_options = canonical_quads({"@context": document.get("@context"), **options})
    return hashlib.sha256(canonical_options).digest() + hashlib.sha256(canonical_quads(document)).digest()


def _refuse_odd_options(proof: dict[str, Any]) -> None:
    if proof.get("type") != "DataIntegrityProof":
        raise ProofError(N_("Its proof is not a DataIntegrityProof."))
    if proof.get("proofPurpose") != "assertionMethod":
        raise ProofError(N_("Its proof was made for another purpose."))
    if "@context" in proof:
        raise ProofError(N_("Its proof brings a context of its own."))


def _signature(value: object) -> bytes:
    if not isinstance(value, str) or not value.startswith("z"):
        raise ProofError(N_("Its signature is not written in base58."))
    if len(value) > _MOST_SIGNS:
        raise ProofError(N_("Its signature does not have the length of one."))
    try:
        signature = base58.b58decode(value[1:])
    except ValueError:
        raise ProofError(N_("Its signature is not written in base58.")) from None
    if len(signature) != _SIGNATURE_BYTES or "z" + base58.b58encode(signature).decode("ascii") != value:
        raise ProofError(N_("Its signature does not have the form of one."))
    return signature
