"""What graders write for one another or again and again: notes and the comment bank."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class GraderNote(SQLModel, table=True):
    """A note between those who grade a submission. Learners never see it; it is added to and never changed."""

    __tablename__ = "grader_note"

    id: str = Field(primary_key=True, max_length=26)
    submission_id: str = Field(foreign_key="submission.id", index=True)
    author_id: str = Field(foreign_key="person.id")
    text: str = Field(sa_type=Text)
    written_at: datetime = Field(sa_type=INSTANT)


class BankComment(SQLModel, table=True):
    """A comment kept for further use in a course, on one criterion (its key) or, with "", on any.

    It is its owner's own; `shared` shows it to everybody who grades the course. `removed_at` takes it off the list.
    """

    __tablename__ = "bank_comment"

    id: str = Field(primary_key=True, max_length=26)
    course_id: str = Field(foreign_key="course.id", index=True)
    owner_id: str = Field(foreign_key="person.id", index=True)
    criterion_key: str = Field(default="", max_length=60)
    text: str = Field(sa_type=Text)
    shared: bool = False
    made_at: datetime = Field(sa_type=INSTANT)
    removed_at: datetime | None = Field(default=None, sa_type=INSTANT)
