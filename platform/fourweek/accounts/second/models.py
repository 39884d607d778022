"""The second factor: a secret that an app on a phone shares with us, and codes for the day it is lost."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, WHOLE


class TotpSecret(SQLModel, table=True):
    """A person's secret (RFC 6238), encrypted with the house's own key. It counts from `confirmed_at` on.

    `last_step` is the newest span of 30 seconds whose code was taken: none is taken twice.
    """

    __tablename__ = "totp_secret"

    person_id: str = Field(primary_key=True, foreign_key="person.id")
    sealed: str = Field(max_length=500)
    made_at: datetime = Field(sa_type=INSTANT)
    confirmed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    last_step: int = Field(default=0, sa_type=WHOLE)


class RecoveryCode(SQLModel, table=True):
    """A code that stands in for the app once. Only a digest of it is kept."""

    __tablename__ = "recovery_code"

    id: str = Field(primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id", index=True)
    code_hash: str = Field(max_length=64)
    made_at: datetime = Field(sa_type=INSTANT)
    used_at: datetime | None = Field(default=None, sa_type=INSTANT)
