"""What a learner has read. Reading earns nothing; it helps to go on where one stopped."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class LessonRead(SQLModel, table=True):
    __tablename__ = "lesson_read"

    enrolment_id: str = Field(primary_key=True, foreign_key="enrolment.id")
    lesson_id: str = Field(primary_key=True, foreign_key="lesson.id")
    read_at: datetime = Field(sa_type=INSTANT)


class ReadingPlace(SQLModel, table=True):
    """Where somebody stopped reading: the lesson opened last, and the heading that stood on the screen ("" the top)."""

    __tablename__ = "reading_place"

    enrolment_id: str = Field(primary_key=True, foreign_key="enrolment.id")
    lesson_id: str = Field(foreign_key="lesson.id")
    heading: str = Field(default="", max_length=200)
    at: datetime = Field(sa_type=INSTANT)
