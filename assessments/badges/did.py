"""The issuer's DID document (did:web): every key it ever signed with, and which of them speak for it."""

from typing import Any, Final

from assessments.badges.keys import KeyRing
from assessments.badges.keys.published import AnyPublicKey
from assessments.badges.multikey import PublicKey, did_web
from assessments.badges.times import zulu

DID_CONTEXTS: Final = (
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
)


def did_document(base_url: str, ring: KeyRing) -> dict[str, Any]:
    """What `did.json` says at that address. A revoked key stays in it, marked, and may assert nothing any more."""
    did = did_web(base_url)
    return {
        "@context": list(DID_CONTEXTS),
        "id": did,
        "verificationMethod": [_method(did, key, ring) for key in ring.published],
        "assertionMethod": [_id(did, key) for key in ring.published if key.key_id not in ring.revocations],
    }


def _method(did: str, key: AnyPublicKey, ring: KeyRing) -> dict[str, Any]:
    revoked = ring.revocations.get(key.key_id)
    return {
        "id": _id(did, key),
        "type": "Multikey" if isinstance(key, PublicKey) else "JsonWebKey",
        "controller": did,
        **({"revoked": zulu(revoked.at)} if revoked else {}),
        **_material(key),
    }


def _material(key: AnyPublicKey) -> dict[str, Any]:
    if isinstance(key, PublicKey):
        return {"publicKeyMultibase": key.multibase}
    return {"publicKeyJwk": key.jwk(key.key_id)}


def _id(did: str, key: AnyPublicKey) -> str:
    return f"{did}#{key.key_id}"
