"""A person's place in a cohort, and how one is asked for."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from fourweek.database import INSTANT, enum_type


class EnrolmentState(StrEnum):
    ACTIVE = "active"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class Enrolment(SQLModel, table=True):
    """Dates are the school's clock. `completed_at` is when the course was met."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)

    id: str = Field(primary_key=True, max_length=26)
    cohort_id: str = Field(foreign_key="cohort.id")
    person_id: str = Field(foreign_key="person.id", index=True)
    section_id: str | None = Field(default=None, foreign_key="section.id")
    state: EnrolmentState = Field(default=EnrolmentState.ACTIVE, sa_type=enum_type(EnrolmentState))
    enrolled_at: datetime = Field(sa_type=INSTANT)
    completed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    withdrawn_at: datetime | None = Field(default=None, sa_type=INSTANT)


class RequestKind(StrEnum):
    """What stands between a person and a place: a free place, a yes of the staff, or a yes of their own."""

    WAITLIST = "waitlist"
    APPROVAL = "approval"
    INVITATION = "invitation"


class RequestState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


class PlaceRequest(SQLModel, table=True):
    """A place that is asked for or offered; it becomes an enrolment when it is accepted. Dates are the school's clock.

    A person has at most one open request in a cohort.
    """

    __tablename__ = "place_request"
    __table_args__ = (
        Index(
            "ix_place_request_open",
            "cohort_id",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: str = Field(primary_key=True, max_length=26)
    cohort_id: str = Field(foreign_key="cohort.id", index=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    section_id: str | None = Field(default=None, foreign_key="section.id")
    kind: RequestKind = Field(sa_type=enum_type(RequestKind))
    state: RequestState = Field(default=RequestState.OPEN, sa_type=enum_type(RequestState))
    message: str = Field(default="", max_length=1000)
    made_at: datetime = Field(sa_type=INSTANT)
    made_by: str = Field(foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=INSTANT)
    decided_by: str | None = Field(default=None, foreign_key="person.id")
    reason: str = Field(default="", max_length=500)
