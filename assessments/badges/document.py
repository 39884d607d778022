"""From facts to an Open Badges 3.0 credential without its proof. Pure: the same facts give the same document.

Sets are lists even of one, nothing is null or empty, times carry their zone, and every thing is described in one place
only: a statement made twice could be taken out once without the signature noticing.
"""

import base64
from typing import Any, Final

from assessments.badges.contexts import CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS
from assessments.badges.facts import (
    AchievementFacts,
    AlignmentFacts,
    AwardFacts,
    CriterionFacts,
    EvidenceFacts,
    IssuerProfile,
    ResultFacts,
)
from assessments.badges.identity import identity_object
from assessments.badges.plain import clean_text
from assessments.badges.times import zulu

SCHEMA: Final = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"


def build_credential(issuer: IssuerProfile, achievement: AchievementFacts, award: AwardFacts) -> dict[str, Any]:
    """The credential, ready to be signed. Raises ValueError for a result about no criterion or level of the rubric."""
    return filled(
        {
            "@context": [CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS],
            "id": award.id,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": clean_text(achievement.name),
            "description": clean_text(achievement.description),
            "issuer": profile_object(issuer),
            "validFrom": zulu(award.valid_from),
            "validUntil": zulu(award.valid_until) if award.valid_until else "",
            "awardedDate": zulu(award.awarded_at),
            "credentialSubject": _subject(achievement, award),
            "evidence": [_evidence(evidence) for evidence in award.evidence],
            "credentialStatus": dict(award.status),
            "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        }
    )


def profile_object(issuer: IssuerProfile) -> dict[str, Any]:
    """The issuer as an embedded Profile; also what its address answers to machines, with a context around it."""
    return filled(
        {
            "id": issuer.id,
            "type": ["Profile"],
            "name": clean_text(issuer.name),
            "url": issuer.url,
            "description": clean_text(issuer.description),
            "email": clean_text(issuer.email),
            "image": image_object(issuer.image_url),
        }
    )


def achievement_object(achievement: AchievementFacts) -> dict[str, Any]:
    """The achievement with one ResultDescription a criterion; also what its own address answers to machines."""
    return filled(
        {
            "id": achievement.id,
            "type": ["Achievement"],
            "achievementType": "MicroCredential",
            "name": clean_text(achievement.name),
            "description": clean_text(achievement.description),
            "criteria": {"narrative": clean_text(achievement.criteria) + _credit_words(achievement.ceu_tenths)},
            "image": image_object(achievement.image_url, caption=f"Badge: {clean_text(achievement.name)}"),
            "creditsAvailable": ceu_number(achievement.ceu_tenths) if achievement.ceu_tenths else "",
            "inLanguage": achievement.language,
            "version": clean_text(achievement.version),
            "tag": [clean_text(tag) for tag in achievement.tags],
            "alignment": [_alignment(entry) for entry in achievement.alignments],
            "resultDescription": [_result_description(achievement.id, entry) for entry in achievement.rubric],
        }
    )


def image_object(url: str, *, caption: str = "") -> dict[str, Any]:
    """An Image, empty without an address."""
    return filled({"id": url, "type": "Image", "caption": caption}) if url else {}


def ceu_number(tenths: int) -> int | float:
    """Tenths of a CEU as the JSON number: 3 → 0.3, 20 → 2. Only here does a credit take a binary form, to be written.

    A quotient by ten is the nearest double, which JSON writes with its one decimal again; whole numbers stay
    integers because 2.0 and 2 have different canonical forms.
    """
    return tenths // 10 if tenths % 10 == 0 else tenths / 10


def _subject(achievement: AchievementFacts, award: AwardFacts) -> dict[str, Any]:
    return filled(
        {
            "id": award.subject_id,
            "type": ["AchievementSubject"],
            "identifier": [identity_object(email, award.salt) for email in award.emails],
            "achievement": achievement_object(achievement),
            "result": [_result(achievement, result) for result in award.results],
            "creditsEarned": ceu_number(award.ceu_tenths) if award.ceu_tenths else "",
        }
    )


def _result_description(achievement_id: str, criterion: CriterionFacts) -> dict[str, Any]:
    return {
        "id": _criterion_id(achievement_id, criterion.key),
        "type": ["ResultDescription"],
        "name": clean_text(criterion.title),
        "resultType": "RubricCriterionLevel",
        "requiredLevel": _level_id(achievement_id, criterion.key, criterion.required_level),
        "rubricCriterionLevel": [
            filled(
                {
                    "id": _level_id(achievement_id, criterion.key, level.key),
                    "type": ["RubricCriterionLevel"],
                    "name": clean_text(level.title),
                    "description": clean_text(level.descriptor),
                    "level": str(place),
                }
            )
            for place, level in enumerate(criterion.levels, start=1)
        ],
    }


def _result(achievement: AchievementFacts, result: ResultFacts) -> dict[str, Any]:
    criterion = next((entry for entry in achievement.rubric if entry.key == result.criterion), None)
    if criterion is None or result.level not in {level.key for level in criterion.levels}:
        raise ValueError(f"No criterion {result.criterion!r} with a level {result.level!r} is in the achievement.")
    return {
        "type": ["Result"],
        "resultDescription": _criterion_id(achievement.id, criterion.key),
        "achievedLevel": _level_id(achievement.id, criterion.key, result.level),
    }


def _alignment(alignment: AlignmentFacts) -> dict[str, Any]:
    return filled(
        {
            "type": ["Alignment"],
            "targetName": clean_text(alignment.name),
            "targetUrl": alignment.url,
            "targetCode": clean_text(alignment.code),
            "targetFramework": clean_text(alignment.framework),
            "targetDescription": clean_text(alignment.description),
            "targetType": "ext:Skill",
        }
    )


def _evidence(evidence: EvidenceFacts) -> dict[str, Any]:
    digest = base64.b64encode(bytes.fromhex(evidence.sha256)).decode("ascii")
    return filled(
        {
            "id": evidence.url,
            "type": ["Evidence"],
            "name": clean_text(evidence.name),
            "narrative": clean_text(evidence.narrative),
            "digestSRI": f"sha256-{digest}" if digest else "",
        }
    )


def _criterion_id(achievement_id: str, key: str) -> str:
    return f"{achievement_id}#{key}"


def _level_id(achievement_id: str, criterion: str, level: str) -> str:
    return f"{achievement_id}#{criterion}/{level}"


def _credit_words(tenths: int) -> str:
    if not tenths:
        return ""
    return f"\n\nCredit: {tenths // 10}.{tenths % 10} CEU (1 CEU = 10 contact hours)."


def filled(members: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty; every member here is a text, a number above 0, a list or an object."""
    return {name: value for name, value in members.items() if value not in ("", [], {})}
