"""Credit that is held: events, never changed."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class HoldAct(StrEnum):
    PLACED = "placed"
    LIFTED = "lifted"


class HoldCause(StrEnum):
    """An identity check that is asked for and missing, or the registrar's own reason."""

    IDENTITY = "identity"
    REGISTRAR = "registrar"


class CreditHold(SQLModel, table=True):
    """A hold on a person's credit was placed or lifted. `enrolment_id` narrows it to one course, None means all.

    A lifting names the row that placed the hold, `lifts_id`, once. Rows are only added. `at` is the real clock's.
    """

    __tablename__ = "credit_hold"

    id: str = Field(primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id", index=True)
    enrolment_id: str | None = Field(default=None, foreign_key="enrolment.id", index=True)
    act: HoldAct = Field(sa_type=enum_type(HoldAct))
    cause: HoldCause = Field(sa_type=enum_type(HoldCause))
    why: str = Field(default="", max_length=500)
    lifts_id: str | None = Field(default=None, foreign_key="credit_hold.id", unique=True)
    at: datetime = Field(sa_type=INSTANT)
    by: str | None = Field(default=None, foreign_key="person.id")
