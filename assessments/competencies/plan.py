"""What importing a table would do to a framework. Pure."""

from collections.abc import Mapping, Sequence

from assessments.competencies.table import SkillRow
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """What is stored of a skill."""

    title: str
    description: str
    url: str


@dataclass(frozen=True, slots=True)
class SkillsPlan:
    """Rows by what becomes of them. `left` counts skills that are here and not in the table: they stay."""

    new: tuple[SkillRow, ...]
    reworded: tuple[SkillRow, ...]
    same: int
    wrong: tuple[SkillRow, ...]
    left: int

    @property
    def can_be_done(self) -> bool:
        return not self.wrong

    @property
    def coming(self) -> tuple[SkillRow, ...]:
        return (*self.new, *self.reworded)


def plan_skills(rows: Sequence[SkillRow], known: Mapping[str, Words]) -> SkillsPlan:
    """`known` is {code: words} of the framework as it stands. What the table has no column for stays as it is."""
    right = [row for row in rows if not row.problem]
    new = tuple(row for row in right if row.code not in known)
    reworded = tuple(row for row in right if row.code in known and _differs(row, known[row.code]))
    return SkillsPlan(
        new=new,
        reworded=reworded,
        same=len(right) - len(new) - len(reworded),
        wrong=tuple(row for row in rows if row.problem),
        left=len(known.keys() - {row.code for row in right}),
    )


def _differs(row: SkillRow, words: Words) -> bool:
    description = words.description if row.description is None else row.description
    url = words.url if row.url is None else row.url
    return Words(row.title, description, url) != words
