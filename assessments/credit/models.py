"""The ledger. Rows are added and never changed: triggers in the database refuse anything else."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class EntryKind(StrEnum):
    EARNED = "earned"
    REVERSAL = "reversal"
    CORRECTION = "correction"


class CreditEntry(SQLModel, table=True):
    """One line of a person's ledger. Holds no personal data beyond the person's id (law 8).

    `minutes` are the module's counted minutes (negative in a reversal); `tenths` the module's line in tenths of a CEU
    by rule `rule_id`, frozen. `completed_on` is the local date in `zone`. `seq` counts from 1 per person; `hash` covers
    this row and `previous`.
    """

    __tablename__ = "credit_entry"
    __table_args__ = (
        UniqueConstraint("person_id", "seq"),
        Index(
            "uq_credit_entry_earned",
            "enrolment_id",
            "module_id",
            unique=True,
            sqlite_where=text("kind = 'earned'"),
            postgresql_where=text("kind = 'earned'"),
        ),
    )

    id: str = Field(primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id")
    seq: int
    kind: EntryKind = Field(sa_type=enum_type(EntryKind))
    enrolment_id: str = Field(foreign_key="enrolment.id", index=True)
    module_id: str = Field(foreign_key="module.id")
    minutes: int
    tenths: int
    rule_id: str = Field(max_length=60)
    completed_at: datetime = Field(sa_type=INSTANT)
    completed_on: date
    zone: str = Field(max_length=64)
    reverses_id: str | None = Field(default=None, foreign_key="credit_entry.id", unique=True)
    reason: str = Field(default="", max_length=300)
    recorded_at: datetime = Field(sa_type=INSTANT)
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)
