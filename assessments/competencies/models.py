"""Frameworks of skills from outside, and which of them a course's competencies are aligned with."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class Framework(SQLModel, table=True):
    """A list of skills that somebody publishes, such as ESCO or O*NET, in one version. `key` names it in packages."""

    __tablename__ = "framework"

    id: str = Field(primary_key=True, max_length=26)
    key: str = Field(max_length=60, unique=True)
    title: str = Field(max_length=200)
    publisher: str = Field(default="", max_length=200)
    version: str = Field(default="", max_length=60)
    url: str = Field(default="", max_length=2000)
    made_at: datetime = Field(sa_type=INSTANT)
    made_by: str | None = Field(default=None, foreign_key="person.id")


class Skill(SQLModel, table=True):
    """One skill of a framework, by its code there and the address that names it."""

    __tablename__ = "skill"
    __table_args__ = (UniqueConstraint("framework_id", "code"),)

    id: str = Field(primary_key=True, max_length=26)
    framework_id: str = Field(foreign_key="framework.id")
    code: str = Field(max_length=200)
    title: str = Field(max_length=300)
    description: str = Field(default="", sa_type=Text)
    url: str = Field(default="", max_length=2000)


class Alignment(SQLModel, table=True):
    """A competency of a course is an instance of this skill."""

    __tablename__ = "alignment"

    competency_id: str = Field(primary_key=True, foreign_key="competency.id", max_length=26)
    skill_id: str = Field(primary_key=True, foreign_key="skill.id", index=True, max_length=26)
    stated_at: datetime = Field(sa_type=INSTANT)
    stated_by: str | None = Field(default=None, foreign_key="person.id")
