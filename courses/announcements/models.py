"""What instructors tell a cohort."""

from datetime import datetime

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class Announcement(SQLModel, table=True):
    """Markdown as typed and its sanitised HTML, for a cohort or one section. Dates are the school's clock.

    `round` counts how often its learners were, or are to be, written to. `told_at` (the real clock) is when everybody
    had been in this round; None while the worker has them still to do.
    """

    __tablename__ = "announcement"
    __table_args__ = (
        Index("ix_announcement_cohort_posted", "cohort_id", "posted_at"),
        Index(
            "ix_announcement_untold",
            "posted_at",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True, max_length=26)
    cohort_id: str = Field(foreign_key="cohort.id")
    section_id: str | None = Field(default=None, foreign_key="section.id")
    title: str = Field(max_length=200)
    body: str = Field(sa_type=Text)
    html: str = Field(sa_type=Text)
    author_id: str = Field(foreign_key="person.id")
    posted_at: datetime = Field(sa_type=INSTANT)
    edited_at: datetime | None = Field(default=None, sa_type=INSTANT)
    withdrawn_at: datetime | None = Field(default=None, sa_type=INSTANT)
    withdrawn_by: str | None = Field(default=None, foreign_key="person.id")
    round: int = 1
    told_at: datetime | None = Field(default=None, sa_type=INSTANT)
