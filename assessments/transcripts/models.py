"""Issued transcripts: a frozen snapshot, its files, and the code that answers for it."""

from datetime import datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class Transcript(SQLModel, table=True):
    """One document of a person's record as of one ledger head, never changed.

    `snapshot` holds the verification code as it is printed: select that column only to make the document again, and
    show it to nobody but the learner and the registrar. Everything else knows the code by `code_hash`. `lines`,
    `minutes` and `tenths` are the document's totals, and `initials` the learner's, for whoever checks the code.
    `content_sha256` is of what it says about the record: the same content is never issued twice. `ledger_entries` is
    the number of the last ledger entry in it.
    """

    __tablename__ = "transcript"
    __table_args__ = (UniqueConstraint("person_id", "content_sha256"),)

    id: str = Field(primary_key=True, max_length=26)
    number: str = Field(max_length=20, unique=True)
    person_id: str = Field(foreign_key="person.id")
    content_sha256: str = Field(max_length=64)
    code_hash: str = Field(max_length=64, unique=True)
    snapshot: bytes = Field(sa_type=LargeBinary, repr=False)
    ledger_entries: int
    ledger_head: str = Field(max_length=64)
    initials: str = Field(max_length=10)
    lines: int
    minutes: int
    tenths: int
    pdf_sha256: str = Field(max_length=64, index=True)
    csv_sha256: str = Field(max_length=64, index=True)
    issued_at: datetime = Field(sa_type=INSTANT)


class TranscriptYear(SQLModel, table=True):
    """The last document number given out in a year."""

    __tablename__ = "transcript_year"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int
