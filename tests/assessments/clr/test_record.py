"""A learner record: by the official schema and vector, signed in both ways, whole in every part, exact to the tenth."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from assessments.badges.addresses import issuer_profile, key_url
from assessments.badges.canonical import canonical_quads
from assessments.badges.checks import Verdict
from assessments.badges.jwt import read_jwt
from assessments.badges.keys import KeyRing, load_keys
from assessments.badges.multikey import parse_multibase
from assessments.badges.plain import MAX_RECORD_BYTES, read_json
from assessments.badges.proof import holds
from assessments.clr.checking import RecordReport, check_record, check_record_jwt, credentials_in
from assessments.clr.document import HeldBadge
from assessments.clr.signing import SignedRecord, sign_record
from fourweek.errors import Conflict
from fourweek.settings import Settings
from tests.assessments.badges.test_schema import STRICT, validator
from tests.assessments.clr import factory
from tests.assessments.clr.factory import HERE, HOLDER, official_schema, record_snapshot
from tests.keys import put_jwt_key

NOW = record_snapshot().issued_at + timedelta(days=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    put_jwt_key(tmp_path)
    return Settings(home=tmp_path, base_url="https://learn.harbour.example")


@pytest.fixture
def keys(settings: Settings) -> KeyRing:
    return load_keys(settings)


def content(signed: SignedRecord) -> dict[str, Any]:
    found: dict[str, Any] = read_json(signed.document, most=MAX_RECORD_BYTES)
    return found


def check(found: dict[str, Any], keys: KeyRing, settings: Settings) -> RecordReport:
    return check_record(found, issuers={issuer_profile(settings).id: keys.public}, now=NOW)


def vector() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / "vectors" / "clrv2p0-signed-credential.json").read_text("utf-8"))
    return found


def test_borrowed_files_are_unmodified_and_all_listed() -> None:
    lines = (HERE / "SOURCES.md").read_text("utf-8").splitlines()
    stated = {row[0]: row[3] for line in lines if " at " in line for row in [line.strip("| ").split(" | ")]}
    found = [path for folder in ("vectors", "schemas") for path in HERE.glob(f"{folder}/*")]
    assert {str(path.relative_to(HERE)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found} == stated


def test_the_official_vector_canonicalises_and_holds() -> None:
    found = vector()
    document = {name: value for name, value in found.items() if name != "proof"}
    assert canonical_quads(document) == (HERE / "vectors" / "clrv2p0-document-canon.txt").read_bytes()
    (proof,) = found["proof"]
    key = parse_multibase(proof["verificationMethod"].split("#")[1])
    assert holds(found, proof, key)
    issuers = {"https://example.edu/issuers/565049": (key,)}
    report = check_record(found, issuers=issuers, now=NOW)
    assert (report.whole.verdict, [one.verdict for one in report.inside]) == (Verdict.VALID, [Verdict.VALID])


def test_a_record_is_valid_by_the_official_schemas(keys: KeyRing, settings: Settings) -> None:
    signed = factory.signed_record(keys, settings)
    for found in (content(signed), read_jwt(signed.jwt).credential):
        assert [error.message for error in official_schema().iter_errors(found)] == []
        for inside in credentials_in(found):
            assert [error.message for error in validator(STRICT).iter_errors(inside)] == []
    wrong = content(signed)
    wrong["credentialSubject"]["association"][0]["associationType"] = "isFriendOf"
    assert not official_schema().is_valid(wrong)


def test_the_record_holds_the_badge_as_it_was_signed_and_a_credential_for_each_course(
    keys: KeyRing, settings: Settings
) -> None:
    badge = factory.held_badge(keys, settings)
    found = content(sign_record(record_snapshot(), HOLDER, [badge], keys, settings, partial=False))
    first, second, last = credentials_in(found)
    assert last == badge.credential
    assert [one["credentialSubject"]["achievement"]["name"] for one in (first, second)] == [
        "Running a Reliable Service",
        "Clear Technical Writing",
    ]
    assert found["id"] == record_snapshot().document.verify_url
    assert "partial" not in found
    (related,) = found["credentialSubject"]["association"]
    assert (related["sourceId"], related["targetId"]) == (
        first["credentialSubject"]["achievement"]["id"],
        badge.credential["credentialSubject"]["achievement"]["id"],
    )
    names = [one for one in found["credentialSubject"]["identifier"] if not one["hashed"]]
    assert [(one["identityType"], one["identityHash"]) for one in names] == [("name", "Amara Okonkwo-Lindqvist")]
    assert "engineer.example" not in json.dumps(found)


def test_credit_is_exact_and_written_as_it_is_on_a_transcript(keys: KeyRing, settings: Settings) -> None:
    signed = factory.signed_record(keys, settings)
    first = credentials_in(content(signed))[0]["credentialSubject"]
    titles = {one["id"]: one["name"] for one in first["achievement"]["resultDescription"]}
    values = {titles[one["resultDescription"]]: one["value"] for one in first["result"]}
    assert first["creditsEarned"] == 1
    assert values["Counted minutes"] == "600"
    assert values["Continuing education units (CEU)"] == "1.0"
    assert values["Module 1, Say what reliable means, completed on 2024-10-16"] == "150 counted minutes, 0.3 CEU"
    assert b'"creditsEarned": 1\n' in signed.document or b'"creditsEarned": 1,' in signed.document


def test_both_forms_hold_under_our_keys(keys: KeyRing, settings: Settings) -> None:
    signed = factory.signed_record(keys, settings, partial=True)
    issuer, token = issuer_profile(settings), keys.jwt.public
    embedded = check(content(signed), keys, settings)
    tokens = {issuer.id: {key_url(issuer.url, token.key_id): token}}
    as_token = check_record_jwt(signed.jwt, tokens=tokens, issuers={issuer.id: keys.public}, now=NOW)
    for report in (embedded, as_token):
        assert (report.whole.verdict, report.whole.ours) == (Verdict.VALID, True)
        assert [one.verdict for one in report.inside] == [Verdict.VALID] * 3
        shape = report.whole.checks[0]
        assert (shape.title, shape.detail) == ("It is a learner record (CLR 2.0)", "It holds 3 credentials.")
    assert content(signed)["partial"] is True


def _other_name(found: dict[str, Any]) -> None:
    found["credentialSubject"]["identifier"][-1]["identityHash"] = "Somebody Else"


def _more_credit(found: dict[str, Any]) -> None:
    credentials_in(found)[0]["credentialSubject"]["creditsEarned"] = 9


def _left_out(found: dict[str, Any]) -> None:
    found["credentialSubject"]["verifiableCredential"].pop(0)


def _said_twice_once(found: dict[str, Any]) -> None:
    """The same statement stands in the whole too, so that only the credential's own proof covers it here."""
    del credentials_in(found)[1]["issuer"]["name"]


