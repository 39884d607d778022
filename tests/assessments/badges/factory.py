"""Facts and signed badges for tests: nothing here is a real person or institution."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from assessments.badges.document import build_credential
from assessments.badges.facts import (
    AchievementFacts,
    AlignmentFacts,
    AwardFacts,
    CriterionFacts,
    EvidenceFacts,
    IssuerProfile,
    LevelFacts,
    ResultFacts,
)
from assessments.badges.keys import SigningKey, new_signing_key
from assessments.badges.proof import sign_credential

BASE = "https://learn.example"
ISSUER_ID = "did:web:learn.example"
SIGNED_AT = datetime(2026, 12, 7, 9, 0, 5, tzinfo=UTC)
WHILE_VALID = datetime(2027, 6, 1, tzinfo=UTC)

LEVELS = (
    LevelFacts(key="not-yet", title="Not yet", descriptor="The cause is guessed."),
    LevelFacts(key="meets", title="Meets", descriptor="The cause is shown by measurement."),
    LevelFacts(key="exceeds", title="Exceeds", descriptor="The measurement can be repeated by others."),
)


def criterion(key: str = "capacity-note.method") -> CriterionFacts:
    return CriterionFacts(key=key, title="Method", levels=LEVELS, required_level="meets")


def issuer() -> IssuerProfile:
    return IssuerProfile(id=ISSUER_ID, name="Harbour Institute", url=BASE, email="registrar@learn.example")


def achievement(**changes: Any) -> AchievementFacts:
    facts: dict[str, Any] = {
        "id": f"{BASE}/achievements/reliable-services-1",
        "name": "Reliable Services",
        "description": "Finds and shows why a service fails under load.",
        "criteria": "All four assignments demonstrated.\n\nJudged against a *public* rubric.",
        "image_url": f"{BASE}/achievements/reliable-services-1/picture.png",
        "rubric": (criterion("capacity-note.method"), criterion("capacity-note.report")),
        "tags": ("reliability", "load testing"),
        "language": "en",
        "version": "1.0",
        "ceu_tenths": 24,
    }
    return AchievementFacts(**{**facts, **changes})


def award(**changes: Any) -> AwardFacts:
    facts: dict[str, Any] = {
        "id": f"{BASE}/badges/7c2f9d1e",
        "subject_id": "urn:uuid:0c7a52f4-7a1f-4b3c-9d38-63e1b7fdf0aa",
        "email": "ada@engineer.example",
        "salt": "9f0c2d5be1a74c33",
        "awarded_at": datetime(2026, 12, 7, 9, 0, tzinfo=UTC),
        "valid_from": datetime(2026, 12, 7, 9, 0, tzinfo=UTC),
        "valid_until": datetime(2029, 12, 7, 9, 0, tzinfo=UTC),
        "results": (
            ResultFacts(criterion="capacity-note.method", level="meets"),
            ResultFacts(criterion="capacity-note.report", level="exceeds"),
        ),
        "evidence": (
            EvidenceFacts(name="Capacity note", narrative="A note of three pages, judged in week 2.", sha256="ab" * 32),
            EvidenceFacts(
                name="Load test", narrative="Scripts and results.", sha256="cd" * 32, url=f"{BASE}/evidence/5"
            ),
        ),
        "ceu_tenths": 24,
    }
    return AwardFacts(**{**facts, **changes})


def document(**award_changes: Any) -> dict[str, Any]:
    return build_credential(issuer(), achievement(), award(**award_changes))


STATUS = {
    "id": f"{BASE}/status/1#94567",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "94567",
    "statusListCredential": f"{BASE}/status/1",
}
ALIGNMENTS = (
    AlignmentFacts(
        name="analyse system performance",
        url="http://data.europa.eu/esco/skill/0001",
        code="S1.2",
        framework="ESCO 1.2",
        description="Judge how a system behaves under load.",
    ),
    AlignmentFacts(name="Load testing", url="https://skills.example/load-testing"),
)


def whole(**award_changes: Any) -> dict[str, Any]:
    """A badge with every part that one can have."""
    part = EvidenceFacts(name="Badge: Part", narrative="A part of this one.", url=f"{BASE}/badges/part")
    changes: dict[str, Any] = {
        "further_emails": ("Ada@Home.example", "ada@engineer.example "),
        "status": STATUS,
        "evidence": (*award().evidence, part),
    }
    return build_credential(issuer(), achievement(alignments=ALIGNMENTS), award(**{**changes, **award_changes}))


@dataclass(frozen=True)
class Signed:
    """A signed badge and the key that signed it."""

    credential: dict[str, Any]
    key: SigningKey = field(repr=False)

    @property
    def issuers(self) -> dict[str, tuple[Any, ...]]:
        return {ISSUER_ID: (self.key.public,)}

    def copy(self) -> dict[str, Any]:
        return copy.deepcopy(self.credential)


def signed(**award_changes: Any) -> Signed:
    key = new_signing_key()
    return Signed(sign_credential(document(**award_changes), key, created=SIGNED_AT), key)


Path = tuple[str | int, ...]


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """The path of every single value in a document."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from leaves(part, (*path, name))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from leaves(part, (*path, place))
    else:
        yield path


def at(document: Any, path: Path) -> Any:
    for step in path:
        document = document[step]
    return document


def put(document: Any, path: Path, value: Any) -> None:
    at(document, path[:-1])[path[-1]] = value
