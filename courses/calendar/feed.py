"""A person's calendar, read by its secret address: six statements, however many courses there are.

One more for whoever has a role for a course, and one for whoever has one for a section.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, or_, select

from courses.calendar.entries import (
    Entry,
    Group,
    Modules,
    grading_entries,
    last_change,
    learner_entries,
    learner_session,
    taught_session,
)
from courses.calendar.models import CalendarAddress
from courses.cohorts.queries import COHORT, COHORT_COLUMNS, COHORT_SOURCE, CohortFacts, facts_of
from courses.coursework import Coursework
from courses.enrolment.access import (
    ENROLMENT,
    EXTENSION,
    LIVE,
    PLACE_COLUMNS,
    PLACE_SOURCE,
    SECTION,
    SECTION_COLUMNS,
    Place,
    places_of,
    section_rules,
)
from courses.enrolment.models import EnrolmentState
from courses.learning.outline import outlines
from courses.live.queries import MEETING_COLUMNS, MEETING_SOURCE, meeting_of
from courses.live.rules import Meeting
from courses.schedule.rules import all_dates
from courses.schedule.terms import Pacing, SectionRules
from fourweek.accounts.access import ALLOWS, EVERYWHERE, GRANT, PERSON, Permission, Visitor, grants_of
from fourweek.accounts.models import ScopeKind
from fourweek.audit.models import AuditRow
from fourweek.clock import Now
from fourweek.database import table
from fourweek.errors import NotFound
from fourweek.language import speaking
from fourweek.light import dataclass

ADDRESS, AUDIT = table(CalendarAddress), table(AuditRow)
SERVED_FOR = timedelta(days=366)

_OWNER: Any = (
    select(PERSON.c.id, PERSON.c.language, GRANT.c.role, GRANT.c.scope_id, GRANT.c.scope_kind)
    .select_from(
        ADDRESS.join(PERSON, PERSON.c.id == ADDRESS.c.person_id).outerjoin(GRANT, GRANT.c.person_id == PERSON.c.id)
    )
    .where(ADDRESS.c.token_hash == bindparam("token"), ADDRESS.c.revoked_at.is_(None), PERSON.c.disabled_at.is_(None))
)
_LAST_ACT = select(func.max(AUDIT.c.at))
_ACTED_ON = (COHORT.c.id, SECTION.c.id, ENROLMENT.c.id, EXTENSION.c.id, EXTENSION.c.batch_id)
_PLACES: Any = (
    select(
        *COHORT_COLUMNS,
        *PLACE_COLUMNS,
        _LAST_ACT.where(AUDIT.c.subject_id.in_(_ACTED_ON))
        .correlate(COHORT, SECTION, ENROLMENT, EXTENSION)
        .scalar_subquery()
        .label("acted_at"),
    )
    .select_from(PLACE_SOURCE)
    .where(ENROLMENT.c.person_id == bindparam("person"), ENROLMENT.c.state == EnrolmentState.ACTIVE)
    .order_by(COHORT.c.start_date, ENROLMENT.c.id)
)
_SERVED: Any = (
    select(
        *COHORT_COLUMNS,
        COHORT.c.created_at,
        _LAST_ACT.where(AUDIT.c.subject_id == COHORT.c.id).correlate(COHORT).scalar_subquery().label("acted_at"),
        _LAST_ACT.join(SECTION, SECTION.c.id == AUDIT.c.subject_id)
        .where(SECTION.c.cohort_id == COHORT.c.id)
        .correlate(COHORT)
        .scalar_subquery()
        .label("sections_acted_at"),
    )
    .select_from(COHORT_SOURCE)
    .where(
        or_(COHORT.c.id.in_(bindparam("cohorts", expanding=True)), COHORT.c.created_by == bindparam("person")),
        or_(COHORT.c.start_date >= bindparam("since"), COHORT.c.pacing == Pacing.ENROLMENT),
    )
    .order_by(COHORT.c.start_date, COHORT.c.id)
)
_SECTIONS: Any = (
    select(SECTION.c.cohort_id, SECTION.c.name.label("section_name"), *SECTION_COLUMNS)
    .where(SECTION.c.id.in_(bindparam("sections", expanding=True)))
    .order_by(SECTION.c.name, SECTION.c.id)
)
_MEETINGS: Any = (
    select(*MEETING_COLUMNS)
    .select_from(MEETING_SOURCE)
    .where(LIVE.c.cohort_id.in_(bindparam("cohorts", expanding=True)))
    .order_by(LIVE.c.on, LIVE.c.at, LIVE.c.id)
)


@dataclass(frozen=True, slots=True)
class _Learning:
    """An active enrolment, and when something last happened that its dates follow from."""

    place: Place
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class _Part:
    """A section that somebody was given a role for."""

    section_id: str
    name: str
    rules: SectionRules
    rights: frozenset[Permission]


@dataclass(frozen=True, slots=True)
class _Serving:
    """A cohort that somebody was given a role in or has made, or has `parts` that they were given a role for."""

    cohort: CohortFacts
    changed_at: datetime
    rights: frozenset[Permission]
    parts: tuple[_Part, ...] = ()

    def parts_for(self, permission: Permission) -> list[_Part]:
        """Where it is held for sections alone; none where it is held in the whole cohort."""
        return [] if permission in self.rights else [part for part in self.parts if permission in part.rights]


def calendar(
    conn: Connection, visitor: Visitor, coursework: Coursework, token_hash: str, language: str
) -> tuple[Entry, ...]:
    """Everything in the calendar behind an address, in order. Raises NotFound for one that is not in force.

    Of a cohort, somebody with a role in it gets the sessions and what comes in to be graded, for a year from its start;
    with a role for a section, its own sessions and those of everybody, and what comes in by the dates of that section.
    A role for the whole institution brings the cohorts that they have made: all others are too many. It speaks its
    owner's language, else the school's, `language`: never that of the program that asks.
    """
    owner = conn.execute(_OWNER, {"token": token_hash}).all()
    if not owner:
        raise NotFound
    learning = _learning(conn, owner[0].id, visitor.now)
    serving = _serving(conn, owner, visitor.now)
    cohorts = [one.place.cohort for one in learning] + [one.cohort for one in serving]
    modules = _modules(conn, coursework, {cohort.version_id for cohort in cohorts})
    meetings = _meetings(conn, {cohort.id for cohort in cohorts})
    now = visitor.now.school
    with speaking(owner[0].language or language):
        found = [entry for one in learning for entry in _learner(one, modules, meetings, now)]
        found += [entry for one in serving for entry in _staff(one, modules, meetings, now)]
    every = {entry.uid: entry for entry in found}  # whoever teaches a cohort and learns in it has each session once
    return tuple(sorted(every.values(), key=lambda entry: (entry.starts_at, entry.uid)))


def _learning(conn: Connection, person_id: str, now: Now) -> list[_Learning]:
    rows = conn.execute(_PLACES, {"person": person_id}).all()
    acted: dict[str, list[datetime | None]] = {}
    for row in rows:
        acted.setdefault(row.enrolment_id, []).append(row.acted_at)
    return [
        _Learning(place, last_change(place, max(_acted(acted[place.enrolment_id], now), default=None), now.school))
        for place in places_of(rows)
    ]


def _serving(conn: Connection, owner: Sequence[Row[Any]], now: Now) -> list[_Serving]:
    rights: dict[str, set[Permission]] = {}
    for role, scope in grants_of(conn, owner):
        rights.setdefault(scope, set()).update(ALLOWS[role])
    if not rights:
        return []
    parts = _parts(conn, owner, rights)
    values = {"cohorts": sorted({*rights, *parts}), "person": owner[0].id, "since": (now.school - SERVED_FOR).date()}
    everywhere = rights.get(EVERYWHERE, set())
    return [
        _Serving(
            cohort=facts_of(row),
            changed_at=max([row.created_at, *_acted((row.acted_at, row.sections_acted_at), now)]),
            rights=frozenset(rights.get(row.cohort_id, set()) | everywhere),
            parts=tuple(parts.get(row.cohort_id, ())),
        )
        for row in conn.execute(_SERVED, values)
    ]


def _parts(
    conn: Connection, owner: Sequence[Row[Any]], rights: Mapping[str, Collection[Permission]]
) -> dict[str, list[_Part]]:
    """The sections somebody has a role for, by cohort; one statement where there is any."""
    sections = {row.scope_id for row in owner if row.scope_kind is ScopeKind.SECTION}
    found: dict[str, list[_Part]] = {}
    for row in conn.execute(_SECTIONS, {"sections": sorted(sections)}) if sections else ():
        part = _Part(row.section_id, row.section_name, section_rules(row), frozenset(rights[row.section_id]))
        found.setdefault(row.cohort_id, []).append(part)
    return found


def _acted(instants: Iterable[datetime | None], now: Now) -> list[datetime]:
    """Acts are noted by the real clock, dates are the school's; only a demonstration has the two apart."""
    return [at + (now.school - now.real) for at in instants if at is not None]


