"""Reading what competencies are aligned with; `alignments_of` is for the other parts of the house."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, select

from assessments.competencies.known import SHORT
from assessments.competencies.models import Alignment, Framework, Skill
from fourweek.database import table
from fourweek.light import dataclass

FRAMEWORK, SKILL, ALIGNMENT = table(Framework), table(Skill), table(Alignment)

_ALIGNED: Any = (
    select(
        ALIGNMENT.c.competency_id,
        SKILL.c.id.label("skill_id"),
        FRAMEWORK.c.key.label("framework_key"),
        FRAMEWORK.c.title.label("framework"),
        SKILL.c.code,
        SKILL.c.title,
        SKILL.c.description,
        SKILL.c.url,
    )
    .join(SKILL, SKILL.c.id == ALIGNMENT.c.skill_id)
    .join(FRAMEWORK, FRAMEWORK.c.id == SKILL.c.framework_id)
    .where(ALIGNMENT.c.competency_id.in_(bindparam("competencies", expanding=True)))
    .order_by(ALIGNMENT.c.competency_id, FRAMEWORK.c.key, SKILL.c.code)
)


@dataclass(frozen=True, slots=True)
class AlignedSkill:
    """An outside skill that a competency is an instance of: what Open Badges call an alignment.

    `framework` is the framework's title, `code` the skill's code there; `url` and `description` may be "".
    """

    skill_id: str
    framework_key: str
    framework: str
    code: str
    title: str
    description: str
    url: str

    @property
    def called(self) -> str:
        """Its framework, short enough to stand beside the code."""
        return SHORT.get(self.framework_key, self.framework or self.framework_key)


def alignments_of(conn: Connection, competency_ids: Iterable[str]) -> dict[str, tuple[AlignedSkill, ...]]:
    """The outside skills of each of these competencies, by framework key and code; one statement.

    A competency that is aligned with nothing is left out. What it gives is as of now: whoever freezes a record, as a
    badge does, copies it.
    """
    rows = conn.execute(_ALIGNED, {"competencies": list(competency_ids)}).all()
    by_competency = groupby(rows, key=lambda row: str(row.competency_id))
    return {competency: tuple(AlignedSkill(*row[1:]) for row in group) for competency, group in by_competency}
