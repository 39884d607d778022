"""How and when somebody made sure who a learner is. No document and no number of one is kept."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class CheckMethod(StrEnum):
    DOCUMENT_IN_PERSON = "document_in_person"
    DOCUMENT_BY_VIDEO = "document_by_video"
    EMPLOYER = "employer"
    LICENCE_REGISTER = "licence_register"
    ELECTRONIC_ID = "electronic_id"


class IdentityCheck(SQLModel, table=True):
    """One check of a person's identity, passed or not. Rows are only added; the newest counts."""

    __tablename__ = "identity_check"

    id: str = Field(primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id", index=True)
    method: CheckMethod = Field(sa_type=enum_type(CheckMethod))
    checked_on: date
    passed: bool
    note: str = Field(default="", max_length=300)
    recorded_by: str = Field(foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=INSTANT)