def _modules(conn: Connection, coursework: Coursework, version_ids: Collection[str]) -> dict[str, Modules]:
    asking = coursework.asking_modules(conn, version_ids)
    return {
        version: Modules(tuple(module.title for module in outline), asking[version])
        for version, outline in outlines(conn, version_ids).items()
    }


def _meetings(conn: Connection, cohort_ids: Collection[str]) -> dict[str, list[Meeting]]:
    found: dict[str, list[Meeting]] = {}
    if cohort_ids:
        for row in conn.execute(_MEETINGS, {"cohorts": sorted(cohort_ids)}):
            found.setdefault(row.cohort_id, []).append(meeting_of(row))
    return found


def _learner(
    one: _Learning, modules: dict[str, Modules], meetings: dict[str, list[Meeting]], now: datetime
) -> Iterator[Entry]:
    place, dates = one.place, one.place.all_dates(now)
    yield from learner_entries(place, modules[place.cohort.version_id], dates, one.changed_at)
    for meeting in meetings.get(place.cohort.id, ()):
        if meeting.section_id in (None, place.section_id):
            yield learner_session(meeting, place, dates, one.changed_at, now)


def _staff(
    one: _Serving, modules: dict[str, Modules], meetings: dict[str, list[Meeting]], now: datetime
) -> Iterator[Entry]:
    cohort = one.cohort
    if Permission.GRADE in one.rights and cohort.rules.pacing is Pacing.COHORT:
        dates = all_dates(cohort.rules, now=now)
        yield from grading_entries(cohort, modules[cohort.version_id], dates, one.changed_at)
    for part in one.parts_for(Permission.GRADE) if cohort.rules.pacing is Pacing.COHORT else ():
        dates, group = all_dates(cohort.rules, now=now, section=part.rules), Group(part.section_id, part.name)
        yield from grading_entries(cohort, modules[cohort.version_id], dates, one.changed_at, group)
    taught = {None, *(part.section_id for part in one.parts_for(Permission.TEACH))}
    for meeting in meetings.get(cohort.id, ()):
        if Permission.TEACH in one.rights or (len(taught) > 1 and meeting.section_id in taught):
            yield taught_session(meeting, cohort, one.changed_at)
