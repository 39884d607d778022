"""Leases: which process does the worker's job."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class Lease(SQLModel, table=True):
    """A named duty and who has it until when (real clock)."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True, max_length=40)
    holder: str = Field(max_length=80)
    until: datetime = Field(sa_type=INSTANT)
