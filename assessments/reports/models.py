"""Reports of completions to boards: which columns, in which order."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class ReportLayout(SQLModel, table=True):
    """The columns of a board's completion report; `columns` hold {"key", "title"} in order."""

    __tablename__ = "report_layout"

    id: str = Field(primary_key=True, max_length=26)
    title: str = Field(max_length=120)
    board: str = Field(default="", max_length=40)
    columns: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    made_by: str = Field(foreign_key="person.id")
    made_at: datetime = Field(sa_type=INSTANT)
    removed_at: datetime | None = Field(default=None, sa_type=INSTANT)
