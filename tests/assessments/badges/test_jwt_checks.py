"""What a badge comes to that arrives as a token, and every way in which one can lie."""

import base64
import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from assessments.badges.checks import IN_THE_FILE, Outcome, Report, Step, Verdict
from assessments.badges.jwt import sign_jwt
from assessments.badges.jwt_checks import JwtIssuers, check_jwt
from tests.assessments.badges import factory
from tests.keys import shared_jwt_key, shared_signing_key

THUMBPRINT = shared_jwt_key().public.key_id
KID = f"{factory.BASE}/issuer/keys/{THUMBPRINT}"
OURS: JwtIssuers = {factory.ISSUER_ID: {KID: shared_jwt_key().public}}


def _token(**changes: Any) -> str:
    return sign_jwt(factory.document() | changes, shared_jwt_key(), KID)


@cache
def _sound() -> str:
    return _token()


def _check(text: str, issuers: JwtIssuers = OURS, **more: Any) -> Report:
    return check_jwt(text, issuers=issuers, now=more.pop("now", factory.WHILE_VALID), **more)


def _failed(report: Report) -> dict[Step, str]:
    return {check.step: check.detail for check in report.checks if check.outcome is Outcome.FAILED}


def _packed(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _resigned(payload: dict[str, Any], **header: Any) -> str:
    """A token by our own key that says what one wants: what a careless issuer, or a stolen key, could make."""
    data = f"{_packed({'alg': 'RS256', 'kid': KID, 'typ': 'JWT', **header})}.{_packed(payload)}"
    signature = base64.urlsafe_b64encode(shared_jwt_key().sign(data.encode())).rstrip(b"=").decode()
    return f"{data}.{signature}"


def _payload() -> dict[str, Any]:
    part = _sound().split(".")[1]
    payload: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return payload


def test_a_sound_token_is_valid_in_every_step_that_its_text_can_tell() -> None:
    report = _check(_sound())
    assert (report.verdict, report.ours, _failed(report)) == (Verdict.VALID, True, {})
    assert {check.step for check in report.checks if check.outcome is Outcome.PASSED} == set(IN_THE_FILE)
    assert report.credential_id == factory.document()["id"]
    assert _check(f"\n{_sound()} ").verdict is Verdict.VALID


def test_its_dates_are_looked_at() -> None:
    assert _check(_sound(), now=datetime(2029, 12, 7, 9, 0, tzinfo=UTC)).verdict is Verdict.EXPIRED
    assert _check(_sound(), now=datetime(2026, 12, 7, 8, 59, tzinfo=UTC)).verdict is Verdict.NOT_YET_VALID


def test_a_revoked_key_is_said() -> None:
    since = datetime(2027, 5, 1, 8, 0, tzinfo=UTC)
    report = _check(_sound(), revoked={THUMBPRINT: since})
    assert report.verdict is Verdict.REVOKED
    assert "revoked this key on Saturday 1 May 2027, 08:00 UTC" in _failed(report)[Step.ISSUER_KEY]
    other = _check(_sound()[:-8] + "AAAAAAAA", revoked={THUMBPRINT: since})
    assert other.verdict is Verdict.ALTERED


def test_a_token_of_another_issuer_needs_a_key_that_is_named() -> None:
    report = _check(_sound(), {})
    assert (report.verdict, report.ours, _failed(report)) == (Verdict.ISSUER_UNKNOWN, False, {})
    assert any(KID in check.detail for check in report.checks if check.step is Step.ISSUER_KEY)


def test_a_key_of_ours_speaks_for_its_own_issuer_only() -> None:
    issuers: JwtIssuers = {factory.ISSUER_ID: {}, "did:web:other.example": OURS[factory.ISSUER_ID]}
    assert _check(_sound(), issuers).verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "EdDSA"},
        {"alg": "RS384"},
        {"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}},
        {"jku": "https://evil.example/keys"},
        {"x5c": ["MII"]},
        {"typ": "at+jwt"},
        {"kid": ""},
    ],
    ids=lambda header: next(iter(header)) + str(next(iter(header.values())))[:8],
)
def test_a_header_that_brings_its_own_rules_is_refused(header: dict[str, Any]) -> None:
    for token in (_resigned(_payload(), **header), _resigned(_payload(), **header).rpartition(".")[0] + "."):
        assert _check(token).verdict in (Verdict.ALTERED, Verdict.NOT_A_BADGE)
    report = _check(_resigned(_payload(), **header))
    assert (report.verdict, list(_failed(report))) == (Verdict.ALTERED, [Step.SIGNATURE])
    assert _check(_resigned(_payload(), **header), {}).verdict is Verdict.ISSUER_UNKNOWN


