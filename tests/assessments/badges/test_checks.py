from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.badges.checks import IN_THE_FILE, TITLES, Outcome, Report, Step, Verdict, check_credential
from assessments.badges.keys import new_signing_key
from assessments.badges.proof import sign_credential
from tests.assessments.badges import factory

VALID_FROM = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
VALID_UNTIL = datetime(2029, 12, 7, 9, 0, tzinfo=UTC)


def _check(badge: factory.Signed, credential: object = None, now: datetime = factory.WHILE_VALID) -> Report:
    return check_credential(credential or badge.credential, issuers=badge.issuers, now=now)


def _outcomes(report: Report) -> dict[Step, Outcome]:
    return {check.step: check.outcome for check in report.checks}


def _detail(report: Report, step: Step) -> str:
    return next(check.detail for check in report.checks if check.step is step)


def _expected(**outcomes: Outcome) -> dict[Step, Outcome]:
    """Everything that a file can tell passed, but for what is named; status and newest form only a record can tell."""
    passed = {step: Outcome.PASSED if step in IN_THE_FILE else Outcome.NOT_RUN for step in Step}
    return passed | {Step[name.upper()]: outcome for name, outcome in outcomes.items()}


def test_untouched_badge_is_valid_in_every_step() -> None:
    report = _check(factory.signed())
    assert report.verdict is Verdict.VALID
    assert _outcomes(report) == _expected()
    assert [check.step for check in report.checks] == list(Step)
    assert (report.credential_id, report.issuer_id) == ("https://learn.example/badges/7c2f9d1e", factory.ISSUER_ID)


def test_every_step_has_a_title_in_words() -> None:
    assert set(TITLES) == set(Step)
    assert [check.title for check in _check(factory.signed()).checks] == [TITLES[step] for step in Step]


def test_badge_holds_up_to_its_last_instant() -> None:
    badge, moment = factory.signed(), timedelta(microseconds=1)
    assert _check(badge, now=VALID_FROM).verdict is Verdict.VALID
    assert _check(badge, now=VALID_UNTIL - moment).verdict is Verdict.VALID
    assert _check(badge, now=VALID_UNTIL).verdict is Verdict.EXPIRED
    assert _check(badge, now=VALID_FROM - moment).verdict is Verdict.NOT_YET_VALID


def test_expired_badge_still_says_that_it_is_genuine() -> None:
    report = _check(factory.signed(), now=VALID_UNTIL)
    assert _outcomes(report) == _expected(dates=Outcome.FAILED)
    assert _detail(report, Step.DATES) == "It held until Friday 7 December 2029, 09:00 UTC."


def test_badge_without_end_never_expires() -> None:
    assert _check(factory.signed(valid_until=None), now=datetime(2999, 1, 1, tzinfo=UTC)).verdict is Verdict.VALID


def test_badge_of_a_retired_key_stays_valid() -> None:
    badge = factory.signed()
    issuers = {factory.ISSUER_ID: (new_signing_key().public, badge.key.public)}
    report = check_credential(badge.credential, issuers=issuers, now=factory.WHILE_VALID)
    assert report.verdict is Verdict.VALID


def test_a_revoked_key_proves_nothing_and_says_since_when() -> None:
    badge, since = factory.signed(), datetime(2027, 5, 1, 8, 0, tzinfo=UTC)
    revoked = {badge.key.public.multibase: since}
    report = check_credential(badge.credential, issuers=badge.issuers, now=factory.WHILE_VALID, revoked=revoked)
    assert (report.verdict, _outcomes(report)) == (Verdict.REVOKED, _expected(issuer_key=Outcome.FAILED))
    assert "revoked this key on Saturday 1 May 2027, 08:00 UTC" in _detail(report, Step.ISSUER_KEY)
    changed = badge.copy() | {"name": "Other"}
    report = check_credential(changed, issuers=badge.issuers, now=factory.WHILE_VALID, revoked=revoked)
    assert report.verdict is Verdict.ALTERED


def test_stranger_is_unknown_whatever_the_file_says_about_its_key() -> None:
    badge = factory.signed()
    report = check_credential(badge.credential, issuers={}, now=factory.WHILE_VALID)
    assert report.verdict is Verdict.ISSUER_UNKNOWN
    assert {step for step, outcome in _outcomes(report).items() if outcome is Outcome.FAILED} == set()
    assert _outcomes(report)[Step.ISSUER_KEY] is Outcome.NOT_RUN
    assert badge.key.public.multibase in _detail(report, Step.ISSUER_KEY)


def test_badge_in_our_name_by_a_key_that_is_not_ours_is_altered() -> None:
    forged, ours = factory.signed(), new_signing_key()
    report = check_credential(forged.credential, issuers={factory.ISSUER_ID: (ours.public,)}, now=factory.WHILE_VALID)
    assert report.verdict is Verdict.ALTERED
    assert _outcomes(report)[Step.ISSUER_KEY] is Outcome.FAILED


