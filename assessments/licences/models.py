"""A professional's licences, as they state them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class Licence(SQLModel, table=True):
    """A licence with its current renewal window, whose last day is `ends_on` in `zone`.

    `board` is the key of a shipped board, or "" for one that the professional describes in `obligation`. `starts_on` is
    the window's first day where it is not the board's usual one. `number` is text, never a key.
    """

    __tablename__ = "licence"

    id: str = Field(primary_key=True, max_length=26)
    person_id: str = Field(foreign_key="person.id", index=True)
    board: str = Field(default="", max_length=40)
    profession: str = Field(max_length=100)
    jurisdiction: str = Field(max_length=100)
    number: str = Field(max_length=60)
    starts_on: date | None = None
    ends_on: date = Field(index=True)
    zone: str = Field(max_length=64)
    obligation: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    remind: bool = True
    checked_on: date | None = None
    checked_by: str | None = Field(default=None, foreign_key="person.id")
    made_at: datetime = Field(sa_type=INSTANT)
    removed_at: datetime | None = Field(default=None, sa_type=INSTANT)
