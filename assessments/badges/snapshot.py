"""What an award says, frozen in its row: the source of its credential and of its page."""

import json
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from types import MappingProxyType
from typing import Any

from assessments.badges.facts import (
    AchievementFacts,
    AlignmentFacts,
    CriterionFacts,
    EvidenceFacts,
    LevelFacts,
    ResultFacts,
)
from assessments.transcripts.canonical import ADDED, load, plain
from courses.schedule.words import say_date
from fourweek.language import ENGLISH, speaking
from fourweek.light import dataclass

_ADDED = {ADDED: True}
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelShown:
    key: str
    title: str
    descriptor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionShown:
    """A criterion of a required assignment. `key` is `assignment.criterion`; levels stand lowest first.

    `reached` is the key of the level that was decided, "" where an achievement is shown without an award.
    """

    key: str
    title: str
    assignment: str
    module_number: int
    levels: tuple[LevelShown, ...]
    required_level: str
    reached: str = ""

    def level(self, key: str) -> LevelShown | None:
        return next((level for level in self.levels if level.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignmentShown:
    """A skill of an outside framework that the course's competencies are instances of, as it was called then."""

    name: str
    url: str
    code: str
    framework: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceShown:
    """One piece of evidence by its digest; what it is in words that name nobody."""

    name: str
    narrative: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartShown:
    """A badge that a series' badge is made of: its name, its course, its day in the snapshot's zone, its address."""

    name: str
    course: str
    awarded_on: date
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AchievementShown:
    """What a badge of one course version says, whoever earned it. `minutes` and `ceu_tenths` are of the course.

    A badge of a series names that series; it has no course and no rubric, and its credit depends on who earned it.
    """

    id: str
    name: str
    description: str
    criteria: str
    course_code: str
    course_title: str
    course_version: str
    language: str
    skills: tuple[str, ...]
    minutes: int
    ceu_tenths: int
    rubric: tuple[CriterionShown, ...]
    series_code: str = field(default="", metadata=_ADDED)
    series_title: str = field(default="", metadata=_ADDED)
    alignments: tuple[AlignmentShown, ...] = field(default=(), metadata=_ADDED)

    def facts(self, address: str, picture: str) -> AchievementFacts:
        """For the credential; `address` and `picture` are full addresses."""
        return AchievementFacts(
            id=address,
            name=self.name,
            description=self.description,
            criteria=self.criteria,
            image_url=picture,
            rubric=tuple(map(_criterion_facts, self.rubric)),
            tags=self.skills,
            language=self.language,
            version=self.course_version,
            ceu_tenths=self.ceu_tenths,
            alignments=tuple(map(_alignment_facts, self.alignments)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardSnapshot:
    """One award: whose, of what, on which evidence. `minutes` and `ceu_tenths` are what the ledger holds for it.

    `completed_on` is a day in `zone`. `parts` are the badges that a series' badge is made of, in the rule's order; its
    credit is the sum of theirs.
    """

    holder: str
    institution: str
    achievement: AchievementShown
    minutes: int
    ceu_tenths: int
    completed_on: date
    zone: str
    evidence: tuple[EvidenceShown, ...]
    parts: tuple[PartShown, ...] = field(default=(), metadata=_ADDED)

    def results(self) -> tuple[ResultFacts, ...]:
        rubric = self.achievement.rubric
        return tuple(ResultFacts(criterion=entry.key, level=entry.reached) for entry in rubric if entry.reached)

    def evidence_facts(self, shared: Mapping[str, str] = NOTHING) -> tuple[EvidenceFacts, ...]:
        """The evidence, then the badges that a series' badge is made of. `shared`: digest → public address.

        Of pieces that are equal to the byte the first alone names the address: it identifies one thing, said once.
        """
        firsts = {entry.sha256: place for place, entry in reversed(list(enumerate(self.evidence)))}
        pieces = (
            EvidenceFacts(
                name=entry.name,
                narrative=entry.narrative,
                sha256=entry.sha256,
                url=shared.get(entry.sha256, "") if firsts[entry.sha256] == place else "",
            )
            for place, entry in enumerate(self.evidence)
        )
        return (*pieces, *map(_part_facts, self.parts))

    def stored(self) -> dict[str, Any]:
        """For the JSON column of the award."""
        values: dict[str, Any] = plain(self)
        return values


def read_snapshot(stored: Mapping[str, Any]) -> AwardSnapshot:
    """What `stored` gave. Raises ValueError for anything else."""
    text = json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return load(AwardSnapshot, text.encode())


def _alignment_facts(entry: AlignmentShown) -> AlignmentFacts:
    return AlignmentFacts(
        name=entry.name,
        url=entry.url,
        code=entry.code,
        framework=entry.framework,
        description=entry.description,
    )


def _part_facts(part: PartShown) -> EvidenceFacts:
    with speaking(ENGLISH):  # it is signed
        day = say_date(part.awarded_on)
    return EvidenceFacts(
        name=f"Badge: {part.name}",
        narrative=f"The badge of the course {part.course}, awarded on {day}: a part of this one.",
        url=part.address,
    )


def _criterion_facts(entry: CriterionShown) -> CriterionFacts:
    return CriterionFacts(
        key=entry.key,
        title=entry.title,
        levels=tuple(LevelFacts(key=one.key, title=one.title, descriptor=one.descriptor) for one in entry.levels),
        required_level=entry.required_level,
    )
