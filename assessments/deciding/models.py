"""By which rule levels become an outcome, assignment by assignment."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class RuleKind(StrEnum):
    """Every criterion at its required level or above; or a weighted sum of levels that reaches a mark."""

    EVERY = "every"
    WEIGHTED = "weighted"


class DecisionRule(SQLModel, table=True):
    """A rule for one assignment of a course, in all its versions; rows are only added, and `number` counts them from 1.

    It holds for work whose first attempt began at or after `holds_from` (school's clock); without any, every criterion
    counts. `terms` are those of `assessments.deciding.rules`, by criterion key.
    """

    __tablename__ = "decision_rule"
    __table_args__ = (UniqueConstraint("course_id", "assignment_key", "number"),)

    id: str = Field(primary_key=True, max_length=26)
    course_id: str = Field(foreign_key="course.id")
    assignment_key: str = Field(max_length=60)
    number: int
    kind: RuleKind = Field(sa_type=enum_type(RuleKind))
    terms: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    holds_from: datetime = Field(sa_type=INSTANT)
    made_by: str | None = Field(default=None, foreign_key="person.id")
    reason: str = Field(default="", max_length=500)
