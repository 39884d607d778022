"""Live sessions of a cohort, and who was there."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class Presence(StrEnum):
    """`made_up`: what was missed was made good in a way that staff vouch for, with a reason."""

    PRESENT = "present"
    ABSENT = "absent"
    MADE_UP = "made_up"


class Source(StrEnum):
    """How attendance was taken."""

    LIST = "list"
    CODE = "code"
    CSV = "csv"


class LiveSession(SQLModel, table=True):
    """A meeting on the wall clock of the cohort, or of the section it is for.

    With `required` and a module, attendance is part of that module's completion. `code` is what is shown in the session
    to those present ("" until one is made). `revision` counts changes of what a calendar shows.
    """

    __tablename__ = "live_session"

    id: str = Field(primary_key=True, max_length=26)
    cohort_id: str = Field(foreign_key="cohort.id", index=True)
    section_id: str | None = Field(default=None, foreign_key="section.id")
    module_number: int | None = None
    title: str = Field(max_length=200)
    on: date
    at: time
    minutes: int
    join_url: str = Field(default="", max_length=500)
    recording_url: str = Field(default="", max_length=500)
    instructor: str = Field(default="", max_length=200)
    required: bool = False
    code: str = Field(default="", max_length=12)
    created_at: datetime = Field(sa_type=INSTANT)
    created_by: str | None = Field(default=None, foreign_key="person.id")
    changed_at: datetime = Field(sa_type=INSTANT)
    cancelled_at: datetime | None = Field(default=None, sa_type=INSTANT)
    revision: int = 0
    moved_at: datetime | None = Field(default=None, sa_type=INSTANT)
    moved_from: datetime | None = Field(default=None, sa_type=INSTANT)


class Attendance(SQLModel, table=True):
    """Whether somebody was at a session. Dates are the school's clock; every change leaves an audit row."""

    __tablename__ = "attendance"

    session_id: str = Field(primary_key=True, foreign_key="live_session.id")
    enrolment_id: str = Field(primary_key=True, foreign_key="enrolment.id", index=True)
    presence: Presence = Field(sa_type=enum_type(Presence))
    source: Source = Field(sa_type=enum_type(Source))
    reason: str = Field(default="", max_length=500)
    recorded_at: datetime = Field(sa_type=INSTANT)
    recorded_by: str = Field(foreign_key="person.id")


class WrongCode(SQLModel, table=True):
    """How many wrong codes somebody has typed for a session."""

    __tablename__ = "wrong_code"

    session_id: str = Field(primary_key=True, foreign_key="live_session.id")
    enrolment_id: str = Field(primary_key=True, foreign_key="enrolment.id")
    times: int = 0
