"""The JSON of the interface, as its description shows it. Times have a zone; credit is text and never a float."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from assessments.badges.checks import Outcome, Step, Verdict

_SLUG, _SITE = "QjiMbkHc5Ccu9jt8rPJxKc", "https://learn.example"
_BADGE = f"{_SITE}/badges/{_SLUG}"
_ACHIEVEMENT = f"{_SITE}/achievements/01jd0000000000000000000000"


class Shape(BaseModel):
    """Nothing is taken or given that is not described."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def example(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [example]})


class Standing(StrEnum):
    """How an award stands in the record. `renewed`: it holds, and its earner has a newer one for the same."""

    HOLDS = "holds"
    RENEWED = "renewed"
    BEING_SIGNED = "being_signed"
    EXPIRED = "expired"
    REVOKED = "revoked"


class BadgeLinks(Shape):
    """Addresses of one badge. What is not signed yet has none."""

    page: str
    json_file: str | None = Field(description="The credential with its embedded proof.")
    jwt: str | None = Field(description="The same credential as VC-JWT.")
    png: str | None = Field(description="The picture with the credential in it.")
    svg: str | None = Field(description="The picture with the credential in it.")
    achievement: str = Field(description="What the badge says, in this interface.")
    status: str = Field(description="How it stands now, in this interface.")


class Badge(Shape):
    """A badge as its page shows it. The signed files, and not this, are what proves it."""

    model_config = example(
        {
            "id": _BADGE,
            "slug": _SLUG,
            "name": "Runs a Reliable Service",
            "description": "Runs a service that keeps its promise.",
            "holder": "Amara Okonkwo",
            "issuer": {"id": "did:web:learn.example", "name": "Harbour Institute"},
            "completed_on": "2026-12-07",
            "valid_until": None,
            "contact_hours": "10.0",
            "ceu": "1.0",
            "parts": [],
            "standing": "holds",
            "links": {
                "page": _BADGE,
                "json_file": f"{_BADGE}/credential.json",
                "jwt": f"{_BADGE}/credential.jwt",
                "png": f"{_BADGE}/badge.png",
                "svg": f"{_BADGE}/badge.svg",
                "achievement": f"{_SITE}/api/v1/achievements/01jd0000000000000000000000",
                "status": f"{_SITE}/api/v1/badges/{_SLUG}/status",
            },
        }
    )

    id: str = Field(description="The identifier of the credential; it never changes.")
    slug: str
    name: str
    description: str
    holder: str = Field(description="The holder's name, or initials if they chose so.")
    issuer: "Named"
    completed_on: date
    valid_until: datetime | None
    contact_hours: str
    ceu: str
    parts: list["Named"] = Field(description="The badges that the badge of a series is made of; else empty.")
    standing: Standing
    links: BadgeLinks


class Named(Shape):
    """An issuer by its DID, or a badge by its address, and its name."""

    id: str
    name: str


class BadgeStatus(Shape):
    """How an award stands at this moment, from the record. `form` counts how often it was stated."""

    model_config = example(
        {
            "slug": _SLUG,
            "standing": "revoked",
            "form": 2,
            "valid_until": None,
            "revoked_at": "2027-02-01T09:30:00Z",
            "reason": "The evidence was copied.",
            "status_list": f"{_SITE}/status/1",
            "status_list_index": 94567,
        }
    )

    slug: str
    standing: Standing
    form: int
    valid_until: datetime | None
    revoked_at: datetime | None
    reason: str
    status_list: str | None = Field(description="The Bitstring Status List that its signed form names.")
    status_list_index: int | None


class Level(Shape):
    key: str
    title: str
    descriptor: str


class Criterion(Shape):
    """What is looked at, its levels lowest first, and the lowest that will do."""

    key: str
    title: str
    levels: list[Level]
    required_level: str


class AchievementLinks(Shape):
    page: str
    png: str
    svg: str


class Achievement(Shape):
    """What a badge says, whoever earned it."""

    model_config = example(
        {
            "id": _ACHIEVEMENT,
            "name": "Runs a Reliable Service",
            "description": "Runs a service that keeps its promise.",
            "criteria": "Evidence for all four weeks was judged against a public rubric.",
            "course": "Reliable Services",
            "course_version": "1.0",
            "series": "",
            "language": "en",
            "skills": ["load testing"],
            "contact_hours": "10.0",
            "ceu": "1.0",
            "rubric": [
                {
                    "key": "capacity-note.method",
                    "title": "Method",
                    "levels": [
                        {"key": "not-yet", "title": "Not yet", "descriptor": "The cause is guessed."},
                        {"key": "meets", "title": "Meets", "descriptor": "The cause is measured."},
                    ],
                    "required_level": "meets",
                }
            ],
            "links": {
                "page": _ACHIEVEMENT,
                "png": f"{_ACHIEVEMENT}/picture.png",
                "svg": f"{_ACHIEVEMENT}/picture.svg",
            },
        }
    )

    id: str
    name: str
    description: str
    criteria: str
    course: str = Field(description="Its title; empty for the badge of a series.")
    course_version: str
    series: str = Field(description="The title of the series whose badge it is; empty for the badge of a course.")
    language: str
    skills: list[str]
    contact_hours: str
    ceu: str
    rubric: list[Criterion]
    links: AchievementLinks


