"""How a cohort's evidence is graded: allocation, promise, review, second ratings, anonymity, appeals."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class Allocation(StrEnum):
    """How work finds its grader: whoever takes it, in turn, or whoever has least on the desk."""

    OPEN = "open"
    IN_TURN = "in_turn"
    BY_LOAD = "by_load"


class Review(StrEnum):
    """Which decisions a lead looks at before they may be posted."""

    NONE = "none"
    NOT_YET = "not_yet"
    ALL = "all"


class GradingTerms(SQLModel, table=True):
    """The terms of one cohort; without a row the defaults hold.

    `promise_days` and `warn_days` are business days, None promises nothing. Of a new rubric the first `second_first`
    submissions are rated twice, then `second_percent` of 100, and with `second_not_yet` whatever was not yet shown;
    two ratings agree where both say the same of “met” and levels are at most `tolerance` steps apart. An appeal may be
    made for `appeal_days` calendar days from posting, None takes none. `turn` counts who was last given work.
    """

    __tablename__ = "grading_terms"

    cohort_id: str = Field(primary_key=True, foreign_key="cohort.id", max_length=26)
    allocation: Allocation = Field(default=Allocation.OPEN, sa_type=enum_type(Allocation))
    promise_days: int | None = 5
    warn_days: int = 1
    review: Review = Field(default=Review.NONE, sa_type=enum_type(Review))
    second_first: int = 0
    second_percent: int = 0
    second_not_yet: bool = False
    tolerance: int = 0
    anonymous: bool = False
    appeal_days: int | None = 14
    turn: int = 0
    revision: int = 0
    changed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    changed_by: str | None = Field(default=None, foreign_key="person.id")


class Holiday(SQLModel, table=True):
    """A day of the institution on which no promise runs."""

    __tablename__ = "holiday"

    day: date = Field(primary_key=True)
    title: str = Field(max_length=120)
    added_by: str | None = Field(default=None, foreign_key="person.id")
    added_at: datetime = Field(sa_type=INSTANT)
