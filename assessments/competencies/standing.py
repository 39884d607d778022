"""How a learner stands with each competency, by what was posted. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from assessments.competencies.queries import AlignedSkill
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Reached:
    """A level that a posted decision says was reached on one criterion. `posted_at` is the school's clock.

    `share` is how high the level stands among those of its criterion: 0 the lowest, 1 the highest.
    """

    competency_id: str
    criterion: str
    level: str
    share: Fraction
    met: bool
    course: str
    assignment: str
    posted_at: datetime
    cohort_id: str
    module_number: int
    assignment_key: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A criterion that a running course judges the competency by, and that is still to be shown there."""

    competency_id: str
    criterion: str
    course: str
    assignment: str
    cohort_id: str
    module_number: int
    assignment_key: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One competency of one course; `best` is None where nothing was posted, `left` what is still to be shown."""

    competency_id: str
    title: str
    course: str
    best: Reached | None = None
    left: tuple[Asked, ...] = ()
    skills: tuple[AlignedSkill, ...] = ()


@dataclass(frozen=True, slots=True)
class SkillStanding:
    """An outside skill, and the competencies of all courses that are instances of it."""

    skill: AlignedSkill
    best: Reached | None
    competencies: tuple[Standing, ...]


def standings(
    competencies: Mapping[str, tuple[str, str]],
    reached: Iterable[Reached],
    left: Sequence[Asked],
    skills: Mapping[str, tuple[AlignedSkill, ...]],
) -> tuple[Standing, ...]:
    """Every competency of {id: (title, course title)} as it stands, by course and title."""
    found = {key: Standing(key, title, course) for key, (title, course) in competencies.items()}
    for one in reached:
        known = found[one.competency_id]
        found[one.competency_id] = replace(known, best=higher(known.best, one))
    asked: dict[str, list[Asked]] = {}
    for still in left:
        asked.setdefault(still.competency_id, []).append(still)
    whole = (replace(one, left=tuple(asked.get(key, ())), skills=skills.get(key, ())) for key, one in found.items())
    return tuple(sorted(whole, key=lambda one: (one.course, one.title, one.competency_id)))


def by_skill(found: Iterable[Standing]) -> tuple[SkillStanding, ...]:
    """The same joined over courses: one entry for each outside skill, with the highest level reached in any of them."""
    joined: dict[str, SkillStanding] = {}
    for one in found:
        for skill in one.skills:
            known = joined.get(skill.skill_id, SkillStanding(skill, None, ()))
            best = higher(known.best, one.best)
            joined[skill.skill_id] = SkillStanding(skill, best, (*known.competencies, one))
    return tuple(sorted(joined.values(), key=lambda one: (one.skill.title, one.skill.framework_key, one.skill.code)))


def higher(one: Reached | None, other: Reached | None) -> Reached | None:
    """The one that says more: a level that demonstrates its criterion, then the higher one, then the earlier."""
    if one is None or other is None:
        return one or other
    worth = (other.met, other.share, one.posted_at) > (one.met, one.share, other.posted_at)
    return other if worth else one