def _no_proof_inside(found: dict[str, Any]) -> None:
    del credentials_in(found)[2]["proof"]


@pytest.mark.parametrize("change", [_other_name, _more_credit, _left_out, _said_twice_once, _no_proof_inside])
def test_any_change_is_found(change: Callable[[dict[str, Any]], None], keys: KeyRing, settings: Settings) -> None:
    found = content(factory.signed_record(keys, settings))
    change(found)
    assert check(found, keys, settings).whole.verdict is Verdict.ALTERED


def test_what_is_inside_is_not_worked_through_unless_the_whole_is_genuine(keys: KeyRing, settings: Settings) -> None:
    found = content(factory.signed_record(keys, settings))
    stranger = check_record(found, issuers={}, now=NOW)
    assert (stranger.whole.verdict, stranger.inside) == (Verdict.ISSUER_UNKNOWN, ())
    _other_name(found)
    assert check(found, keys, settings).inside == ()


@pytest.mark.parametrize(
    "odd",
    [
        None,
        [],
        {"type": ["VerifiableCredential", "OpenBadgeCredential"]},
        {"type": ["VerifiableCredential", "ClrCredential"], "issuer": "did:web:x"},
        {"type": ["VerifiableCredential", "ClrCredential"], "credentialSubject": {"verifiableCredential": [1]}},
        {"type": ["VerifiableCredential", "ClrCredential"], "credentialSubject": {"verifiableCredential": [{}]}},
    ],
)
def test_what_is_no_record_is_called_so(odd: object, keys: KeyRing, settings: Settings) -> None:
    report = check_record(odd, issuers={issuer_profile(settings).id: keys.public}, now=NOW)
    assert (report.whole.verdict, report.inside) == (Verdict.NOT_A_BADGE, ())


def test_a_badge_alone_is_no_record_and_a_record_no_badge(keys: KeyRing, settings: Settings) -> None:
    badge = factory.held_badge(keys, settings)
    assert check(dict(badge.credential), keys, settings).whole.verdict is Verdict.NOT_A_BADGE


def test_a_long_record_is_signed_and_one_that_nobody_could_check_is_refused(keys: KeyRing, settings: Settings) -> None:
    """Twenty badges of sixteen criteria are more than a badge may hold by far."""
    badge = factory.held_badge(keys, settings, rubric=16)

    def copies(count: int) -> list[HeldBadge]:
        return [HeldBadge(credential={**badge.credential, "id": f"urn:badge:{place}"}) for place in range(count)]

    with pytest.raises(Conflict, match="too large"):
        sign_record(record_snapshot(), HOLDER, copies(120), keys, settings, partial=False)
    many = [factory.held_badge(keys, settings, number=place) for place in range(1, 21)]
    signed = sign_record(record_snapshot(3), HOLDER, many, keys, settings, partial=False)
    assert len(credentials_in(content(signed))) == 23
