"""What evidence a module asks for."""

from enum import StrEnum

from sqlalchemy import JSON, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from fourweek.database import enum_type


class RequirementKind(StrEnum):
    TEXT = "text"
    FILES = "files"
    LINKS = "links"
    CHECK = "check"


class Assignment(SQLModel, table=True):
    """Asked for by one module of one course version. `key` names the same assignment in every version."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: str = Field(primary_key=True, max_length=26)
    version_id: str = Field(foreign_key="course_version.id")
    module_id: str = Field(foreign_key="module.id", index=True)
    position: int
    key: str = Field(max_length=60)
    title: str = Field(max_length=200)
    instructions_html: str = Field(sa_type=Text)
    required: bool = True
    max_attempts: int | None = None
    rubric_id: str = Field(foreign_key="rubric.id")


class Requirement(SQLModel, table=True):
    """One evidence slot of an assignment, with the limits of its kind."""

    __tablename__ = "requirement"
    __table_args__ = (UniqueConstraint("assignment_id", "key"),)

    id: str = Field(primary_key=True, max_length=26)
    assignment_id: str = Field(foreign_key="assignment.id")
    position: int
    key: str = Field(max_length=60)
    title: str = Field(max_length=200)
    prompt_html: str = Field(default="", sa_type=Text)
    kind: RequirementKind = Field(sa_type=enum_type(RequirementKind))
    required: bool = True
    min_words: int | None = None
    max_words: int | None = None
    max_items: int = 1
    accept: list[str] = Field(default_factory=list, sa_type=JSON)
