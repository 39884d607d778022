"""Two accounts found to be one person's: proposed by one registrar, approved by another."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class PersonMerge(SQLModel, table=True):
    """`gone_id` is to become, or has become, part of `kept_id`. Nothing is changed after it was decided."""

    __tablename__ = "person_merge"
    __table_args__ = (
        Index(
            "uq_person_merge_open",
            "gone_id",
            unique=True,
            sqlite_where=text("approved IS NULL OR approved"),
            postgresql_where=text("approved IS NULL OR approved"),
        ),
    )

    id: str = Field(primary_key=True, max_length=26)
    kept_id: str = Field(foreign_key="person.id", index=True)
    gone_id: str = Field(foreign_key="person.id")
    why: str = Field(max_length=500)
    proposed_by: str = Field(foreign_key="person.id")
    proposed_at: datetime = Field(sa_type=INSTANT)
    decided_by: str | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=INSTANT)
    approved: bool | None = None
    decided_why: str = Field(default="", max_length=500)
