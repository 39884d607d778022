"""VC-JWT: what we sign holds, also for another library, and nothing of another kind is read."""

import base64
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jws
from joserfc.jwk import RSAKey

from assessments.badges.jwt import MAX_JWT, JwtError, jwt_holds, read_jwt, sign_jwt, wrong_claims
from tests.assessments.badges import factory

KID = "https://learn.example/issuer/keys/thumbprint"


@dataclass(frozen=True)
class Pair:
    """A key pair for tests alone."""

    private: rsa.RSAPrivateKey

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data, padding.PKCS1v15(), SHA256())

    def verifies(self, data: bytes, signature: bytes) -> bool:
        try:
            self.private.public_key().verify(signature, data, padding.PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True


@cache
def pair() -> Pair:
    return Pair(rsa.generate_private_key(public_exponent=65537, key_size=2048))


@cache
def token() -> str:
    return sign_jwt(factory.document(), pair(), KID)


def packed(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def with_header(**header: Any) -> str:
    return ".".join([packed(header), *token().split(".")[1:]])


def test_the_payload_is_the_credential_and_claims_equal_to_it() -> None:
    jwt = read_jwt(token())
    document = factory.document()
    assert jwt.header == {"alg": "RS256", "kid": KID, "typ": "JWT"}
    assert jwt.credential == document
    assert {name: jwt.payload[name] for name in ("iss", "jti", "nbf", "sub", "exp")} == {
        "iss": "did:web:learn.example",
        "jti": document["id"],
        "nbf": 1796634000,
        "sub": document["credentialSubject"]["id"],
        "exp": 1891328400,
    }
    assert wrong_claims(jwt) == ()


def test_a_badge_without_an_end_makes_no_claim_of_one() -> None:
    jwt = read_jwt(sign_jwt(factory.document(valid_until=None), pair(), KID))
    assert "exp" not in jwt.payload
    assert wrong_claims(jwt) == ()


def test_an_embedded_proof_stays_out_of_it() -> None:
    assert "proof" not in read_jwt(sign_jwt(factory.signed().credential, pair(), KID)).payload


def test_what_we_sign_holds_here_and_for_another_library() -> None:
    assert jwt_holds(read_jwt(token()), pair())
    other = RSAKey.import_key(pair().private.public_key())
    assert (
        json.loads(jws.deserialize_compact(token(), other, algorithms=["RS256"]).payload) == read_jwt(token()).payload
    )


def test_every_changed_part_breaks_it() -> None:
    header, payload, signature = token().split(".")
    changed = read_jwt(token()).payload | {"name": "Another"}
    for text in (
        ".".join([packed({"alg": "RS256", "kid": KID + "x", "typ": "JWT"}), payload, signature]),
        ".".join([header, packed(changed), signature]),
        ".".join([header, payload, packed(bytes(256))]),
    ):
        assert not jwt_holds(read_jwt(text), pair())


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "did:web:other.example"),
        ("jti", ""),
        ("nbf", 1796634001),
        ("nbf", 1796634000.0),
        ("nbf", None),
        ("sub", None),
        ("exp", 9999999999),
        ("exp", True),
    ],
)
def test_a_claim_that_differs_is_named(claim: str, value: Any) -> None:
    header, _, signature = token().split(".")
    payload = {**read_jwt(token()).payload, claim: value}
    if value is None:
        del payload[claim]
    assert wrong_claims(read_jwt(".".join([header, packed(payload), signature]))) == (claim,)


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "kid": KID, "typ": "JWT"},
        {"alg": "HS256", "kid": KID, "typ": "JWT"},
        {"alg": "EdDSA", "kid": KID, "typ": "JWT"},
        {"alg": "RS256", "typ": "JWT"},
        {"alg": "RS256", "kid": 1, "typ": "JWT"},
        {"alg": "RS256", "kid": KID, "typ": "JOSE"},
        {"alg": "RS256", "kid": KID, "jwk": {"kty": "RSA"}},
        {"alg": "RS256", "kid": KID, "jku": "https://evil.example/keys"},
        {"alg": "RS256", "kid": KID, "crit": ["b64"], "b64": False},
    ],
    ids=lambda header: "-".join(map(str, header.values()))[:40],
)
def test_another_header_is_not_read(header: dict[str, Any]) -> None:
    with pytest.raises(JwtError):
        read_jwt(with_header(**header))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b",
        "a.b.c.d",
        "é.b.c",
        token() + "=",
        token().replace(".", "..", 1),
        token()[:-1] + "!",
        ".".join([packed(b'{"alg":"RS256","alg":"RS256","kid":"k"}'), *token().split(".")[1:]]),
        ".".join([token().split(".")[0], packed(["a"]), token().split(".")[2]]),
        ".".join([*token().split(".")[:2], ""]),
        "a" * (MAX_JWT + 1),
    ],
    ids=range(11),
)
def test_what_is_no_token_is_not_read(text: str) -> None:
    with pytest.raises(JwtError):
        read_jwt(text)


def test_a_credential_that_lacks_what_the_claims_repeat_is_not_signed() -> None:
    for missing in ("id", "issuer", "validFrom"):
        document = factory.document()
        del document[missing]
        with pytest.raises(JwtError):
            sign_jwt(document, pair(), KID)
