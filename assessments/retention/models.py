"""What keeps evidence beyond its period."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class LegalHold(SQLModel, table=True):
    """Evidence of a person or of a whole cohort is not to be removed, until it is lifted. Instants are real ones.

    Exactly one of `person_id` and `cohort_id` is set.
    """

    __tablename__ = "legal_hold"

    id: str = Field(primary_key=True, max_length=26)
    person_id: str | None = Field(default=None, foreign_key="person.id", index=True)
    cohort_id: str | None = Field(default=None, foreign_key="cohort.id", index=True)
    reason: str = Field(max_length=500)
    placed_at: datetime = Field(sa_type=INSTANT)
    placed_by: str = Field(foreign_key="person.id")
    lifted_at: datetime | None = Field(default=None, sa_type=INSTANT)
    lifted_by: str | None = Field(default=None, foreign_key="person.id")
    lift_reason: str = Field(default="", max_length=500)
