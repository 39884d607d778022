"""Files that are on their way."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, WHOLE, enum_type


class UploadState(StrEnum):
    """`receiving` until every byte is here; `checking` while the digest is made; then `kept`, or `refused`."""

    RECEIVING = "receiving"
    CHECKING = "checking"
    KEPT = "kept"
    REFUSED = "refused"


class Upload(SQLModel, table=True):
    """One file that a person sends in pieces for a slot of their draft (tus 1.0). Instants are of the real clock.

    `received` bytes of `size` are synced to the disk; only they were ever acknowledged. `checked` bytes are in the
    digest so far. `problem` says why it was refused. `keeps_place`: location data in a photo is to stay.
    """

    __tablename__ = "upload"

    id: str = Field(primary_key=True, max_length=26)
    submission_id: str = Field(foreign_key="submission.id", index=True)
    requirement_id: str = Field(foreign_key="requirement.id")
    person_id: str = Field(foreign_key="person.id", index=True)
    file_name: str = Field(max_length=300)
    media_type: str = Field(max_length=100)
    size: int = Field(sa_type=WHOLE)
    received: int = Field(default=0, sa_type=WHOLE)
    checked: int = Field(default=0, sa_type=WHOLE)
    sha256: str = Field(default="", max_length=64)
    state: UploadState = Field(default=UploadState.RECEIVING, sa_type=enum_type(UploadState))
    problem: str = Field(default="", max_length=300)
    keeps_place: bool = False
    begun_at: datetime = Field(sa_type=INSTANT)
    touched_at: datetime = Field(sa_type=INSTANT, index=True)
