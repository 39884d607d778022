"""Submissions that two graders rate without seeing each other's rating."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class SampledFor(StrEnum):
    """Why a second rating was asked for: a new rubric, the sample, an outcome “not yet”, or by a lead's hand."""

    NEW_RUBRIC = "new_rubric"
    SAMPLE = "sample"
    NOT_YET = "not_yet"
    BY_HAND = "by_hand"


class SecondRating(SQLModel, table=True):
    """A second rating of a submission: asked for when the first was done, closed by agreement or by a reconciler.

    A lead's row by hand is there before. `agreed` and `closed_at` are None while it is open; one that is closed without
    `agreed` never had two ratings to compare, because evidence was returned as incomplete. `reconciled_by` is whoever
    settled two that differed.
    Instants are of the real clock.
    """

    __tablename__ = "second_rating"

    submission_id: str = Field(primary_key=True, foreign_key="submission.id", max_length=26)
    why: SampledFor = Field(sa_type=enum_type(SampledFor))
    asked_at: datetime = Field(sa_type=INSTANT)
    closed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    agreed: bool | None = None
    reconciled_by: str | None = Field(default=None, foreign_key="person.id")
