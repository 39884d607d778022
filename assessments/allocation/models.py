"""Who is kept away from whose work, and who grades a section."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class Conflict(SQLModel, table=True):
    """Somebody who grades and somebody whose work they must not judge, until `ended_at` (real clock)."""

    __tablename__ = "grading_conflict"

    id: str = Field(primary_key=True, max_length=26)
    grader_id: str = Field(foreign_key="person.id", index=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    reason: str = Field(default="", max_length=500)
    stated_by: str = Field(foreign_key="person.id")
    stated_at: datetime = Field(sa_type=INSTANT)
    ended_at: datetime | None = Field(default=None, sa_type=INSTANT)
    ended_by: str | None = Field(default=None, foreign_key="person.id")


class SectionGrader(SQLModel, table=True):
    """A grader of a section; where a section has any, its work is allocated among them alone."""

    __tablename__ = "section_grader"

    section_id: str = Field(primary_key=True, foreign_key="section.id", max_length=26)
    grader_id: str = Field(primary_key=True, foreign_key="person.id", index=True, max_length=26)
