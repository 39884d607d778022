"""The rules by which the courses of a series stack into a badge."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class StackKind(StrEnum):
    """Which courses a rule asks for: every one that it names, or a number of them."""

    ALL = "all"
    SOME = "some"


class SeriesRule(SQLModel, table=True):
    """A rule of a series' badge, the highest `number` holds. Rows are only added; each has its own achievement.

    `needed` courses of those it names have to be met, all within `within_months` (0: in any time). A rule that is
    `ended` awards nothing more.
    """

    __tablename__ = "series_rule"
    __table_args__ = (UniqueConstraint("series_id", "number"),)

    id: str = Field(primary_key=True, max_length=26)
    series_id: str = Field(foreign_key="series.id")
    number: int
    kind: StackKind = Field(sa_type=enum_type(StackKind))
    needed: int
    within_months: int = 0
    ended: bool = False
    why: str = Field(default="", max_length=500)
    made_at: datetime = Field(sa_type=INSTANT)
    made_by: str | None = Field(default=None, foreign_key="person.id")


class SeriesRuleCourse(SQLModel, table=True):
    """A course that a rule names, at its place from 1. Rows are only added."""

    __tablename__ = "series_rule_course"

    rule_id: str = Field(primary_key=True, foreign_key="series_rule.id", max_length=26)
    course_id: str = Field(primary_key=True, foreign_key="course.id", index=True)
    position: int
