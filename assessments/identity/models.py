"""Who looked behind the name that stands for a learner while their work is judged."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class Reveal(SQLModel, table=True):
    """A lead looked behind a pseudonym, with the reason. Rows are only added."""

    __tablename__ = "reveal"

    id: str = Field(primary_key=True, max_length=26)
    enrolment_id: str = Field(foreign_key="enrolment.id", index=True)
    assignment_key: str = Field(max_length=60)
    lead_id: str = Field(foreign_key="person.id", index=True)
    reason: str = Field(sa_type=Text)
    revealed_at: datetime = Field(sa_type=INSTANT)
