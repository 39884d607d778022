import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.badges.canonical import canonical_quads
from assessments.badges.document import build_credential, ceu_number
from assessments.badges.facts import CriterionFacts, EvidenceFacts, IssuerProfile, LevelFacts, ResultFacts
from assessments.badges.identity import identity_hash
from assessments.badges.plain import plain_copy
from tests.assessments.badges import factory

ACHIEVEMENT = "https://learn.example/achievements/reliable-services-1"


def test_contexts_types_and_ids() -> None:
    document = factory.document()
    assert document["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
    ]
    assert document["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert document["id"] == "https://learn.example/badges/7c2f9d1e"
    assert document["issuer"] == {
        "id": "did:web:learn.example",
        "type": ["Profile"],
        "name": "Harbour Institute",
        "url": "https://learn.example",
        "email": "registrar@learn.example",
    }
    assert "credentialStatus" not in document
    assert "proof" not in document


def test_times_carry_their_zone_and_keep_the_day_of_the_award() -> None:
    document = factory.document(valid_from=datetime(2027, 1, 5, tzinfo=UTC))
    assert (document["awardedDate"], document["validFrom"], document["validUntil"]) == (
        "2026-12-07T09:00:00Z",
        "2027-01-05T00:00:00Z",
        "2029-12-07T09:00:00Z",
    )


def test_badge_without_end_has_none() -> None:
    assert "validUntil" not in factory.document(valid_until=None)


def test_one_result_description_and_result_for_each_criterion() -> None:
    subject = factory.document()["credentialSubject"]
    method = subject["achievement"]["resultDescription"][0]
    assert method["id"] == f"{ACHIEVEMENT}#capacity-note.method"
    assert method["requiredLevel"] == f"{ACHIEVEMENT}#capacity-note.method/meets"
    assert [(level["name"], level["level"]) for level in method["rubricCriterionLevel"]] == [
        ("Not yet", "1"),
        ("Meets", "2"),
        ("Exceeds", "3"),
    ]
    assert subject["result"] == [
        {
            "type": ["Result"],
            "resultDescription": f"{ACHIEVEMENT}#capacity-note.method",
            "achievedLevel": f"{ACHIEVEMENT}#capacity-note.method/meets",
        },
        {
            "type": ["Result"],
            "resultDescription": f"{ACHIEVEMENT}#capacity-note.report",
            "achievedLevel": f"{ACHIEVEMENT}#capacity-note.report/exceeds",
        },
    ]


@pytest.mark.parametrize(("criterion", "level"), [("other", "meets"), ("capacity-note.method", "superb")])
def test_result_outside_the_rubric_is_refused(criterion: str, level: str) -> None:
    with pytest.raises(ValueError, match="is in the achievement"):
        factory.document(results=(ResultFacts(criterion=criterion, level=level),))


def test_evidence_carries_its_digest_and_an_address_only_with_consent() -> None:
    private, public = factory.document()["evidence"]
    assert private == {
        "type": ["Evidence"],
        "name": "Capacity note",
        "narrative": "A note of three pages, judged in week 2.",
        "digestSRI": "sha256-q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=",
    }
    assert public["id"] == "https://learn.example/evidence/5"


def test_what_is_no_file_has_an_address_instead_of_a_digest() -> None:
    assert factory.whole()["evidence"][-1] == {
        "id": "https://learn.example/badges/part",
        "type": ["Evidence"],
        "name": "Badge: Part",
        "narrative": "A part of this one.",
    }


def test_outside_skills_are_alignments_of_the_achievement() -> None:
    full, short = factory.whole()["credentialSubject"]["achievement"]["alignment"]
    assert full == {
        "type": ["Alignment"],
        "targetName": "analyse system performance",
        "targetUrl": "http://data.europa.eu/esco/skill/0001",
        "targetCode": "S1.2",
        "targetFramework": "ESCO 1.2",
        "targetDescription": "Judge how a system behaves under load.",
        "targetType": "ext:Skill",
    }
    assert set(short) == {"type", "targetName", "targetUrl", "targetType"}


def test_a_badge_is_made_out_to_each_address_once() -> None:
    document = factory.whole()
    assert [entry["identityHash"] for entry in document["credentialSubject"]["identifier"]] == [
        identity_hash("ada@engineer.example", "9f0c2d5be1a74c33"),
        identity_hash("ada@home.example", "9f0c2d5be1a74c33"),
    ]
    assert "ada@" not in json.dumps(document).lower()
    assert "home" not in repr(factory.award(further_emails=("ada@home.example",)))


def test_the_status_stands_as_it_was_given() -> None:
    assert factory.whole()["credentialStatus"] == factory.STATUS
    assert "credentialStatus" not in factory.document()


def test_every_part_is_covered_by_the_signature_and_none_is_empty() -> None:
    assert not _empty(factory.whole())
    assert len(canonical_quads(factory.whole()).splitlines()) > 80


def test_person_appears_only_as_a_hash() -> None:
    text = json.dumps(factory.document())
    assert "ada@" not in text
    assert "mailto:" not in text
    assert "ada@" not in repr(factory.award())


def test_credit_is_said_in_words_with_its_unit() -> None:
    narrative = factory.document()["credentialSubject"]["achievement"]["criteria"]["narrative"]
    assert narrative.endswith("\n\nCredit: 2.4 CEU (1 CEU = 10 contact hours).")


def test_course_without_credit_names_none() -> None:
    document = build_credential(factory.issuer(), factory.achievement(ceu_tenths=0), factory.award(ceu_tenths=0))
    assert "credit" not in json.dumps(document).lower().replace("credential", "").replace("accredit", "")


@given(st.integers(min_value=0, max_value=100_000))
def test_ceu_is_written_exactly(tenths: int) -> None:
    whole, tenth = divmod(tenths, 10)
    assert json.dumps(ceu_number(tenths)) == (f"{whole}.{tenth}" if tenth else f"{whole}")


def _empty(value: Any) -> bool:
    if isinstance(value, dict):
        return not value or any(_empty(part) for part in value.values())
    if isinstance(value, list):
        return not value or any(_empty(part) for part in value)
    return value is None or value == ""


def test_least_badge_has_nothing_empty() -> None:
    achievement = factory.achievement(rubric=(), tags=(), language="", version="", ceu_tenths=0)
    least = build_credential(
        IssuerProfile(id="did:web:x.example", name="X", url="https://x.example"),
        achievement,
        factory.award(results=(), evidence=(), ceu_tenths=0, valid_until=None),
    )
    assert not _empty(least)
    assert "evidence" not in least


def test_control_characters_never_reach_the_badge() -> None:
    achievement = factory.achievement(description="one\x00\ttwo\r\nthree\x1f")
    document = build_credential(factory.issuer(), achievement, factory.award())
    assert document["description"] == "one two\nthree"
    assert plain_copy(document) == document


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_until": datetime(2026, 12, 7, 9, 0, tzinfo=UTC)},
        {"id": "badges/1"},
        {"subject_id": ""},
        {"email": "  "},
        {"salt": ""},
        {"ceu_tenths": -1},
        {"results": (ResultFacts(criterion="a", level="b"), ResultFacts(criterion="a", level="c"))},
    ],
)
def test_wrong_award_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        factory.award(**changes)


