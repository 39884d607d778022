"""What one registrar proposes to change in a ledger and another approves."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from assessments.credit.models import ReasonCode
from fourweek.database import INSTANT, enum_type


class ProposedAct(StrEnum):
    """Take the entry back, or take it back and record it anew with other values."""

    TAKE_BACK = "take_back"
    CORRECT = "correct"


class CreditProposal(SQLModel, table=True):
    """A change of one entry, open until somebody else than `proposed_by` decides. Nothing is changed after that.

    `parts` are the minutes by category ({"category", "minutes"}) and `completed_on` the day that a correction would
    have; unused when the entry is only taken back.
    """

    __tablename__ = "credit_proposal"
    __table_args__ = (
        Index(
            "uq_credit_proposal_open",
            "entry_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True, max_length=26)
    entry_id: str = Field(foreign_key="credit_entry.id", index=True)
    act: ProposedAct = Field(sa_type=enum_type(ProposedAct))
    reason_code: ReasonCode = Field(sa_type=enum_type(ReasonCode))
    why: str = Field(max_length=500)
    parts: list[dict[str, str | int]] = Field(default_factory=list, sa_type=JSON)
    completed_on: date | None = None
    proposed_by: str = Field(foreign_key="person.id")
    proposed_at: datetime = Field(sa_type=INSTANT)
    decided_by: str | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=INSTANT)
    approved: bool | None = None
    decided_why: str = Field(default="", max_length=500)
