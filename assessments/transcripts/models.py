"""Issued transcripts: a frozen snapshot, its files, and the code that answers for it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class DocumentKind(StrEnum):
    """A record or an extract of it; one page for one course; everything for a period and a board; a CLR."""

    TRANSCRIPT = "transcript"
    CERTIFICATE = "certificate"
    PACKET = "packet"
    CLR = "clr"


class Transcript(SQLModel, table=True):
    """One document of a person's record as of one ledger head, never changed. `kind` says which.

    `snapshot` holds the verification code as it is printed: select that column only to make the document again, and
    show it to nobody but the learner and the registrar. Everything else knows the code by `code_hash`. `lines`,
    `minutes` and `tenths` are the document's totals, and `initials` the learner's, for whoever checks the code.
    `content_sha256` is of what it says about the record: the same content is never issued twice. `ledger_entries` is
    the number of the last ledger entry in it. `scope` is what part of the record it is about and `options` how it is
    shown (see `assessments.transcripts.scope`). `pdf_sha256` is the file that is served, sealed with the certificate
    `seal` (SHA-256 of its DER form, "" for none); `unsealed_sha256` is what was sealed. A file that the kind does not
    have is "".
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
    kind: DocumentKind = Field(default=DocumentKind.TRANSCRIPT, sa_type=enum_type(DocumentKind))
    scope: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    options: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    json_sha256: str = Field(default="", max_length=64, index=True)
    unsealed_sha256: str = Field(default="", max_length=64, index=True)
    seal: str = Field(default="", max_length=64)
    jwt_sha256: str = Field(default="", max_length=64, index=True)


class DocumentLine(SQLModel, table=True):
    """A ledger entry that a document shows. Once it is taken back, the document is superseded. Rows are only added."""

    __tablename__ = "document_line"

    document_id: str = Field(primary_key=True, foreign_key="transcript.id")
    entry_id: str = Field(primary_key=True, foreign_key="credit_entry.id", index=True)


class DocumentChoice(SQLModel, table=True):
    """What whoever checks a document's code may see besides its totals: the learner's choice."""

    __tablename__ = "document_choice"

    document_id: str = Field(primary_key=True, foreign_key="transcript.id")
    lines_shown: bool = False
    name_shown: bool = False
    changed_at: datetime = Field(sa_type=INSTANT)


class TranscriptYear(SQLModel, table=True):
    """The last document number given out in a year."""

    __tablename__ = "transcript_year"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int
