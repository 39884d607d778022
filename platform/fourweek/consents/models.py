"""What people agreed to, and took back: rows that are only added."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class Consent(SQLModel, table=True):
    """A person agreed (`given`) or no longer agrees to `kind` in the wording `version`.

    The newest row of a kind counts. `at` is of the real clock.
    """

    __tablename__ = "consent"

    id: str = Field(primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id", index=True)
    kind: str = Field(max_length=40)
    version: str = Field(max_length=40)
    given: bool
    at: datetime = Field(sa_type=INSTANT)
