"""What an earner lets others see of an award."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class HolderShown(StrEnum):
    """How the page of a badge names who earned it."""

    NAME = "name"
    INITIALS = "initials"


class AwardChoice(SQLModel, table=True):
    """What the earner chose for a badge's page; without a row the name is shown, to those who have the address.

    `listed`: search engines may find it. `shown`: the page is there at all; without it the address answers 410, and
    the badge can still be checked by its file. `revision` guards against two forms at once.
    """

    __tablename__ = "award_choice"

    award_id: str = Field(primary_key=True, foreign_key="award.id", max_length=26)
    holder: HolderShown = Field(default=HolderShown.NAME, sa_type=enum_type(HolderShown))
    listed: bool = False
    shown: bool = True
    revision: int = 0
    changed_at: datetime = Field(sa_type=INSTANT)


class SharedEvidence(SQLModel, table=True):
    """A piece of evidence that the earner lets everybody see from a badge's page, by its digest, until `ended_at`."""

    __tablename__ = "shared_evidence"

    award_id: str = Field(primary_key=True, foreign_key="award.id", max_length=26)
    sha256: str = Field(primary_key=True, max_length=64)
    shared_at: datetime = Field(sa_type=INSTANT)
    ended_at: datetime | None = Field(default=None, sa_type=INSTANT)


class AwardAddress(SQLModel, table=True):
    """A further mail address that a badge is made out to, beside the earner's main one."""

    __tablename__ = "award_address"

    award_id: str = Field(primary_key=True, foreign_key="award.id", max_length=26)
    address: str = Field(primary_key=True, max_length=320)
    added_at: datetime = Field(sa_type=INSTANT)
