"""Badges of other issuers: whose key is their id can be checked, all others are said to need one."""

import copy
from typing import Any

import pytest

from assessments.badges.checks import Outcome, Report, Step, Verdict, check_credential
from assessments.badges.did_key import key_in_did
from assessments.badges.keys import SigningKey
from assessments.badges.proof import sign_credential
from tests.assessments.badges import factory
from tests.keys import shared_signing_key

KEY = shared_signing_key()
DID = f"did:key:{KEY.public.multibase}"


def _signed(key: SigningKey = KEY, issuer: str = DID, **changes: Any) -> dict[str, Any]:
    document = factory.document() | changes
    document["issuer"] = {**document["issuer"], "id": issuer}
    return sign_credential(document, key, created=factory.SIGNED_AT)


BADGE = _signed()


def _check(credential: dict[str, Any]) -> Report:
    return check_credential(credential, issuers={}, now=factory.WHILE_VALID)


def _detail(report: Report, step: Step) -> str:
    return next(check.detail for check in report.checks if check.step is step)


def test_a_badge_whose_issuer_is_its_key_holds_and_is_not_ours() -> None:
    report = _check(BADGE)
    assert (report.verdict, report.ours, report.issuer_id) == (Verdict.VALID, False, DID)
    assert {check.step for check in report.checks if check.outcome is Outcome.NOT_RUN} == {Step.STATUS, Step.NEWEST}


def test_its_status_list_is_named_and_not_fetched() -> None:
    status = {"id": "https://x.example/status/3#9", "type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
    status |= {"statusListIndex": "9", "statusListCredential": "https://x.example/status/3"}
    report = _check(_signed(credentialStatus=status))
    assert report.verdict is Verdict.VALID
    assert _detail(report, Step.STATUS) == (
        "Nothing is fetched for a check; its status list is at https://x.example/status/3."
    )


def test_a_changed_claim_is_noticed() -> None:
    changed = copy.deepcopy(BADGE)
    changed["credentialSubject"]["achievement"]["name"] = "Other"
    assert _check(changed).verdict is Verdict.ALTERED


def test_a_key_that_is_not_the_issuer_does_not_speak_for_it() -> None:
    other = factory.signed().key
    forged = _signed(other)
    assert _check(forged).verdict is Verdict.ALTERED
    assert _detail(_check(forged), Step.ISSUER_KEY).endswith(f"which is none that we know of {DID}.")
    forged["proof"][0]["verificationMethod"] = BADGE["proof"][0]["verificationMethod"]
    assert _check(forged).verdict is Verdict.ALTERED
    borrowed = _signed(KEY, "urn:uuid:6f2e33e5-7a29-4155-840a-59483ba10164")
    borrowed["proof"][0]["verificationMethod"] = f"{DID}#{KEY.public.multibase}"
    assert _check(borrowed).verdict is Verdict.ISSUER_UNKNOWN


def test_an_issuer_without_a_key_in_its_id_needs_one_and_it_is_named() -> None:
    report = _check(_signed(issuer="https://x.example/issuer"))
    assert report.verdict is Verdict.ISSUER_UNKNOWN
    assert _detail(report, Step.ISSUER_KEY) == (
        "We know no key of https://x.example/issuer. To check it, one needs "
        f"https://x.example/issuer#{KEY.public.multibase} from there."
    )


def test_what_is_not_looked_at_here_is_not_called_altered() -> None:
    """A context that is not pinned, or a proof of another kind, says nothing against another issuer's badge."""
    other_words = {**BADGE, "@context": [*BADGE["@context"], "https://w3id.org/security/data-integrity/v2"]}
    other_kind = copy.deepcopy(BADGE)
    other_kind["proof"][0]["cryptosuite"] = "ecdsa-sd-2023"
    for credential in (other_words, other_kind):
        assert _check(credential).verdict is Verdict.CANNOT_CHECK
        issuers = {DID: (KEY.public,)}
        known = check_credential(credential, issuers=issuers, now=factory.WHILE_VALID)
        assert known.verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    "issuer",
    [
        "did:key:",
        "did:key:z",
        f"{DID}x",
        f"{DID}#{KEY.public.multibase}",
        "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
        f"did:web:{KEY.public.multibase}",
        DID.upper(),
        "did:key:z6Mk\N{SUPERSCRIPT TWO}",
    ],
    ids=range(8),
)
def test_any_other_spelling_is_no_key(issuer: str) -> None:
    assert key_in_did(issuer) == ()