class KeyKind(StrEnum):
    """`ed25519` keys make embedded proofs, `rsa` keys sign tokens."""

    ED25519 = "ed25519"
    RSA = "rsa"


class IssuerKey(Shape):
    """A key that signs or signed. What a revoked one signed proves nothing any more."""

    id: str = Field(description="The verificationMethod of proofs, or the `kid` of tokens.")
    kind: KeyKind
    revoked_at: datetime | None


class Issuer(Shape):
    """Who issues our badges. `also_known_as` are DIDs of addresses that this site had before."""

    model_config = example(
        {
            "id": "did:web:learn.example",
            "name": "Harbour Institute",
            "url": _SITE,
            "description": "",
            "also_known_as": ["did:web:old.example"],
            "keys": [
                {
                    "id": "did:web:learn.example#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi",
                    "kind": "ed25519",
                    "revoked_at": None,
                }
            ],
            "links": {"did": f"{_SITE}/.well-known/did.json", "page": f"{_SITE}/issuer"},
        }
    )

    id: str
    name: str
    url: str
    description: str
    also_known_as: list[str]
    keys: list[IssuerKey]
    links: "IssuerLinks"


class IssuerLinks(Shape):
    did: str
    page: str


class MyBadges(Shape):
    """One page of the badges of whoever asks, newest first. Links to other pages are in the header `Link`."""

    model_config = example({"badges": [], "page": 1, "per_page": 25, "total": 0})

    badges: list[Badge]
    page: int
    per_page: int
    total: int


class VerifyRequest(Shape):
    """What is to be checked: a credential as it is, or as text a code, an address of this site, or a VC-JWT."""

    model_config = example({"badge": "7K3M-9QX2-TB8W-4HZA", "email": "amara@engineer.example"})

    badge: dict[str, Any] | str
    email: str = Field(default="", max_length=320, description="Answers whether the badge was issued to this address.")
    last_name: str = Field(
        default="", max_length=200, description="The last name on a document whose code is given: opens its lines."
    )


class CheckResult(Shape):
    """One thing that was looked at. `not_run`: it could not be, or an earlier answer left nothing to look at."""

    step: Step
    title: str
    outcome: Outcome
    detail: str


class Fact(Shape):
    name: str
    value: str


class DocumentLine(Shape):
    """A line of a document, in the words that stand on it."""

    course: str
    module: str
    completed: str
    subject: str
    hours: str
    ceu: str
    others: str
    standing: str


class VerifyAnswer(Shape):
    """One verdict in a word and a sentence, each check, and facts to compare with what one has in hand."""

    model_config = example(
        {
            "verdict": "valid",
            "title": "Valid",
            "sentence": "We signed it, nothing in it was changed, and it was not revoked. Its page says whose it is.",
            "facts": [{"name": "Badge", "value": "Runs a Reliable Service"}],
            "checks": [
                {"step": "signature", "title": "The signature fits the contents", "outcome": "passed", "detail": ""}
            ],
            "badge": _BADGE,
            "issued_to": True,
            "issuer": "did:web:learn.example",
            "ours": True,
        }
    )

    verdict: Verdict | None = Field(description="Null where nothing could be judged, e.g. a page its earner hides.")
    title: str
    sentence: str
    facts: list[Fact]
    lines: list[DocumentLine] = Field(
        default_factory=list,
        description="Of a document, where its last name was given or its learner lets them be seen.",
    )
    checks: list[CheckResult]
    badge: str | None = Field(description="The page of the badge, if it is ours and shown.")
    issued_to: bool | None = Field(description="Null where it was not asked, or cannot be told.")
    issuer: str | None = Field(description="The DID of whoever was found to have signed it.")
    ours: bool = Field(
        description="Whether it is this institution’s own. `valid` alone says only that a signature fits."
    )


class Problem(BaseModel):
    """An error as RFC 9457 has it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "status": 404,
                    "title": "There is nothing here",
                    "detail": "There is nothing here",
                }
            ]
        }
    )

    type: str = "about:blank"
    status: int
    title: str
    detail: str
    fields: dict[str, str] | None = Field(default=None, description="What is wrong with which part of the request.")