def test_forger_who_names_our_key_is_found_out() -> None:
    ours, forger = factory.signed(), new_signing_key()
    forged = sign_credential(factory.document(), forger, created=factory.SIGNED_AT)
    forged["proof"][0]["verificationMethod"] = ours.credential["proof"][0]["verificationMethod"]
    report = _check(ours, forged)
    assert report.verdict is Verdict.ALTERED
    assert _outcomes(report)[Step.SIGNATURE] is Outcome.FAILED


def test_key_of_another_known_issuer_does_not_speak_for_ours() -> None:
    badge, other = factory.signed(), factory.signed()
    issuers = {factory.ISSUER_ID: (badge.key.public,), "did:web:other.example": (other.key.public,)}
    report = check_credential(other.credential, issuers=issuers, now=factory.WHILE_VALID)
    assert report.verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    ("thing", "sentence"),
    [
        (None, "A badge is a JSON object."),
        ("text", "A badge is a JSON object."),
        ([], "A badge is a JSON object."),
        ({"type": "VerifiableCredential"}, "It does not say that it is a verifiable credential."),
        ({"type": ["VerifiableCredential", 5]}, "It is a credential, but not an Open Badge 3.0."),
        ({"type": ["VerifiableCredential", "OpenBadgeCredential"]}, "It does not say what was achieved."),
    ],
)
def test_other_files_are_no_badges(thing: object, sentence: str) -> None:
    report = check_credential(thing, issuers={}, now=factory.WHILE_VALID)
    assert report.verdict is Verdict.NOT_A_BADGE
    assert report.checks[0].detail == sentence
    assert {check.outcome for check in report.checks[1:]} == {Outcome.NOT_RUN}


@pytest.mark.parametrize(
    ("member", "sentence"), [("proof", "no proof"), ("issuer", "who issued it"), ("type", "verifiable")]
)
def test_badge_without_an_essential_part_is_none(member: str, sentence: str) -> None:
    badge = factory.signed()
    credential = badge.copy()
    del credential[member]
    report = _check(badge, credential)
    assert report.verdict is Verdict.NOT_A_BADGE
    assert sentence in report.checks[0].detail


def test_appended_context_is_named_and_nothing_is_read_under_it() -> None:
    badge = factory.signed()
    credential = badge.copy()
    credential["@context"].append({"name": "https://evil.example/name"})
    report = _check(badge, credential)
    assert report.verdict is Verdict.ALTERED
    assert _outcomes(report)[Step.CONTEXTS] is Outcome.FAILED
    assert _outcomes(report)[Step.SIGNATURE] is Outcome.NOT_RUN
    assert "a context written into the file" in report.checks[1].detail


def test_added_unsigned_term_is_named() -> None:
    badge = factory.signed()
    credential = badge.copy()
    credential["credentialSubject"]["ceuHours"] = 240
    report = _check(badge, credential)
    assert report.verdict is Verdict.ALTERED
    assert "“ceuHours”" in report.checks[2].detail


def test_proof_with_an_end_ends_the_badge() -> None:
    badge = factory.signed()
    credential = badge.copy()
    credential["proof"][0]["expires"] = "2027-01-01T00:00:00Z"
    report = _check(badge, credential)
    assert report.verdict is Verdict.ALTERED
    assert _detail(report, Step.DATES) == "It held until Friday 1 January 2027, 00:00 UTC."


def test_second_proof_of_a_stranger_spoils_the_badge() -> None:
    badge = factory.signed()
    credential = badge.copy()
    other = sign_credential(factory.document(), new_signing_key(), created=factory.SIGNED_AT)
    credential["proof"].extend(other["proof"])
    assert _check(badge, credential).verdict is Verdict.ALTERED


def test_signed_badge_with_unreadable_dates_is_none() -> None:
    key, document = new_signing_key(), factory.document()
    document["validFrom"] = "last Monday"
    badge = factory.Signed(sign_credential(document, key, created=factory.SIGNED_AT), key)
    assert _check(badge).verdict is Verdict.NOT_A_BADGE


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_BADGE = factory.signed()
_PATHS = list(factory.leaves(_BADGE.credential))


@settings(max_examples=150, deadline=None)
@given(path=st.sampled_from(_PATHS), depth=st.integers(1, 4), value=_JSON)
def test_nothing_put_into_a_badge_makes_the_check_stumble(path: factory.Path, depth: int, value: Any) -> None:
    credential = _BADGE.copy()
    place = path[:depth]
    if factory.at(credential, place) == value:
        return
    factory.put(credential, place, value)
    assert _check(_BADGE, credential).verdict is not Verdict.VALID