@pytest.mark.parametrize(
    "kid", [THUMBPRINT, KID + "x", KID.replace("learn", "evil"), f"{KID}#k", "x" * 300], ids=range(5)
)
def test_a_key_by_another_name_is_none_of_ours(kid: str) -> None:
    assert _check(_resigned(_payload(), kid=kid)).verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "did:web:evil.example"),
        ("jti", "https://learn.example/badges/other"),
        ("sub", "urn:uuid:00000000-0000-0000-0000-000000000000"),
        ("nbf", 0),
        ("nbf", 1796634000.0),
        ("exp", 9999999999),
        *((claim, None) for claim in ("iss", "jti", "sub", "nbf", "exp")),
    ],
)
def test_a_claim_that_says_something_else_than_the_badge_is_noticed(claim: str, value: Any) -> None:
    payload = _payload()
    payload[claim] = value
    if value is None:
        del payload[claim]
    report = _check(_resigned(payload))
    assert (report.verdict, list(_failed(report))) == (Verdict.ALTERED, [Step.TERMS])
    assert claim in _failed(report)[Step.TERMS]


def test_words_that_are_not_pinned_and_proofs_inside_are_refused() -> None:
    contexts = [*factory.document()["@context"], {"name": "https://evil.example/name"}]
    assert _check(_token(**{"@context": contexts})).verdict is Verdict.ALTERED
    assert _check(_resigned(_payload() | {"proof": factory.signed().credential["proof"]})).verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ({}, "three parts|JSON object|verifiable"),
        ({"vc": {"type": ["VerifiableCredential"]}}, "an earlier version"),
        ({"type": ["VerifiableCredential", "ClrCredential"]}, "not an Open Badge"),
    ],
)
def test_other_tokens_are_no_badges(payload: dict[str, Any], said: str) -> None:
    report = _check(_resigned(payload))
    assert report.verdict is Verdict.NOT_A_BADGE
    assert any(part in _failed(report)[Step.SHAPE] for part in said.split("|"))


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "eyJ.eyJ.eyJ", "ey" * 9 + "..", "\u00e9.\u00e9.\u00e9"])
def test_what_is_no_token_is_no_badge(text: str) -> None:
    assert _check(text).verdict is Verdict.NOT_A_BADGE


_LEAVES = list(factory.leaves(_payload()))


@hypothesis.settings(max_examples=60, deadline=None)
@hypothesis.given(path=st.sampled_from(_LEAVES), depth=st.integers(1, 4), value=st.none() | st.integers() | st.text())
def test_nothing_that_our_own_key_signs_makes_the_check_stumble(path: factory.Path, depth: int, value: Any) -> None:
    payload = _payload()
    factory.put(payload, path[:depth], value)
    assert _check(_resigned(payload)).verdict in Verdict


def test_an_issuer_whose_id_is_its_key_signs_no_tokens_that_are_looked_at() -> None:
    did = f"did:key:{shared_signing_key().public.multibase}"
    payload = _payload() | {"iss": did, "issuer": {"id": did, "type": ["Profile"], "name": "X"}}
    for header in ({"alg": "EdDSA", "kid": did}, {"kid": did}):
        assert _check(_resigned(payload, **header)).verdict is Verdict.CANNOT_CHECK
