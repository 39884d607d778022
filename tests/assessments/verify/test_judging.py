"""The verdict on what was given, from the file, our keys and what the record knows; without any network."""

import json
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assessments.badges.checks import Verdict
from assessments.badges.jwt import sign_jwt
from assessments.badges.keys import SigningKey, load_keys
from assessments.badges.keys.turning import revoke, rotate
from assessments.badges.plain import write_json
from assessments.badges.proof import sign_credential
from assessments.verify.judging import Judged, judge
from assessments.verify.looking import Given, given_content, given_file, given_text
from assessments.verify.pages import Answer, answer
from assessments.verify.queries import Known, KnownBadge
from fourweek.settings import Settings
from tests.assessments.badges import factory
from tests.keys import put_jwt_key, shared_signing_key

SLUG = "QjiMbkHc5Ccu9jt8rPJxKc"
ID = f"{factory.BASE}/badges/{SLUG}"
AT = datetime(2027, 2, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def ours(tmp_path: Path) -> Settings:
    put_jwt_key(tmp_path)
    return Settings(home=tmp_path, base_url=factory.BASE, institution="Harbour Institute")


@pytest.fixture
def badge(ours: Settings) -> dict[str, Any]:
    return sign_credential(factory.document(id=ID), load_keys(ours).signing, created=factory.SIGNED_AT)


def _in_record(badge: dict[str, Any], **changes: Any) -> KnownBadge:
    found = KnownBadge(
        slug=SLUG,
        snapshot={},
        base_url=factory.BASE,
        form=1,
        number=1,
        signed=1,
        why=(),
        document=write_json(badge),
        shown=True,
        revoked_at=None,
        revoked_why="",
        withdrawn_at=None,
    )
    return replace(found, **changes)


def _judge(given: Given, settings: Settings, found: KnownBadge | None, email: str = "", *bases: str) -> Judged:
    return judge(given, Known(found, bases), settings, email, factory.WHILE_VALID)


def test_a_badge_of_ours_is_valid_in_every_form_it_comes_in(ours: Settings, badge: dict[str, Any]) -> None:
    token = sign_jwt(badge, load_keys(ours).jwt, f"{factory.BASE}/issuer/keys/{load_keys(ours).jwt.public.key_id}")
    for given in (given_file(write_json(badge)), given_content(badge), given_text(token), given_text(ID)):
        judged = _judge(given, ours, _in_record(badge))
        assert (judged.report.verdict, judged.report.ours) == (Verdict.VALID, True)
    assert _judge(given_text(token), ours, None).report.verdict is Verdict.UNKNOWN


def test_nothing_is_fetched(ours: Settings, badge: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(*_: Any, **__: Any) -> None:
        raise AssertionError("A check went to the network.")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, cut_off)
    examples = Path(__file__).parents[1] / "badges" / "examples"
    for data in (write_json(badge), *(path.read_bytes() for path in examples.glob("ob30-*"))):
        assert _judge(given_file(data), ours, None).report.verdict is not Verdict.VALID


def test_a_site_that_moved_knows_its_badges_of_before(ours: Settings, badge: dict[str, Any]) -> None:
    moved = ours.model_copy(update={"base_url": "https://new.example"})
    record = _in_record(badge)
    assert _judge(given_content(badge), moved, record).report.verdict is Verdict.ISSUER_UNKNOWN
    assert _judge(given_content(badge), moved, record, "", factory.BASE).report.verdict is Verdict.VALID
    elsewhere = replace(record, base_url="https://new.example")
    assert _judge(given_content(badge), moved, elsewhere, "", factory.BASE).report.verdict is Verdict.UNKNOWN


def test_a_badge_outlives_its_key_until_that_is_revoked(ours: Settings, badge: dict[str, Any]) -> None:
    record, old = _in_record(badge), load_keys(ours).signing.public.key_id
    rotate(ours, SigningKey)
    assert _judge(given_content(badge), ours, record).report.verdict is Verdict.VALID
    revoke(ours, old, "A laptop was stolen.", AT)
    assert _judge(given_content(badge), ours, record).report.verdict is Verdict.REVOKED
    said = _said(lambda found: found, ours, badge, given_content(badge))
    assert said.sentence.startswith("The key that signed it was revoked")
    anew = _in_record(badge, number=2, why=("A key was revoked.",))
    assert _judge(given_content(badge), ours, anew).report.verdict is Verdict.SUPERSEDED
    forged = given_content(badge | {"name": "Other"})
    assert _judge(forged, ours, record).report.verdict is Verdict.ALTERED


def test_a_stranger_who_borrows_our_address_gets_nothing_of_our_record(ours: Settings, badge: dict[str, Any]) -> None:
    key = shared_signing_key()
    found = Known(_in_record(badge, revoked_at=AT, revoked_why="Ours alone."))
    given = _by_its_own_key(key, id=ID, name="Elsewhere", url="https://elsewhere.example")
    judged = judge(given, found, ours, "", factory.WHILE_VALID)
    assert (judged.report.verdict, judged.report.ours) == (Verdict.UNKNOWN, False)
    said = answer(given, found, judged)
    assert (said.badge, said.facts, "Ours alone." in str(said), said.ours) == ("", (), False, False)


@pytest.mark.parametrize(
    ("claimed", "verdict"),
    [
        ({"name": "harbour  INSTITUTE"}, Verdict.UNKNOWN),
        ({"url": f"{factory.BASE}/issuer"}, Verdict.UNKNOWN),
        ({"id": f"{factory.BASE}/badges/x"}, Verdict.UNKNOWN),
        ({"name": "Harbour Institute of Elsewhere", "url": f"{factory.BASE}.evil.example"}, Verdict.VALID),
    ],
)
def test_a_stranger_who_takes_our_name_is_never_valid(
    claimed: dict[str, str], verdict: Verdict, ours: Settings
) -> None:
    """A key of its own makes a signature that fits, under any name at all."""
    said = {"id": "urn:uuid:1c2d", "name": "Elsewhere", "url": "https://elsewhere.example"} | claimed
    given = _by_its_own_key(shared_signing_key(), **said)
    judged = judge(given, Known(None), ours, "", factory.WHILE_VALID)
    found = answer(given, Known(None), judged)
    assert (judged.report.verdict, found.verdict, found.ours) == (verdict, verdict, False)
    assert ("our name" in found.sentence) is (verdict is Verdict.UNKNOWN)


def _by_its_own_key(key: SigningKey, *, id: str, **issuer: str) -> Given:  # noqa: A002 as the credential has it
    document = factory.document(id=id)
    document["issuer"] = {**document["issuer"], "id": f"did:key:{key.public.multibase}", **issuer}
    return given_content(sign_credential(document, key, created=factory.SIGNED_AT))


def test_whose_it_is_is_answered_for_what_is_genuine_only(ours: Settings, badge: dict[str, Any]) -> None:
    given, record = given_content(badge), _in_record(badge)
    for email, earned in (("ADA@engineer.example ", True), ("bob@engineer.example", False)):
        assert _judge(given, ours, record, email).earned is earned
    assert _judge(given, ours, record).earned is None
    forged = badge | {"name": "Other"}
    assert _judge(given_content(forged), ours, record, "ada@engineer.example").earned is None


def _said(change: Callable[[KnownBadge], KnownBadge], ours: Settings, badge: dict[str, Any], given: Given) -> Answer:
    found = Known(change(_in_record(badge, snapshot=_SNAPSHOT)))
    return answer(given, found, judge(given, found, ours, "", factory.WHILE_VALID))


_SNAPSHOT = {
    "holder": "Ada Brook",
    "institution": "Harbour Institute",
    "minutes": 600,
    "ceu_tenths": 10,
    "completed_on": "2026-12-07",
    "zone": "UTC",
    "evidence": [],
    "achievement": {
        "id": "a",
        "name": "Reliable Services",
        "description": "d",
        "criteria": "c",
        "course_code": "c",
        "course_title": "t",
        "course_version": "1.0",
        "language": "en",
        "skills": [],
        "minutes": 600,
        "ceu_tenths": 10,
        "rubric": [],
    },
}


@pytest.mark.parametrize(
    ("changes", "words", "sentence", "has_page"),
    [
        ({}, "Valid", "Its page says whose it is.", True),
        ({"shown": False}, "Valid", "it was not revoked.", False),
        (
            {"number": 2, "signed": 2, "why": ("The name was corrected.",)},
            "Superseded",
            "We signed it, and have stated it anew since. The name was corrected. The newer one is on its page.",
            True,
        ),
        (
            {"number": 2, "shown": False},
            "Superseded",
            "We signed it, and have stated it anew since. The newer one is being signed.",
            False,
        ),
        (
            {"renewed_at": AT},
            "Superseded",
            "whoever earned it got a newer badge for the same on Monday 1 February 2027, 09:30 UTC. "
            "This one says nothing false, and the newer one counts.",
            True,
        ),
        (
            {"revoked_at": AT, "revoked_why": "The evidence was copied."},
            "Revoked",
            "We revoked this badge on Monday 1 February 2027, 09:30 UTC and no longer stand behind it. "
            "Reason: The evidence was copied.",
            True,
        ),
        ({"withdrawn_at": AT}, "Withdrawn", "We withdrew this badge and no longer stand behind it.", False),
        ({"form": 0}, "Unknown", "it is not in our record. Do not rely on it, and tell us.", False),
    ],
)
def test_the_answer_says_what_changed_and_leads_to_the_page(
    changes: dict[str, Any], words: str, sentence: str, *, has_page: bool, ours: Settings, badge: dict[str, Any]
) -> None:
    said = _said(lambda found: replace(found, **changes), ours, badge, given_content(badge))
    assert (said.words, said.sentence.endswith(sentence), bool(said.badge)) == (words, True, has_page)
    assert "Ada" not in json.dumps([said.facts, said.sentence, [check.detail for check in said.checks]])
    shows_facts = words not in ("Withdrawn", "Unknown")
    assert (("Credit", "10.0 contact hours, 1.0 CEU") in said.facts) is shows_facts


def test_the_address_of_a_badge_gets_the_verdict_on_its_newest_form(ours: Settings, badge: dict[str, Any]) -> None:
    address = given_text(f"{ID}/credential.json")
    assert _said(lambda found: found, ours, badge, address).words == "Valid"
    assert _said(lambda found: replace(found, revoked_at=AT), ours, badge, address).words == "Revoked"
    assert _said(lambda found: replace(found, withdrawn_at=AT), ours, badge, address).words == "Withdrawn"
    hidden = _said(lambda found: replace(found, shown=False), ours, badge, address)
    assert (hidden.words, hidden.facts, hidden.badge) == ("Not shown", (), "")
