"""Private calendar addresses."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class CalendarAddress(SQLModel, table=True):
    """A person's secret calendar address; of its token only the SHA-256 is kept. One at most is in force."""

    __tablename__ = "calendar_address"

    id: str = Field(primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(sa_type=INSTANT)
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)
