"""A believable learner record for tests."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft201909Validator, FormatChecker

from assessments.badges.addresses import issuer_profile
from assessments.badges.document import build_credential
from assessments.badges.facts import AchievementFacts
from assessments.badges.keys import KeyRing
from assessments.badges.proof import sign_credential
from assessments.clr.document import HeldBadge, Holder
from assessments.clr.signing import SignedRecord, sign_record
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.models import DocumentKind
from fourweek.settings import Settings
from tests.assessments.badges import factory as badge
from tests.assessments.transcripts.factory import course, snapshot

HERE = Path(__file__).parent
HOLDER = Holder(emails=("ada@engineer.example", "Ada@Home.example"), salt="9f0c2d5be1a74c33")


def record_snapshot(courses: int = 2, **changes: Any) -> TranscriptSnapshot:
    """The snapshot behind a learner record of some courses."""
    plain = snapshot([one for index in range(courses) for one in course(index)], kind=DocumentKind.CLR)
    return replace(plain, document=replace(plain.document, number="L-2026-000007"), **changes)


def held_badge(keys: KeyRing, settings: Settings, number: int = 1, rubric: int = 2) -> HeldBadge:
    """A signed badge of the first course, with a rubric of some criteria."""
    address = f"{settings.public_url}/achievements/{number}"
    achievement: AchievementFacts = badge.achievement(
        id=address,
        image_url=f"{address}/picture.png",
        rubric=tuple(badge.criterion(f"note-{place}.method") for place in range(rubric)),
    )
    award = badge.award(
        id=f"{settings.public_url}/badges/{number}",
        subject_id=f"urn:uuid:0c7a52f4-7a1f-4b3c-9d38-{number:012d}",
        results=(),
        valid_from=badge.SIGNED_AT.replace(year=2025),
        valid_until=None,
    )
    unsigned = build_credential(issuer_profile(settings), achievement, award)
    return HeldBadge(
        credential=sign_credential(unsigned, keys.signing, created=badge.SIGNED_AT), course_code="reliable-services"
    )


def signed_record(keys: KeyRing, settings: Settings, **changes: Any) -> SignedRecord:
    """A record of two courses with one badge."""
    badges = [held_badge(keys, settings)]
    return sign_record(record_snapshot(), HOLDER, badges, keys, settings, **({"partial": False} | changes))


@cache
def official_schema() -> Draft201909Validator:
    """1EdTech's own schema of a ClrCredential."""
    found = json.loads((HERE / "schemas" / "clr_v2p0_clrcredential_schema.json").read_text("utf-8"))
    found["$schema"] = found["$schema"].removesuffix("#")
    return Draft201909Validator(found, format_checker=FormatChecker())
