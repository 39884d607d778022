"""What comes when all attempts are used."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class Coaching(SQLModel, table=True):
    """A talk between a learner and whoever leads the cohort, after the last attempt. Dates are the school's clock.

    It is open until `closed_at`. `wish` is what the learner asks for, `answer` what came of it; `extra_attempts` are
    granted beyond the assignment's limit.
    """

    __tablename__ = "coaching"

    id: str = Field(primary_key=True, max_length=26)
    enrolment_id: str = Field(foreign_key="enrolment.id", index=True)
    assignment_key: str = Field(max_length=60)
    opened_at: datetime = Field(sa_type=INSTANT)
    opened_by: str = Field(foreign_key="person.id")
    wish: str = Field(default="", sa_type=Text)
    answer: str = Field(default="", sa_type=Text)
    extra_attempts: int = 0
    closed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    closed_by: str | None = Field(default=None, foreign_key="person.id")
