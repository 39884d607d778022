from datetime import UTC, datetime
from pathlib import Path

import pytest

from assessments.badges.did import did_document
from assessments.badges.issuer_addresses import served_base
from assessments.badges.keys import SigningKey, load_keys
from assessments.badges.keys.turning import revoke, rotate
from fourweek.settings import Settings
from tests.keys import put_jwt_key, shared_jwt_key

DID = "did:web:learn.example%3A8443"


def test_every_key_is_named_in_full_and_a_revoked_one_asserts_nothing(tmp_path: Path) -> None:
    put_jwt_key(tmp_path)
    settings = Settings(home=tmp_path)
    first = load_keys(settings)
    rotate(settings, SigningKey)
    second = load_keys(settings)
    rotate(settings, SigningKey)
    stolen, retired, current = first.signing.public, second.signing.public, load_keys(settings).signing.public
    revoke(settings, stolen.key_id, "Stolen.", datetime(2027, 5, 3, 10, 0, tzinfo=UTC))
    rsa = shared_jwt_key().public
    document = did_document("https://learn.example:8443", load_keys(settings))
    methods = {method["id"]: method for method in document["verificationMethod"]}
    multikey = {"type": "Multikey", "controller": DID}
    assert document["@context"] == [
        "https://www.w3.org/ns/did/v1",
        "https://w3id.org/security/multikey/v1",
        "https://w3id.org/security/jwk/v1",
    ]
    assert document["id"] == DID
    assert methods == {
        f"{DID}#{rsa.key_id}": {
            "id": f"{DID}#{rsa.key_id}",
            "type": "JsonWebKey",
            "controller": DID,
            "publicKeyJwk": rsa.jwk(rsa.key_id),
        },
        f"{DID}#{stolen.key_id}": {
            "id": f"{DID}#{stolen.key_id}",
            **multikey,
            "publicKeyMultibase": stolen.multibase,
            "revoked": "2027-05-03T10:00:00Z",
        },
        **{
            f"{DID}#{key.key_id}": {"id": f"{DID}#{key.key_id}", **multikey, "publicKeyMultibase": key.multibase}
            for key in (current, retired)
        },
    }
    assert document["assertionMethod"][0] == f"{DID}#{current.key_id}"
    assert set(document["assertionMethod"]) == set(methods) - {f"{DID}#{stolen.key_id}"}


PRESENT, OLD, INSIDE = "https://school.example", "https://learn.example:8443", "https://uni.example/school/a"
BASES = (PRESENT, OLD, INSIDE)


@pytest.mark.parametrize(
    ("host", "folder", "base"),
    [
        ("school.example", "", PRESENT),
        ("LEARN.example:8443", "", OLD),
        ("learn.example", "", PRESENT),
        ("attacker.example", "", PRESENT),
        ("", "", PRESENT),
        ("uni.example", "school/a", INSIDE),
        ("uni.example", "", INSIDE),
        ("uni.example", "school", None),
        ("school.example", "school/a", None),
        ("attacker.example", "school/a", None),
    ],
)
def test_the_base_that_a_request_means_is_one_of_ours(host: str, folder: str, base: str | None) -> None:
    assert served_base(host, folder, BASES) == base
