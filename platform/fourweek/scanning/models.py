"""What the scanner said of a file, kept by the file's content."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type

MOST_WORDS = 500


class ScanState(StrEnum):
    """`pending` waits for the scanner; `held`: something was found, or it is kept back; `clean` leaves as any file."""

    PENDING = "pending"
    CLEAN = "clean"
    HELD = "held"


class ScanVerdict(SQLModel, table=True):
    """One for each content (SHA-256) that was ever to be looked at. A content without one was never asked about.

    All instants are of the real clock: `since` when it came to wait, `looked_at` when the scanner had an answer. While
    it waits, `tries` counts how often there was none and `try_at` is the next; of what is held, `try_at` is when it was
    last sent. `said` are the scanner's own words, cleaned. `settled_*` and `reason` tell who looked at what is held,
    and released it or keeps it.
    """

    __tablename__ = "scan_verdict"
    __table_args__ = (Index("ix_scan_verdict_due", "state", "try_at"),)

    sha256: str = Field(primary_key=True, max_length=64)
    state: ScanState = Field(default=ScanState.PENDING, sa_type=enum_type(ScanState))
    since: datetime = Field(sa_type=INSTANT)
    tries: int = 0
    try_at: datetime = Field(sa_type=INSTANT)
    looked_at: datetime | None = Field(default=None, sa_type=INSTANT)
    said: str = Field(default="", max_length=MOST_WORDS)
    settled_at: datetime | None = Field(default=None, sa_type=INSTANT)
    settled_by: str | None = Field(default=None, foreign_key="person.id")
    reason: str = Field(default="", max_length=MOST_WORDS)
