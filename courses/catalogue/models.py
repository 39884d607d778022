"""What is taught: courses, their frozen versions, modules, lessons and files. Everything rendered once, at publish."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class LessonKind(StrEnum):
    LESSON = "lesson"
    REFERENCE = "reference"


class Course(SQLModel, table=True):
    """A course, known by its code for ever."""

    __tablename__ = "course"

    id: str = Field(primary_key=True, max_length=26)
    code: str = Field(max_length=60, unique=True)
    created_at: datetime = Field(sa_type=INSTANT)
    current_version_id: str | None = Field(default=None, max_length=26)


class CourseVersion(SQLModel, table=True):
    """A published, frozen state of a course. `major` changes with structure, `minor` with wording alone.

    `module_count` and `counted_minutes` are those of its modules, added up once when it is published. `category` is
    that of every activity that names no other. With `separate_events` each module is a credit event of its own; else
    the course is. `credit_types` are derived beside the CEU, such as "PDH".
    """

    __tablename__ = "course_version"
    __table_args__ = (UniqueConstraint("course_id", "major", "minor"),)

    id: str = Field(primary_key=True, max_length=26)
    course_id: str = Field(foreign_key="course.id", index=True)
    major: int
    minor: int
    title: str = Field(max_length=200)
    summary: str = Field(max_length=500)
    description_html: str = Field(default="", sa_type=Text)
    language: str = Field(default="en", max_length=20)
    licence: str = Field(default="", max_length=100)
    partner: str = Field(default="", max_length=200)
    price: str = Field(default="", max_length=100)
    module_count: int = 0
    counted_minutes: int = 0
    attribution_html: str = Field(default="", sa_type=Text)
    skills: list[str] = Field(default_factory=list, sa_type=JSON)
    authors: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    achievement: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    category: str = Field(default="technical", max_length=60)
    minutes_basis: str = Field(default="", max_length=1000)
    separate_events: bool = False
    credit_types: list[str] = Field(default_factory=list, sa_type=JSON)
    package_sha256: str = Field(max_length=64)
    published_at: datetime = Field(sa_type=INSTANT)
    published_by: str | None = Field(default=None, foreign_key="person.id")


class CourseSkill(SQLModel, table=True):
    """A skill that a course's current version names, for the catalogue; `key` is the skill in small letters."""

    __tablename__ = "course_skill"

    course_id: str = Field(primary_key=True, foreign_key="course.id")
    key: str = Field(primary_key=True, max_length=200, index=True)
    skill: str = Field(max_length=200)


class Module(SQLModel, table=True):
    """A week. `counted_minutes` is the sum of its countable activities: the truth for credit."""

    __tablename__ = "module"
    __table_args__ = (UniqueConstraint("version_id", "number"),)

    id: str = Field(primary_key=True, max_length=26)
    version_id: str = Field(foreign_key="course_version.id")
    number: int
    title: str = Field(max_length=200)
    summary: str = Field(default="", max_length=1000)
    counted_minutes: int


class Activity(SQLModel, table=True):
    """A part of a module's time, whole minutes, countable or not. `category` is "" for that of the course.

    How the duration of self-paced work is known: `pilot_median` minutes of `pilot_learners` people on `pilot_on`.
    """

    __tablename__ = "activity"
    __table_args__ = (UniqueConstraint("module_id", "position"),)

    id: str = Field(primary_key=True, max_length=26)
    module_id: str = Field(foreign_key="module.id")
    position: int
    title: str = Field(max_length=200)
    kind: str = Field(max_length=20)
    minutes: int
    countable: bool
    category: str = Field(default="", max_length=60)
    pilot_learners: int | None = None
    pilot_median: int | None = None
    pilot_on: date | None = None


class Lesson(SQLModel, table=True):
    """A page of a module: sanitised HTML whose links are relative to its own address."""

    __tablename__ = "lesson"
    __table_args__ = (UniqueConstraint("module_id", "slug"), UniqueConstraint("module_id", "position"))

    id: str = Field(primary_key=True, max_length=26)
    module_id: str = Field(foreign_key="module.id")
    position: int
    slug: str = Field(max_length=100)
    kind: LessonKind = Field(default=LessonKind.LESSON, sa_type=enum_type(LessonKind))
    title: str = Field(max_length=200)
    minutes: int | None = None
    html: str = Field(sa_type=Text)
    plain_text: str = Field(default="", sa_type=Text)
    headings: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)


class CourseFile(SQLModel, table=True):
    """A figure or download in the store. With a module it is released with it; without one it is public."""

    __tablename__ = "course_file"
    __table_args__ = (UniqueConstraint("version_id", "module_id", "path"),)

    id: str = Field(primary_key=True, max_length=26)
    version_id: str = Field(foreign_key="course_version.id", index=True)
    module_id: str | None = Field(default=None, foreign_key="module.id", index=True)
    path: str = Field(max_length=300)
    media_type: str = Field(max_length=100)
    sha256: str = Field(max_length=64)
    size: int


class PackageDraft(SQLModel, table=True):
    """A package an author uploaded and has not published: checked, previewed, then published or dropped."""

    __tablename__ = "package_draft"

    id: str = Field(primary_key=True, max_length=26)
    author_id: str = Field(foreign_key="person.id", index=True)
    file_name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)
    size: int
    uploaded_at: datetime = Field(sa_type=INSTANT)
    published_version_id: str | None = Field(default=None, foreign_key="course_version.id")
