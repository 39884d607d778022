"""A course version on a calendar for a group, its sections and people's own dates."""

from datetime import date, datetime, time

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT


class Cohort(SQLModel, table=True):
    """Dates are rules: local dates and times with an IANA zone. Instants come from `courses.schedule`.

    The columns are those of `courses.schedule.terms.CohortRules`, which says what they mean and what None means.
    `blackouts` and `pauses` hold {"first", "last", "title"} with ISO dates.
    """

    __tablename__ = "cohort"

    id: str = Field(primary_key=True, max_length=26)
    version_id: str = Field(foreign_key="course_version.id", index=True)
    name: str = Field(max_length=120)
    zone: str = Field(max_length=64)
    start_date: date = Field(index=True)
    release_weekday: int | None
    release_time: time
    due_days: int | None
    due_time: time
    late_days: int | None = 0
    close_days: int | None = None
    delivery: str = Field(default="online, self-paced within the week", max_length=100)
    instructor: str = Field(default="", max_length=200)
    capacity: int | None = None
    open_for_enrolment: bool = True
    blackouts: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    pauses: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    created_at: datetime = Field(sa_type=INSTANT)
    created_by: str | None = Field(default=None, foreign_key="person.id")


class Section(SQLModel, table=True):
    """Part of a cohort with dates of its own: `shift_days` after the cohort's."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("cohort_id", "name"),)

    id: str = Field(primary_key=True, max_length=26)
    cohort_id: str = Field(foreign_key="cohort.id")
    name: str = Field(max_length=120)
    shift_days: int = 0


class Extension(SQLModel, table=True):
    """A person's own dates: what was granted, why, by whom. See `courses.schedule.terms.PersonDates` for the columns.

    `due_on` with `due_time` is a wall time in the cohort's zone.
    """

    __tablename__ = "extension"

    id: str = Field(primary_key=True, max_length=26)
    enrolment_id: str = Field(foreign_key="enrolment.id", index=True)
    module_number: int | None = None
    shift_days: int = 0
    moves_opening: bool = False
    due_on: date | None = None
    due_time: time | None = None
    opens_all: bool = False
    pause_first: date | None = None
    pause_last: date | None = None
    allow_earlier: bool = False
    reason: str = Field(max_length=500)
    granted_by: str | None = Field(default=None, foreign_key="person.id")
    granted_at: datetime = Field(sa_type=INSTANT)
    expires_at: datetime | None = Field(default=None, sa_type=INSTANT)
