"""Reading cohorts as the schedule's rules see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, select

from courses.catalogue.models import Course, CourseVersion, Module
from courses.cohorts.models import Cohort
from courses.schedule.terms import CohortRules, DateRange
from fourweek.database import table

COHORT, VERSION, COURSE, MODULE = table(Cohort), table(CourseVersion), table(Course), table(Module)

MODULE_COUNT = (
    select(func.count()).where(MODULE.c.version_id == COHORT.c.version_id).correlate(COHORT).scalar_subquery()
)
# What CohortFacts needs; label them so that joins with further columns stay readable.
COHORT_COLUMNS = (
    COHORT.c.id.label("cohort_id"),
    COHORT.c.version_id,
    COHORT.c.name.label("cohort_name"),
    COHORT.c.zone.label("cohort_zone"),
    *(
        COHORT.c[name]
        for name in (
            "start_date",
            "release_weekday",
            "release_time",
            "due_days",
            "due_time",
            "late_days",
            "close_days",
            "blackouts",
            "pauses",
            "delivery",
            "instructor",
        )
    ),
    COURSE.c.id.label("course_id"),
    COURSE.c.code.label("course_code"),
    VERSION.c.title.label("course_title"),
    MODULE_COUNT.label("module_count"),
)
COHORT_SOURCE = COHORT.join(VERSION, VERSION.c.id == COHORT.c.version_id).join(
    COURSE, COURSE.c.id == VERSION.c.course_id
)


@dataclass(frozen=True, slots=True)
class CohortFacts:
    """A cohort with its course's name and its dates as rules."""

    id: str
    name: str
    version_id: str
    course_id: str
    course_code: str
    course_title: str
    delivery: str
    instructor: str
    rules: CohortRules

    @property
    def zone(self) -> str:
        return self.rules.zone


def facts_of(row: Row[Any]) -> CohortFacts:
    """CohortFacts from a row that selects COHORT_COLUMNS."""
    return CohortFacts(
        id=row.cohort_id,
        name=row.cohort_name,
        version_id=row.version_id,
        course_id=row.course_id,
        course_code=row.course_code,
        course_title=row.course_title,
        delivery=row.delivery,
        instructor=row.instructor,
        rules=CohortRules(
            start_date=row.start_date,
            zone=row.cohort_zone,
            module_count=row.module_count,
            release_weekday=row.release_weekday,
            release_time=row.release_time,
            due_offset_days=row.due_days,
            due_time=row.due_time,
            late_days=row.late_days,
            close_days=row.close_days,
            blackouts=_ranges(row.blackouts),
            pauses=_ranges(row.pauses),
        ),
    )


def cohort_facts(conn: Connection, cohort_id: str) -> CohortFacts | None:
    """One cohort; None when there is none."""
    wanted = select(*COHORT_COLUMNS).select_from(COHORT_SOURCE).where(COHORT.c.id == cohort_id)
    row = conn.execute(wanted).first()
    return facts_of(row) if row else None


def _ranges(stored: Sequence[dict[str, str]]) -> tuple[DateRange, ...]:
    return tuple(
        DateRange(date.fromisoformat(r["first"]), date.fromisoformat(r["last"]), r.get("title", "")) for r in stored
    )
