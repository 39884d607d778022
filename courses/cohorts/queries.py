"""Reading cohorts as the schedule's rules see them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, Row, func, select

from courses.catalogue.models import Course, CourseVersion, Module
from courses.cohorts.models import Cohort
from courses.schedule.terms import CohortRules, DateRange, KeptOpen, ModuleDates
from courses.schedule.walltime import WallTime
from fourweek.database import table
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass

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
            "place",
            "identity_check",
            "instructors",
            "pacing",
            "modules",
            "kept_open",
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
class Instructor:
    name: str
    background: str = ""


@dataclass(frozen=True, slots=True)
class CohortFacts:
    """A cohort with its course's name and its dates as rules. `delivery` ends with the place, if there is one.

    `identity_check`: credit waits for one.
    """

    id: str
    name: str
    version_id: str
    course_id: str
    course_code: str
    course_title: str
    delivery: str
    instructors: tuple[Instructor, ...]
    rules: CohortRules
    identity_check: bool = False

    @property
    def zone(self) -> str:
        return self.rules.zone

    @property
    def instructor(self) -> str:
        """The names of those who teach, "" where nobody is named."""
        return in_a_row(one.name for one in self.instructors)


def facts_of(row: Row[Any]) -> CohortFacts:
    """CohortFacts from a row that selects COHORT_COLUMNS."""
    return CohortFacts(
        id=row.cohort_id,
        name=row.cohort_name,
        version_id=row.version_id,
        course_id=row.course_id,
        course_code=row.course_code,
        course_title=row.course_title,
        identity_check=row.identity_check,
        delivery=f"{row.delivery}, {row.place}" if row.place else row.delivery,
        instructors=tuple(Instructor(one["name"], one.get("background", "")) for one in row.instructors),
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
            modules=tuple(module_dates_of(one) for one in row.modules),
            pacing=row.pacing,
            kept_open=kept_open_of(row.kept_open),
        ),
    )


def cohort_facts(conn: Connection, cohort_id: str) -> CohortFacts | None:
    """One cohort; None when there is none."""
    wanted = select(*COHORT_COLUMNS).select_from(COHORT_SOURCE).where(COHORT.c.id == cohort_id)
    row = conn.execute(wanted).first()
    return facts_of(row) if row else None


def module_dates_of(stored: Mapping[str, str | int]) -> ModuleDates:
    """One module's own dates as they are stored: the given fields in ISO form."""

    def day(name: str) -> date | None:
        return date.fromisoformat(str(stored[name])) if name in stored else None

    def clock(name: str) -> time | None:
        return time.fromisoformat(str(stored[name])) if name in stored else None

    return ModuleDates(
        number=int(stored["number"]),
        opens_on=day("opens_on"),
        opens_time=clock("opens_time"),
        due_on=day("due_on"),
        due_time=clock("due_time"),
        late_days=int(stored["late_days"]) if "late_days" in stored else None,
        closes_on=day("closes_on"),
    )


def stored_module_dates(own: ModuleDates) -> dict[str, str | int]:
    """The other way: only what is given, dates and times in ISO form."""
    given = {name: value for name, value in asdict(own).items() if value is not None}
    return {name: value if isinstance(value, int) else value.isoformat() for name, value in given.items()}


def stored_range(one: DateRange) -> dict[str, str]:
    return {"first": one.first.isoformat(), "last": one.last.isoformat(), "title": one.title}


def kept_open_of(stored: Sequence[Mapping[str, str | int]]) -> tuple[KeptOpen, ...]:
    """What changes of the rules have left open, as it is stored."""
    found = ((int(one["number"]), datetime.fromisoformat(str(one["since"]))) for one in stored)
    return tuple(KeptOpen(number, WallTime(at.date(), at.time())) for number, at in found)


def stored_kept_open(kept: Sequence[KeptOpen]) -> list[dict[str, str | int]]:
    return [{"number": one.number, "since": f"{one.since.day}T{one.since.at:%H:%M}"} for one in kept]


def _ranges(stored: Sequence[dict[str, str]]) -> tuple[DateRange, ...]:
    return tuple(
        DateRange(date.fromisoformat(r["first"]), date.fromisoformat(r["last"]), r.get("title", "")) for r in stored
    )
