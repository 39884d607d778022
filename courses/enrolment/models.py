"""A person's place in a cohort."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class EnrolmentState(StrEnum):
    ACTIVE = "active"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class Enrolment(SQLModel, table=True):
    """Dates are the school's clock. `completed_at` is when the course was met."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)

    id: str = Field(primary_key=True, max_length=26)
    cohort_id: str = Field(foreign_key="cohort.id")
    person_id: str = Field(foreign_key="person.id", index=True)
    section_id: str | None = Field(default=None, foreign_key="section.id")
    state: EnrolmentState = Field(default=EnrolmentState.ACTIVE, sa_type=enum_type(EnrolmentState))
    enrolled_at: datetime = Field(sa_type=INSTANT)
    completed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    withdrawn_at: datetime | None = Field(default=None, sa_type=INSTANT)
