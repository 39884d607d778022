"""Credit from elsewhere, as a professional states it. Not earned here, and never part of the ledger."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class StatedCredit(SQLModel, table=True):
    """One activity at another provider, in whole minutes. `said` is what its certificate says, such as "1.5 PDH".

    Rows are not edited: a wrong one is removed and entered again. `row_key` is of its content, so that the same table
    brought in twice adds nothing. `mode` is a value of `courses.cohorts.models.DeliveryMode`. The certificate, if any,
    is in the store under `evidence_sha256`.
    """

    __tablename__ = "stated_credit"
    __table_args__ = (UniqueConstraint("person_id", "row_key"),)

    id: str = Field(primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id")
    row_key: str = Field(max_length=64)
    title: str = Field(max_length=200)
    provider: str = Field(max_length=200)
    provider_number: str = Field(default="", max_length=60)
    category: str = Field(max_length=60)
    mode: str = Field(max_length=40)
    place: str = Field(default="", max_length=200)
    instructor: str = Field(default="", max_length=200)
    completed_on: date
    minutes: int
    said: str = Field(default="", max_length=60)
    evidence_sha256: str = Field(default="", max_length=64, index=True)
    evidence_name: str = Field(default="", max_length=200)
    entered_by: str = Field(foreign_key="person.id")
    entered_at: datetime = Field(sa_type=INSTANT)
    removed_at: datetime | None = Field(default=None, sa_type=INSTANT)
