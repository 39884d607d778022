import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.badges.canonical import canonical_quads
from assessments.badges.document import build_credential
from assessments.badges.facts import EvidenceFacts
from assessments.badges.keys import new_signing_key
from assessments.badges.multikey import parse_multibase
from assessments.badges.plain import read_json, write_json
from assessments.badges.proof import ProofError, holds, our_kind_of_proofs, proof_key, sign_credential
from tests.assessments.badges import factory

VECTORS = Path(__file__).parent / "vectors"


def _vector() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((VECTORS / "obv3p0-signed-credential.json").read_text("utf-8"))
    return found


def test_official_vector_document_canonicalises_to_the_official_form() -> None:
    document = {name: value for name, value in _vector().items() if name != "proof"}
    assert canonical_quads(document) == (VECTORS / "obv3p0-document-canon.txt").read_bytes()


def test_official_vector_proof_canonicalises_to_the_official_form() -> None:
    vector = _vector()
    options = {name: value for name, value in vector["proof"].items() if name != "proofValue"}
    canonical = canonical_quads({"@context": vector["@context"], **options})
    assert canonical == (VECTORS / "obv3p0-proof-canon.txt").read_bytes()


def test_official_vector_signature_holds() -> None:
    vector = _vector()
    key = parse_multibase(vector["proof"]["verificationMethod"].split("#")[1])
    assert holds(vector, vector["proof"], key)
    vector["name"] = "Teamwork badge"
    assert not holds(vector, vector["proof"], key)


def test_signed_badge_names_its_key_under_its_issuer() -> None:
    badge = factory.signed()
    (proof,) = badge.credential["proof"]
    assert proof == {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-12-07T09:00:05Z",
        "verificationMethod": f"did:web:learn.example#{badge.key.public.multibase}",
        "proofPurpose": "assertionMethod",
        "proofValue": proof["proofValue"],
    }
    assert proof_key(proof, factory.ISSUER_ID, [badge.key.public]) == badge.key.public


def test_signing_changes_nothing_else_and_is_repeatable() -> None:
    document, key = factory.document(), new_signing_key()
    first = sign_credential(document, key, created=factory.SIGNED_AT)
    assert "proof" not in document
    assert {name: value for name, value in first.items() if name != "proof"} == document
    assert sign_credential(document, key, created=factory.SIGNED_AT) == first


def test_signed_or_nameless_document_is_not_signed() -> None:
    badge = factory.signed()
    for document in (badge.credential, {"@context": [], "name": "x"}):
        with pytest.raises(ProofError, match="names its issuer"):
            sign_credential(document, badge.key, created=factory.SIGNED_AT)


def test_another_key_does_not_fit() -> None:
    badge = factory.signed()
    assert not holds(badge.credential, badge.credential["proof"][0], new_signing_key().public)


def test_key_is_found_only_under_its_own_issuer() -> None:
    badge = factory.signed()
    (proof,) = badge.credential["proof"]
    assert proof_key(proof, "did:web:other.example", [badge.key.public]) is None
    assert (
        proof_key({**proof, "verificationMethod": badge.key.public.multibase}, factory.ISSUER_ID, [badge.key.public])
        is None
    )
    assert proof_key({}, factory.ISSUER_ID, [badge.key.public]) is None


@pytest.mark.parametrize(
    ("member", "value", "sentence"),
    [
        ("type", "Ed25519Signature2020", "DataIntegrityProof"),
        ("proofPurpose", "authentication", "another purpose"),
        ("@context", ["https://www.w3.org/ns/credentials/v2"], "context of its own"),
        ("proofValue", None, "base58"),
        ("proofValue", "mAAAA", "base58"),
        ("proofValue", "z0OIl", "base58"),
        ("proofValue", "z5x9a", "form of one"),
    ],
)
def test_malformed_proof_is_refused_in_words(member: str, value: object, sentence: str) -> None:
    badge = factory.signed()
    with pytest.raises(ProofError, match=sentence):
        holds(badge.credential, {**badge.credential["proof"][0], member: value}, badge.key.public)


def test_a_long_signature_is_not_worked_out() -> None:
    """Reading base58 takes a time that grows with the square of its length."""
    badge = factory.signed()
    with pytest.raises(ProofError, match="length of one"):
        holds(badge.credential, {**badge.credential["proof"][0], "proofValue": "z" + "5" * 5000}, badge.key.public)


def test_signature_has_one_spelling_only() -> None:
    badge = factory.signed()
    (proof,) = badge.credential["proof"]
    for spelling in (proof["proofValue"] + " ", "z1" + proof["proofValue"][1:]):
        with pytest.raises(ProofError):
            holds(badge.credential, {**proof, "proofValue": spelling}, badge.key.public)


@pytest.mark.parametrize(
    "proof", [None, [], ["text"], {}, {"cryptosuite": "ecdsa-sd-2023"}, [{"cryptosuite": "eddsa-rdfc-2022"}] * 5]
)
def test_proofs_that_are_not_read_are_refused(proof: object) -> None:
    with pytest.raises(ProofError):
        our_kind_of_proofs({"proof": proof})


_TEXT = st.text(min_size=1).filter(lambda text: bool(text.strip("\x00\x1f ")))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    name=_TEXT,
    narrative=_TEXT,
    tenths=st.integers(0, 9999),
    at=st.datetimes(
        min_value=datetime(2000, 1, 1),  # noqa: DTZ001 (the zone is added)
        timezones=st.just(UTC),
    ),
)
def test_whatever_is_built_can_be_signed_stored_and_read(name: str, narrative: str, tenths: int, at: datetime) -> None:
    try:
        evidence = EvidenceFacts(name=name, narrative=narrative, sha256="0f" * 32)
        achievement = factory.achievement(name=name, description=narrative, ceu_tenths=tenths)
    except ValueError:
        return
    award = factory.award(evidence=(evidence,), valid_from=at, awarded_at=at, valid_until=None, ceu_tenths=tenths)
    key = new_signing_key()
    stored = write_json(sign_credential(build_credential(factory.issuer(), achievement, award), key, created=at))
    read = read_json(stored)
    assert holds(read, read["proof"][0], key.public)
