"""The audit log's tables: what was done, and the chain the worker adds afterwards."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class AuditRow(SQLModel, table=True):
    """One act, written in the transaction of the act. Rows are never changed or deleted."""

    __tablename__ = "audit_row"

    id: str = Field(primary_key=True, max_length=26)
    at: datetime = Field(sa_type=INSTANT, index=True)
    actor_id: str | None = Field(default=None, foreign_key="person.id", index=True)
    act: str = Field(max_length=60, index=True)
    subject_kind: str = Field(max_length=40)
    subject_id: str = Field(max_length=64, index=True)
    reason: str = ""
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class AuditLink(SQLModel, table=True):
    """The chain over audit rows: `hash` covers the row and the link before it."""

    __tablename__ = "audit_link"

    position: int = Field(primary_key=True)
    row_id: str = Field(foreign_key="audit_row.id", unique=True)
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)
