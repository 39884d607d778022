"""The ledger. Entries are added and never changed: triggers in the database refuse anything else."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from assessments.credit.chain import GENESIS, EntryKind
from fourweek.database import INSTANT, enum_type


class ReasonCode(StrEnum):
    """Why an entry was taken back. The words to it are in the audit log, outside of the chain."""

    RECORDED_IN_ERROR = "recorded_in_error"
    DECISION_CHANGED = "decision_changed"
    REPEATED = "repeated"
    INTEGRITY = "integrity"
    MERGED = "merged"


class Ledger(SQLModel, table=True):
    """A person's ledger by a random name: the one place that says whose entries they are.

    `entries` and `head` are the number and the hash of its last entry, kept here so that a cut-off end is seen.
    """

    __tablename__ = "ledger"

    id: str = Field(primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id", unique=True)
    entries: int = 0
    head: str = Field(default=GENESIS, max_length=64)


class CreditEntry(SQLModel, table=True):
    """One line of a ledger. Holds no personal data (law 8); `chain.EntryFields` is the part of it that is chained.

    `minutes` are the module's counted minutes and `tenths` its line in tenths of a unit by rule `rule_id`, both frozen
    and both negative in a reversal; `minutes_before` is what the course had before it, from an earlier go at it too.
    `completed_on` is the local date in `zone`. `seq` counts from 1 per ledger; `hash` covers this row and `previous`.

    Since format 2 `amounts` hold what other credit types came to, {"type", "rule", "steps"} in steps of the rule, and
    `parts` how the minutes divide, {"category", "minutes"}; both are frozen like `tenths`. `group_key` names what is
    equivalent to the module: of a repeat, which carries no credit, `repeat_of_id` is the entry that had it before.
    `cause_id` is the approved proposal behind a reversal or a correction, or the merge behind a transfer.
    """

    __tablename__ = "credit_entry"
    __table_args__ = (
        UniqueConstraint("ledger_id", "seq"),
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
    ledger_id: str = Field(foreign_key="ledger.id")
    seq: int
    kind: EntryKind = Field(sa_type=enum_type(EntryKind))
    reverses_id: str | None = Field(default=None, foreign_key="credit_entry.id", unique=True)
    reason_code: ReasonCode | None = Field(default=None, sa_type=enum_type(ReasonCode))
    enrolment_id: str = Field(foreign_key="enrolment.id", index=True)
    module_id: str = Field(foreign_key="module.id")
    course_code: str = Field(max_length=60)
    course_version: str = Field(max_length=20)
    module_number: int
    category: str = Field(max_length=60)
    credit_type: str = Field(max_length=20)
    rule_id: str = Field(max_length=60)
    minutes_before: int
    minutes: int
    tenths: int
    completed_at: datetime = Field(sa_type=INSTANT)
    completed_on: date
    zone: str = Field(max_length=64)
    recorded_at: datetime = Field(sa_type=INSTANT)
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)
    format: int = 1
    amounts: list[dict[str, str | int]] = Field(default_factory=list, sa_type=JSON)
    parts: list[dict[str, str | int]] = Field(default_factory=list, sa_type=JSON)
    group_key: str = Field(default="", max_length=200)
    repeat_of_id: str | None = Field(default=None, foreign_key="credit_entry.id")
    cause_id: str | None = Field(default=None, max_length=26)
