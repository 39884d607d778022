"""Links by which a learner lets others open a document for a time, and the log of their use."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class ShareLink(SQLModel, table=True):
    """One link to one document. Only the SHA-256 of its token is kept. Instants are of the real clock."""

    __tablename__ = "share_link"

    id: str = Field(primary_key=True, max_length=26)
    document_id: str = Field(foreign_key="transcript.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    note: str = Field(default="", max_length=200)
    made_at: datetime = Field(sa_type=INSTANT)
    ends_at: datetime = Field(sa_type=INSTANT)
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)


class ShareVisit(SQLModel, table=True):
    """Somebody opened a link or took a file through it: `what` is "page" or a file's ending. Rows are only added."""

    __tablename__ = "share_visit"

    id: str = Field(primary_key=True, max_length=26)
    link_id: str = Field(foreign_key="share_link.id", index=True)
    at: datetime = Field(sa_type=INSTANT)
    what: str = Field(max_length=20)