@pytest.mark.parametrize(
    "changes",
    [{"name": "\x00 "}, {"description": ""}, {"criteria": ""}, {"id": "x"}, {"image_url": "x.png"}, {"ceu_tenths": -1}],
)
def test_wrong_achievement_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        factory.achievement(**changes)


def test_rubric_with_the_same_key_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="same key"):
        factory.achievement(rubric=(factory.criterion("a"), factory.criterion("a")))


def test_criterion_needs_its_required_level_and_different_keys() -> None:
    level = LevelFacts(key="meets", title="Meets", descriptor="")
    for levels, required in (((level,), "exceeds"), ((level, level), "meets"), ((), "meets")):
        with pytest.raises(ValueError, match="different keys"):
            CriterionFacts(key="a", title="A", levels=levels, required_level=required)


@pytest.mark.parametrize("sha256", ["", "AB" * 32, "ab" * 31, "zz" * 32])
def test_evidence_needs_a_real_digest(sha256: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        EvidenceFacts(name="a", narrative="b", sha256=sha256)


def test_naive_time_is_refused() -> None:
    later = datetime.now(UTC) + timedelta(days=1)
    with pytest.raises(ValueError, match="zone"):
        factory.document(awarded_at=later.replace(tzinfo=None))


def test_the_documentation_names_every_field() -> None:
    text = (Path(__file__).parents[3] / "docs" / "badges.md").read_text("utf-8")
    told = set(re.findall(r"^\| `([@\w.]+)` \|", text, re.MULTILINE))
    signed = factory.signed().credential | factory.whole()
    assert {name for name in told if "." not in name} == set(signed) - {"credentialSubject"}
    subject = {name.split(".")[1] for name in told if name.startswith("credentialSubject.")}
    assert subject == set(signed["credentialSubject"]) - {"type"}
