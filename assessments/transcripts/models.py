"""Issued transcripts: a frozen snapshot, its files, and the code that answers for it."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class Transcript(SQLModel, table=True):
    """One document of a person's record as of one ledger head. The code is kept as a hash and shown on the document."""

    __tablename__ = "transcript"

    id: str = Field(primary_key=True, max_length=26)
    number: str = Field(max_length=20, unique=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    code_hash: str = Field(max_length=64, unique=True)
    snapshot: bytes = Field(sa_type=LargeBinary)
    ledger_head: str = Field(max_length=64)
    pdf_sha256: str = Field(max_length=64, index=True)
    csv_sha256: str = Field(max_length=64)
    issued_at: datetime = Field(sa_type=INSTANT)
