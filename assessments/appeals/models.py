"""Appeals against posted decisions, criterion by criterion."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class AppealState(StrEnum):
    """`open` waits for its grader, `rated` for the first reasoning to be weighed, then one of the ends."""

    OPEN = "open"
    RATED = "rated"
    UPHELD = "upheld"
    UNCHANGED = "unchanged"
    TAKEN_BACK = "taken_back"


class Appeal(SQLModel, table=True):
    """A learner asks that a posted decision be looked at again: once for each decision.

    `given_to` is a grader who had no part in the decision. The outcome is a decision of its own, `outcome_id`.
    Instants are of the school's clock.
    """

    __tablename__ = "appeal"

    id: str = Field(primary_key=True, max_length=26)
    decision_id: str = Field(foreign_key="decision.id", unique=True)
    submission_id: str = Field(foreign_key="submission.id", index=True)
    state: AppealState = Field(default=AppealState.OPEN, sa_type=enum_type(AppealState), index=True)
    opened_by: str = Field(foreign_key="person.id")
    opened_at: datetime = Field(sa_type=INSTANT)
    given_to: str | None = Field(default=None, foreign_key="person.id", index=True)
    promised_at: datetime | None = Field(default=None, sa_type=INSTANT)
    closed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    closed_by: str | None = Field(default=None, foreign_key="person.id")
    outcome_id: str | None = Field(default=None, foreign_key="decision.id")


class AppealLine(SQLModel, table=True):
    """What the learner says of one criterion."""

    __tablename__ = "appeal_line"

    appeal_id: str = Field(primary_key=True, foreign_key="appeal.id", max_length=26)
    criterion_id: str = Field(primary_key=True, foreign_key="criterion.id", max_length=26)
    argument: str = Field(sa_type=Text)


class AppealMessage(SQLModel, table=True):
    """One message of an appeal's thread, which is added to and never changed."""

    __tablename__ = "appeal_message"

    id: str = Field(primary_key=True, max_length=26)
    appeal_id: str = Field(foreign_key="appeal.id", index=True)
    author_id: str = Field(foreign_key="person.id")
    text: str = Field(sa_type=Text)
    written_at: datetime = Field(sa_type=INSTANT)
