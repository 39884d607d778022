"""What a learner has read. Reading earns nothing; it helps to go on where one stopped."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class LessonRead(SQLModel, table=True):
    __tablename__ = "lesson_read"

    enrolment_id: str = Field(primary_key=True, foreign_key="enrolment.id")
    lesson_id: str = Field(primary_key=True, foreign_key="lesson.id")
    read_at: datetime = Field(sa_type=INSTANT)
