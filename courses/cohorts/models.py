"""A course version on a calendar for a group, its sections and people's own dates."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from courses.schedule.terms import Pacing
from fourweek.database import INSTANT, enum_type


class EnrolmentWay(StrEnum):
    """How somebody gets a place."""

    SELF = "self"
    APPROVAL = "approval"
    INVITATION = "invitation"


class DeliveryMode(StrEnum):
    """How a cohort meets, as boards tell modes apart."""

    SELF_PACED = "self_paced"
    LIVE_ONLINE = "live_online"
    IN_PERSON = "in_person"
    BLENDED = "blended"


class Cohort(SQLModel, table=True):
    """Dates are rules: local dates and times with an IANA zone. Instants come from `courses.schedule`.

    The columns are those of `courses.schedule.terms.CohortRules`, which says what they mean and what None means.
    `blackouts` and `pauses` hold {"first", "last", "title"} with ISO dates, `modules` the given fields of
    `ModuleDates` in ISO form, `instructors` {"name", "background"}. Enrolment is open from the first to the last of
    its local days, both included. `revision` counts the changes of its dates; `kept_open` holds {"number", "since"},
    a local time in ISO form, for modules that had opened before such a change. `place` is "" for online. Where an
    `identity_check` is asked for, credit is held until the registrar recorded one.
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
    mode: DeliveryMode = Field(default=DeliveryMode.SELF_PACED, sa_type=enum_type(DeliveryMode))
    place: str = Field(default="", max_length=200)
    identity_check: bool = False
    instructors: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    capacity: int | None = None
    open_for_enrolment: bool = True
    way: EnrolmentWay = Field(default=EnrolmentWay.SELF, sa_type=enum_type(EnrolmentWay))
    enrol_from: date | None = None
    enrol_until: date | None = None
    waitlist: bool = False
    pacing: Pacing = Field(default=Pacing.COHORT, sa_type=enum_type(Pacing))
    modules: list[dict[str, str | int]] = Field(default_factory=list, sa_type=JSON)
    cloned_from: str | None = Field(default=None, max_length=26)
    kept_open: list[dict[str, str | int]] = Field(default_factory=list, sa_type=JSON)
    revision: int = 0
    blackouts: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    pauses: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    created_at: datetime = Field(sa_type=INSTANT)
    created_by: str | None = Field(default=None, foreign_key="person.id")


class Section(SQLModel, table=True):
    """Part of a cohort with dates of its own. The columns are those of `courses.schedule.terms.SectionRules`."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("cohort_id", "name"),)

    id: str = Field(primary_key=True, max_length=26)
    cohort_id: str = Field(foreign_key="cohort.id")
    name: str = Field(max_length=120)
    shift_days: int = 0
    start_date: date | None = None
    zone: str | None = Field(default=None, max_length=64)
    release_weekday: int | None = None
    release_time: time | None = None
    due_days: int | None = None
    due_time: time | None = None
    late_days: int | None = None
    close_days: int | None = None
    modules: list[dict[str, str | int]] = Field(default_factory=list, sa_type=JSON)
    kept_open: list[dict[str, str | int]] = Field(default_factory=list, sa_type=JSON)
    revision: int = 0


class Extension(SQLModel, table=True):
    """A person's own dates: what was granted, why, by whom. See `courses.schedule.terms.PersonDates` for the columns.

    `due_on` with `due_time`, and `closes_on` with `closes_time`, are wall times in the cohort's zone. What was granted
    to several people at once shares a `batch_id`.
    """

    __tablename__ = "extension"

    id: str = Field(primary_key=True, max_length=26)
    enrolment_id: str = Field(foreign_key="enrolment.id", index=True)
    module_number: int | None = None
    shift_days: int = 0
    moves_opening: bool = False
    due_on: date | None = None
    due_time: time | None = None
    closes_on: date | None = None
    closes_time: time | None = None
    opens_all: bool = False
    pause_first: date | None = None
    pause_last: date | None = None
    allow_earlier: bool = False
    reason: str = Field(max_length=500)
    granted_by: str | None = Field(default=None, foreign_key="person.id")
    granted_at: datetime = Field(sa_type=INSTANT)
    expires_at: datetime | None = Field(default=None, sa_type=INSTANT)
    batch_id: str | None = Field(default=None, max_length=26, index=True)
