"""A learner's place in a cohort: fetched and authorised in one step, with the dates that hold for this person."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, exists, select

from courses.cohorts.models import Extension, Section
from courses.cohorts.queries import (
    COHORT,
    COHORT_COLUMNS,
    COHORT_SOURCE,
    CohortFacts,
    facts_of,
    kept_open_of,
    module_dates_of,
)
from courses.enrolment.models import Enrolment, EnrolmentState
from courses.live.models import LiveSession
from courses.schedule.rules import EffectiveDates, all_dates, effective_dates
from courses.schedule.terms import EnrolmentFacts, PersonDates, SectionRules
from courses.schedule.walltime import WallTime
from fourweek.accounts.access import Visitor
from fourweek.database import table
from fourweek.errors import NotFound
from fourweek.light import dataclass
from fourweek.prepared import Prepared

ENROLMENT, SECTION, EXTENSION, LIVE = table(Enrolment), table(Section), table(Extension), table(LiveSession)
SECTION_RULES = (
    "shift_days",
    "start_date",
    "zone",
    "release_weekday",
    "release_time",
    "due_days",
    "due_time",
    "late_days",
    "close_days",
    "modules",
    "kept_open",
)


@dataclass(frozen=True, slots=True)
class Place:
    """One enrolment with everything its dates depend on. `meets_live`: its cohort has live sessions to ask about."""

    enrolment_id: str
    person_id: str
    state: EnrolmentState
    enrolled_at: datetime
    cohort: CohortFacts
    section: SectionRules | None
    extensions: tuple[PersonDates, ...]
    meets_live: bool
    section_id: str | None = None

    def dates(self, module_number: int, now: datetime) -> EffectiveDates:
        """The dates of one module for this person at `now` (the school's clock); the one that decides (law 2)."""
        return effective_dates(
            self.cohort.rules,
            module_number,
            now=now,
            section=self.section,
            enrolment=EnrolmentFacts(self.enrolled_at),
            extensions=self.extensions,
        )

    def all_dates(self, now: datetime) -> tuple[EffectiveDates, ...]:
        """The dates of every module, module n at index n - 1."""
        return all_dates(
            self.cohort.rules,
            now=now,
            section=self.section,
            enrolment=EnrolmentFacts(self.enrolled_at),
            extensions=self.extensions,
        )


SECTION_COLUMNS = (
    SECTION.c.id.label("section_id"),
    *(SECTION.c[name].label(f"section_{name}") for name in SECTION_RULES),
)
GRANT_COLUMNS = (
    EXTENSION.c.id.label("extension_id"),
    *(
        EXTENSION.c[name]
        for name in (
            "module_number",
            "shift_days",
            "moves_opening",
            "due_on",
            "closes_on",
            "closes_time",
            "opens_all",
            "allow_earlier",
            "pause_first",
            "pause_last",
            "granted_at",
            "expires_at",
        )
    ),
    EXTENSION.c.due_time.label("extension_due_time"),
)
PLACE_COLUMNS = (
    ENROLMENT.c.id.label("enrolment_id"),
    ENROLMENT.c.person_id,
    ENROLMENT.c.state.label("enrolment_state"),
    ENROLMENT.c.enrolled_at,
    exists().where(LIVE.c.cohort_id == ENROLMENT.c.cohort_id).correlate(ENROLMENT).label("meets_live"),
    *SECTION_COLUMNS,
    *GRANT_COLUMNS,
)
PLACE_SOURCE = (
    COHORT_SOURCE.join(ENROLMENT, ENROLMENT.c.cohort_id == COHORT.c.id)
    .outerjoin(SECTION, SECTION.c.id == ENROLMENT.c.section_id)
    .outerjoin(EXTENSION, EXTENSION.c.enrolment_id == ENROLMENT.c.id)
)
_PLACES = select(*COHORT_COLUMNS, *PLACE_COLUMNS).select_from(PLACE_SOURCE)
_MINE = _PLACES.where(
    ENROLMENT.c.cohort_id == bindparam("cohort"),
    ENROLMENT.c.person_id == bindparam("person"),
    ENROLMENT.c.state != EnrolmentState.WITHDRAWN,
)
_MINE_HELD = Prepared(_MINE.with_for_update(of=ENROLMENT))
_MINE_READ = Prepared(_MINE)


def my_place(conn: Connection, visitor: Visitor, cohort_id: str, *, deciding: bool = False) -> Place:
    """The visitor's own place in a cohort, one statement. Raises NotFound for everybody who has none.

    With `deciding`, the enrolment stays locked until the transaction ends (SQLite holds the whole database already).
    """
    wanted = _MINE_HELD if deciding else _MINE_READ
    rows = wanted.all(conn, cohort=cohort_id, person=visitor.me.id)
    if not rows:
        raise NotFound
    return places_of(rows)[0]


def places(conn: Connection, *where: ColumnElement[bool]) -> list[Place]:
    """Every place that fits, in one statement; the caller has authorised it."""
    return places_of(conn.execute(_PLACES.where(*where).order_by(ENROLMENT.c.id)).all())


def places_of(rows: Iterable[Row[Any]]) -> list[Place]:
    """Places from rows of one reading that select COHORT_COLUMNS and PLACE_COLUMNS, one row per extension.

    Places of one cohort share its facts, those of one section its rules.
    """
    grouped: dict[str, list[Row[Any]]] = {}
    cohorts: dict[str, CohortFacts] = {}
    sections: dict[str, SectionRules] = {}
    for row in rows:
        grouped.setdefault(row.enrolment_id, []).append(row)
        if row.cohort_id not in cohorts:
            cohorts[row.cohort_id] = facts_of(row)
        if row.section_id and row.section_id not in sections:
            sections[row.section_id] = section_rules(row)
    return [_place(group, cohorts, sections) for group in grouped.values()]


def _place(rows: list[Row[Any]], cohorts: Mapping[str, CohortFacts], sections: Mapping[str, SectionRules]) -> Place:
    first = rows[0]
    return Place(
        enrolment_id=first.enrolment_id,
        person_id=first.person_id,
        state=first.enrolment_state,
        enrolled_at=first.enrolled_at,
        cohort=cohorts[first.cohort_id],
        section=sections[first.section_id] if first.section_id else None,
        extensions=tuple(grant_of(row, first.due_time) for row in rows if row.extension_id),
        meets_live=bool(first.meets_live),
        section_id=first.section_id,
    )


def section_rules(row: Row[Any]) -> SectionRules:
    """A section's rules from a row that selects SECTION_COLUMNS."""
    return SectionRules(
        shift_days=row.section_shift_days,
        start_date=row.section_start_date,
        zone=row.section_zone,
        release_weekday=row.section_release_weekday,
        release_time=row.section_release_time,
        due_offset_days=row.section_due_days,
        due_time=row.section_due_time,
        late_days=row.section_late_days,
        close_days=row.section_close_days,
        modules=tuple(module_dates_of(one) for one in row.section_modules),
        kept_open=kept_open_of(row.section_kept_open),
    )


def grant_of(row: Row[Any], due_time: time) -> PersonDates:
    """An extension from a row that selects GRANT_COLUMNS; `due_time` is the cohort's, for dates without a time."""
    due = WallTime(row.due_on, row.extension_due_time or due_time) if row.due_on else None
    closes = WallTime(row.closes_on, row.closes_time or due_time) if row.closes_on else None
    return PersonDates(
        granted_at=row.granted_at,
        key=row.extension_id,
        module_number=row.module_number,
        shift_days=row.shift_days,
        moves_opening=row.moves_opening,
        due=due,
        closes=closes,
        opens_all=row.opens_all,
        pause_first=row.pause_first,
        pause_last=row.pause_last,
        expires_at=row.expires_at,
        allow_earlier=row.allow_earlier,
    )
