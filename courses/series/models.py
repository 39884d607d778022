"""Courses that stack."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class Series(SQLModel, table=True):
    """A series, known by its code for ever; public once it is published."""

    __tablename__ = "series"

    id: str = Field(primary_key=True, max_length=26)
    code: str = Field(max_length=60, unique=True)
    title: str = Field(max_length=200)
    summary: str = Field(max_length=500)
    body: str = Field(default="", sa_type=Text)
    html: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(sa_type=INSTANT)
    created_by: str | None = Field(default=None, foreign_key="person.id")
    published_at: datetime | None = Field(default=None, sa_type=INSTANT)


class SeriesCourse(SQLModel, table=True):
    """A course of a series, at its place in the order from 1."""

    __tablename__ = "series_course"

    series_id: str = Field(primary_key=True, foreign_key="series.id")
    course_id: str = Field(primary_key=True, foreign_key="course.id", index=True)
    position: int
