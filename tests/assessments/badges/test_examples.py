"""The official examples, each with the verdict it must get: as it is, and if we knew the key that it names."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assessments.badges.checks import Issuers, Outcome, Report, Verdict, check_credential
from assessments.badges.jwt import claimed
from assessments.badges.jwt_checks import check_jwt
from assessments.badges.multikey import parse_multibase
from assessments.badges.proof import issuer_id
from assessments.verify.looking import Given, Kind, given_file

FILES = Path(__file__).parent / "examples"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
UNKNOWN, NO_BADGE, VALID, ALTERED = Verdict.ISSUER_UNKNOWN, Verdict.NOT_A_BADGE, Verdict.VALID, Verdict.ALTERED
OLD, NO_LIST = "does not begin with the vocabulary of credentials (version 2)", "it names no status list"
NO_OB, CHANGED, KIND = "not an Open Badge 3.0", "Something was changed", "Its proof is not of the kind eddsa-rdfc-2022."

# File, its verdict, that if its issuer's key were known, and a part of what is said then.
EXAMPLES = [
    ("clr20-simple.json", NO_BADGE, NO_BADGE, NO_OB),
    ("clr20-simple.jwt", NO_BADGE, NO_BADGE, "wraps the badge into a claim “vc”"),
    ("edu-ref-full_ex.json", NO_BADGE, NO_BADGE, "It carries no proof."),
    ("ob20-basic-assertion.json", NO_BADGE, NO_BADGE, "It is an Open Badge 2.0"),
    ("ob30-bit-string-list_credential-status-revoked.json", UNKNOWN, VALID, "its status list is at https://raw.github"),
    ("ob30-bit-string-list_testlist", NO_BADGE, NO_BADGE, NO_OB),
    ("ob30-complete.json", UNKNOWN, VALID, "its status list is at https://1edtech.edu/credentials/3732/revocations"),
    ("ob30-credential-status-revoked.json", UNKNOWN, ALTERED, OLD),
    ("ob30-endorsement-valid.json", NO_BADGE, NO_BADGE, NO_OB),
    ("ob30-sd_derivedcredential.json", UNKNOWN, ALTERED, KIND),
    ("ob30-simple-did-key-method.json", UNKNOWN, ALTERED, "It names the key did:key:z6Mkj"),
    ("ob30-simple-did-web-method.json", UNKNOWN, VALID, NO_LIST),
    ("ob30-simple-eddsa-2022.json", UNKNOWN, ALTERED, OLD),
    ("ob30-simple-err-expired.json", UNKNOWN, Verdict.EXPIRED, "It held until Friday 1 January 2010, 00:00 UTC."),
    ("ob30-simple-err-issuer-type.json", UNKNOWN, ALTERED, "“InvalidProfile” is neither a known type"),
    ("ob30-simple-err-proof-value.json", UNKNOWN, ALTERED, CHANGED),
    ("ob30-simple-json.png", UNKNOWN, VALID, NO_LIST),
    ("ob30-simple-json.svg", UNKNOWN, VALID, NO_LIST),
    ("ob30-simple-jwt.png", UNKNOWN, ALTERED, "Its header names jwk"),
    ("ob30-simple-jwt.svg", UNKNOWN, ALTERED, "Its header names jwk"),
    ("ob30-simple-noproof.json", NO_BADGE, NO_BADGE, "It does not say what was achieved."),
    ("ob30-simple.json", UNKNOWN, VALID, NO_LIST),
    ("ob30-simple.jwt", NO_BADGE, NO_BADGE, "wraps the badge into a claim “vc”"),
]


def _check(given: Given, issuers: Issuers) -> Report:
    if given.kind is Kind.TOKEN:
        return check_jwt(given.token, issuers={issuer: {} for issuer in issuers}, now=NOW)
    return check_credential(given.content, issuers=issuers, now=NOW)


def _named_key(credential: Any) -> Issuers:
    """What the example's issuer would be known by: the key that its proof names."""
    proof = credential.get("proof")
    first = proof[0] if isinstance(proof, list) else proof or {}
    try:
        keys = (parse_multibase(first["verificationMethod"].rpartition("#")[2].rpartition(":")[2]),)
    except (KeyError, ValueError):
        return {issuer_id(credential): ()}
    return {issuer_id(credential): keys}


def test_every_example_has_its_verdict() -> None:
    assert [name for name, *_ in EXAMPLES] == sorted(path.name for path in FILES.iterdir())


@pytest.mark.parametrize(("name", "verdict", "with_key", "said"), EXAMPLES, ids=[row[0] for row in EXAMPLES])
def test_an_official_example_gets_its_verdict(name: str, verdict: Verdict, with_key: Verdict, said: str) -> None:
    given = given_file((FILES / name).read_bytes())
    assert _check(given, {}).verdict is verdict
    known = _check(given, _named_key(given.credential or claimed(given.token)))
    assert known.verdict is with_key
    assert said in " ".join(check.detail for check in known.checks if check.outcome is not Outcome.PASSED)
