"""Tokens with which a program acts for a person."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class ApiToken(SQLModel, table=True):
    """What a program may do in a person's name, and until when. Only the SHA-256 of the token is kept.

    `hint` are its last characters, by which its owner knows it again; `scopes` the names of what it may.
    """

    __tablename__ = "api_token"

    id: str = Field(primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id", index=True)
    name: str = Field(max_length=100)
    token_hash: str = Field(max_length=64, unique=True)
    hint: str = Field(max_length=8)
    scopes: list[str] = Field(default_factory=list, sa_type=JSON)
    made_at: datetime = Field(sa_type=INSTANT)
    ends_at: datetime = Field(sa_type=INSTANT)
    used_at: datetime | None = Field(default=None, sa_type=INSTANT)
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)
