"""Changes of a legal name: asked for with evidence, approved by the registrar, kept for ever."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class NameChangeKind(StrEnum):
    """A correction says that the former name was never right; a change, that it was right until then."""

    CORRECTION = "correction"
    CHANGE = "change"


class NameChange(SQLModel, table=True):
    """`former` was the name until `decided_at`, if approved. With `suppress` it is shown nowhere any more.

    One is open for a person at a time. `evidence_sha256` is the document that was handed in, in the store, if any.
    """

    __tablename__ = "name_change"
    __table_args__ = (
        Index(
            "uq_name_change_open",
            "person_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id", index=True)
    kind: NameChangeKind = Field(sa_type=enum_type(NameChangeKind))
    former: str = Field(max_length=200)
    name: str = Field(max_length=200)
    why: str = Field(default="", max_length=500)
    suppress: bool = False
    evidence_sha256: str = Field(default="", max_length=64, index=True)
    evidence_name: str = Field(default="", max_length=200)
    asked_by: str = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=INSTANT)
    decided_by: str | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=INSTANT)
    approved: bool | None = None
    decided_why: str = Field(default="", max_length=500)
