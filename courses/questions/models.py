"""Questions about a module, and what was replied."""

from datetime import datetime

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT

WAITING = "answered_at IS NULL AND closed_at IS NULL AND hidden_at IS NULL"


class Question(SQLModel, table=True):
    """Asked in a cohort about one module; who may read the module may read it. Dates are the school's clock.

    `answer_id` is the reply that answers it, `answered_by` who said so. What is hidden stays, with who hid it and why.
    """

    __tablename__ = "question"
    __table_args__ = (
        Index("ix_question_cohort_module", "cohort_id", "module_number", "asked_at"),
        Index("ix_question_author", "author_id", "asked_at"),
        Index("ix_question_waiting", "asked_at", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
    )

    id: str = Field(primary_key=True, max_length=26)
    cohort_id: str = Field(foreign_key="cohort.id")
    module_number: int
    author_id: str = Field(foreign_key="person.id")
    title: str = Field(max_length=200)
    body: str = Field(sa_type=Text)
    html: str = Field(sa_type=Text)
    asked_at: datetime = Field(sa_type=INSTANT)
    answered_at: datetime | None = Field(default=None, sa_type=INSTANT)
    answer_id: str | None = Field(default=None, max_length=26)
    answered_by: str | None = Field(default=None, foreign_key="person.id")
    closed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    closed_by: str | None = Field(default=None, foreign_key="person.id")
    hidden_at: datetime | None = Field(default=None, sa_type=INSTANT)
    hidden_by: str | None = Field(default=None, foreign_key="person.id")
    hidden_reason: str = Field(default="", max_length=500)


class Reply(SQLModel, table=True):
    __tablename__ = "reply"
    __table_args__ = (
        Index("ix_reply_question", "question_id", "said_at"),
        Index("ix_reply_author", "author_id", "said_at"),
    )

    id: str = Field(primary_key=True, max_length=26)
    question_id: str = Field(foreign_key="question.id")
    author_id: str = Field(foreign_key="person.id")
    body: str = Field(sa_type=Text)
    html: str = Field(sa_type=Text)
    said_at: datetime = Field(sa_type=INSTANT)
    hidden_at: datetime | None = Field(default=None, sa_type=INSTANT)
    hidden_by: str | None = Field(default=None, foreign_key="person.id")
    hidden_reason: str = Field(default="", max_length=500)
