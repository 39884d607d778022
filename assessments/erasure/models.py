"""Wishes to be erased, and what became of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class ErasureRequest(SQLModel, table=True):
    """A wish that all about a person be removed, open until a registrar decides; it is done in pieces after that.

    `kept` says what stays and for which reason (a list of {"what", "why", "until"}); `erased` counts what went.
    Instants are of the real clock.
    """

    __tablename__ = "erasure_request"
    __table_args__ = (
        Index(
            "uq_erasure_request_open",
            "person_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id", index=True)
    asked_by: str = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=INSTANT)
    why: str = Field(default="", max_length=500)
    decided_by: str | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=INSTANT)
    approved: bool | None = None
    decided_why: str = Field(default="", max_length=500)
    kept: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    erased: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    finished_at: datetime | None = Field(default=None, sa_type=INSTANT)
