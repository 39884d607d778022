"""What an award is made of, as plain values: the snapshot a badge is built from."""

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from assessments.badges.identity import normalise_email
from assessments.badges.plain import clean_text
from fourweek.light import dataclass

_KEY = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\x7f]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerProfile:
    """The institution. `id` is its did:web; `url` its site."""

    id: str
    name: str
    url: str
    description: str = ""
    email: str = ""
    image_url: str = ""

    def __post_init__(self) -> None:
        _need(self.name, "The issuer needs a name.")
        _need_addresses(self.id, self.url, optional=(self.image_url,))


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelFacts:
    """One level of a criterion."""

    key: str
    title: str
    descriptor: str

    def __post_init__(self) -> None:
        _need_key(self.key)
        _need(self.title, "A level needs a title.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionFacts:
    """A rubric criterion: levels lowest first, and the key of the lowest one that demonstrates it.

    `key` is unique in the achievement, e.g. `capacity-note.method` (assignment and criterion).
    """

    key: str
    title: str
    levels: tuple[LevelFacts, ...]
    required_level: str

    def __post_init__(self) -> None:
        _need_key(self.key)
        _need(self.title, "A criterion needs a title.")
        keys = [level.key for level in self.levels]
        if len(set(keys)) != len(keys) or self.required_level not in keys:
            raise ValueError(f"The levels of {self.key!r} need different keys, one of them the required one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignmentFacts:
    """A skill of an outside framework that the achievement's competencies are instances of; `url` names the skill."""

    name: str
    url: str
    code: str = ""
    framework: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        _need(self.name, "A skill needs a name.")
        _need_addresses(self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class AchievementFacts:
    """What the badge says. `criteria` may be Markdown; `ceu_tenths` is what the course is worth, 0 for none."""

    id: str
    name: str
    description: str
    criteria: str
    image_url: str
    rubric: tuple[CriterionFacts, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    version: str = ""
    ceu_tenths: int = 0
    alignments: tuple[AlignmentFacts, ...] = ()

    def __post_init__(self) -> None:
        _need(self.name, "An achievement needs a name.")
        _need(self.description, "An achievement needs a description.")
        _need(self.criteria, "An achievement needs its criteria.")
        _need_addresses(self.id, self.image_url)
        _need_tenths(self.ceu_tenths)
        if len({criterion.key for criterion in self.rubric}) != len(self.rubric):
            raise ValueError("Two criteria of the achievement have the same key.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFacts:
    """The level reached in one criterion, both by key."""

    criterion: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFacts:
    """One piece of evidence: what it is, its SHA-256 in hex, and a public address only if its author consented.

    What is no file, such as another badge, has no digest but an address.
    """

    name: str
    narrative: str
    sha256: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        _need(self.name, "Evidence needs a name.")
        _need(self.narrative, "Evidence needs a narrative.")
        _need_addresses(optional=(self.url,))
        if not _SHA256.fullmatch(self.sha256) and (self.sha256 or not self.url):
            raise ValueError("The digest of evidence is a SHA-256 in lower-case hex.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardFacts:
    """One award. `id` (its address) and `subject_id` (urn:uuid) never change, also when it is issued again.

    It is made out to `email` and to `further_emails`. `status` is its credentialStatus, ready made.
    """

    id: str
    subject_id: str
    email: str = field(repr=False)
    salt: str = field(repr=False)
    awarded_at: datetime
    valid_from: datetime
    valid_until: datetime | None = None
    results: tuple[ResultFacts, ...] = ()
    evidence: tuple[EvidenceFacts, ...] = ()
    ceu_tenths: int = 0
    further_emails: tuple[str, ...] = field(default=(), repr=False)
    status: Mapping[str, str] = field(default_factory=dict)

    @property
    def emails(self) -> tuple[str, ...]:
        """Every address it is made out to, in the one spelling, each once; the main one first."""
        return tuple(filter(None, dict.fromkeys(map(normalise_email, (self.email, *self.further_emails)))))

    def __post_init__(self) -> None:
        _need_addresses(self.id, self.subject_id)
        _need(normalise_email(self.email), "An award needs the address it is made out to.")
        _need(self.salt, "An award needs a salt of its own.")
        _need_tenths(self.ceu_tenths)
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise ValueError("An award cannot end before it begins.")
        if len({result.criterion for result in self.results}) != len(self.results):
            raise ValueError("Two results are about the same criterion.")


def is_address(text: str) -> bool:
    """Whether it is a full address that a credential can carry."""
    return _ADDRESS.fullmatch(text) is not None


def _need(text: str, sentence: str) -> None:
    if not clean_text(text):
        raise ValueError(sentence)


def _need_key(key: str) -> None:
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} is not a key: small letters, digits and hyphens, parts set apart by a dot.")


def _need_addresses(*needed: str, optional: tuple[str, ...] = ()) -> None:
    for address in (*needed, *filter(None, optional)):
        if not is_address(address):
            raise ValueError(f"{address!r} is not a full address.")


def _need_tenths(tenths: int) -> None:
    if tenths < 0:
        raise ValueError("Credit on a badge is never negative.")
