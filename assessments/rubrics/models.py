"""Competencies and the rubrics evidence is judged against. A rubric is frozen with its course version."""

from datetime import datetime

from sqlalchemy import JSON, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class Competency(SQLModel, table=True):
    """What a person can do. `key` is stable within the course."""

    __tablename__ = "competency"
    __table_args__ = (UniqueConstraint("course_id", "key"),)

    id: str = Field(primary_key=True, max_length=26)
    course_id: str = Field(foreign_key="course.id")
    key: str = Field(max_length=60)
    title: str = Field(max_length=200)
    description: str = Field(default="", sa_type=Text)


class Rubric(SQLModel, table=True):
    """Criteria and levels for one assignment, in one version."""

    __tablename__ = "rubric"

    id: str = Field(primary_key=True, max_length=26)
    course_id: str = Field(foreign_key="course.id", index=True)
    assignment_key: str = Field(max_length=60)
    major: int
    minor: int
    created_at: datetime = Field(sa_type=INSTANT)


class Criterion(SQLModel, table=True):
    """One thing that is judged, on the requirements in `judged_on`; `required_level` is the lowest that will do."""

    __tablename__ = "criterion"
    __table_args__ = (UniqueConstraint("rubric_id", "key"),)

    id: str = Field(primary_key=True, max_length=26)
    rubric_id: str = Field(foreign_key="rubric.id")
    position: int
    key: str = Field(max_length=60)
    title: str = Field(max_length=200)
    description: str = Field(default="", sa_type=Text)
    competency_id: str = Field(foreign_key="competency.id")
    judged_on: list[str] = Field(default_factory=list, sa_type=JSON)
    required_level: str = Field(max_length=60)


class Level(SQLModel, table=True):
    """A level of a criterion; `position` rises with what was shown, from 0.

    `exemplar` is an example of it as sanitised HTML, rendered once, and `exemplar_source` as it was written; both "" if
    there is none.
    """

    __tablename__ = "level"
    __table_args__ = (UniqueConstraint("criterion_id", "key"), UniqueConstraint("criterion_id", "position"))

    id: str = Field(primary_key=True, max_length=26)
    criterion_id: str = Field(foreign_key="criterion.id")
    position: int
    key: str = Field(max_length=60)
    title: str = Field(max_length=100)
    descriptor: str = Field(sa_type=Text)
    exemplar: str = Field(default="", sa_type=Text)
    exemplar_source: str = Field(default="", sa_type=Text)
