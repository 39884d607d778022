"""A submission's way to its decision, who is kept away from it, and who grades a section."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class CaseStep(StrEnum):
    """What a submission that waits is waiting for: a rating, a second blind one, or somebody who settles the two."""

    RATING = "rating"
    SECOND = "second"
    RECONCILING = "reconciling"


class Case(SQLModel, table=True):
    """What is known of a submission on its way to a decision; begun when it is handed in, one for each submission.

    `step` says something only while the submission waits. `given_to` is the grader it is allocated to; None leaves it
    to whoever takes it. `lot` is random from 1 to 2^31 - 2 and puts each grader's queue in an order of its own.
    `promised_at` (school's clock) is when the learner was told to expect a decision, None without a promise;
    `warned_at` (real clock) when those who could still keep it were warned.
    """

    __tablename__ = "grading_case"
    __table_args__ = (Index("ix_grading_case_step", "step", "promised_at"),)

    submission_id: str = Field(primary_key=True, foreign_key="submission.id", max_length=26)
    step: CaseStep = Field(default=CaseStep.RATING, sa_type=enum_type(CaseStep))
    given_to: str | None = Field(default=None, foreign_key="person.id", index=True)
    given_by: str | None = Field(default=None, foreign_key="person.id")
    given_at: datetime | None = Field(default=None, sa_type=INSTANT)
    lot: int
    promised_at: datetime | None = Field(default=None, sa_type=INSTANT)
    warned_at: datetime | None = Field(default=None, sa_type=INSTANT)


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
