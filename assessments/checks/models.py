"""Knowledge checks: questions of a requirement, and a learner's tries at them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class QuestionKind(StrEnum):
    """One right option, several right ones, or a number with a tolerance."""

    ONE = "one"
    SEVERAL = "several"
    NUMBER = "number"


class CheckRules(SQLModel, table=True):
    """How a requirement of kind `check` asks and when it is passed.

    `ask` questions are drawn from the pool, None for all. `pass_percent` of those drawn must be right, rounded up to
    whole questions. `max_tries` counts per attempt; None means no limit.
    """

    __tablename__ = "check_rules"

    requirement_id: str = Field(primary_key=True, foreign_key="requirement.id", max_length=26)
    ask: int | None = None
    shuffle: bool = True
    pass_percent: int
    max_tries: int | None = None


class CheckQuestion(SQLModel, table=True):
    """One question of the pool, frozen with its version.

    `options` holds {"key", "html", "right"} for choices, in the author's order. `number` and `tolerance` are decimals
    as text: right is what is at most `tolerance` away. `feedback_html` is shown once a decision is posted.
    """

    __tablename__ = "check_question"
    __table_args__ = (UniqueConstraint("requirement_id", "key"),)

    id: str = Field(primary_key=True, max_length=26)
    requirement_id: str = Field(foreign_key="requirement.id")
    position: int
    key: str = Field(max_length=60)
    kind: QuestionKind = Field(sa_type=enum_type(QuestionKind))
    prompt_html: str = Field(sa_type=Text)
    options: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    number: str = Field(default="", max_length=40)
    tolerance: str = Field(default="", max_length=40)
    unit: str = Field(default="", max_length=40)
    feedback_html: str = Field(default="", sa_type=Text)


class CheckTry(SQLModel, table=True):
    """One go at the questions within an attempt. Dates are the school's clock.

    `drawn` holds [question id, [option keys in the order shown]] a question, fixed when the try begins; `answers` maps
    a question's id to the option keys that were chosen, or to one number as typed. Marked once, when it is finished.
    """

    __tablename__ = "check_try"
    __table_args__ = (UniqueConstraint("submission_id", "requirement_id", "number"),)

    id: str = Field(primary_key=True, max_length=26)
    submission_id: str = Field(foreign_key="submission.id")
    requirement_id: str = Field(foreign_key="requirement.id", index=True)
    number: int
    drawn: list[list[Any]] = Field(sa_type=JSON)
    answers: dict[str, list[str]] = Field(default_factory=dict, sa_type=JSON)
    begun_at: datetime = Field(sa_type=INSTANT)
    saved_at: datetime = Field(sa_type=INSTANT)
    finished_at: datetime | None = Field(default=None, sa_type=INSTANT)
    asked: int
    needed: int
    right: int | None = None
    passed: bool | None = None
