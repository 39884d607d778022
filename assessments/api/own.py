"""Reading for programs what is one's own: credit, courses with their dates, and the cohorts that one serves."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, false, func, select, true

from assessments.api.own_shapes import (
    CreditLine,
    ModuleDates,
    MyCohorts,
    MyCourse,
    MyCourses,
    MyCredit,
    ServedCohort,
)
from assessments.credit.rules import ceu_text
from assessments.transcripts.parts import TranscriptLine
from assessments.transcripts.record import record_of
from courses.cohorts.queries import COHORT, COHORT_COLUMNS, COHORT_SOURCE, MODULE
from courses.enrolment.access import ENROLMENT, Place, places
from courses.enrolment.models import EnrolmentState
from courses.enrolment.queries import TAKEN
from courses.learning.access import SERVES
from courses.paging import PER_PAGE, offset
from courses.schedule.rules import EffectiveDates, is_open
from fourweek.accounts.access import EVERYWHERE, SignedIn, Visitor
from fourweek.clock import Now
from fourweek.settings import Settings

_MINE = (ENROLMENT.c.person_id == bindparam("person"), ENROLMENT.c.state != EnrolmentState.WITHDRAWN)
_IDS: Any = (
    select(ENROLMENT.c.id, func.count().over().label("total"))
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .where(*_MINE)
    .order_by(COHORT.c.start_date.desc(), ENROLMENT.c.id.desc())
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)
_COUNT = select(func.count()).select_from(ENROLMENT).where(*_MINE)
_SERVED: Any = (
    select(*COHORT_COLUMNS, TAKEN.label("learners"), func.count().over().label("total"))
    .select_from(COHORT_SOURCE)
    .order_by(COHORT.c.start_date.desc(), COHORT.c.id)
    .limit(PER_PAGE)
)


def my_credit(conn: Connection, visitor: Visitor, number: int, settings: Settings) -> MyCredit:
    """Page `number` of the visitor's lines of credit; one statement, as a transcript is read."""
    lines = record_of(conn, visitor.me.id, settings.public_url).lines[::-1]
    return MyCredit(
        lines=[_credit(line) for line in lines[offset(number) :][:PER_PAGE]],
        ceu_total=ceu_text(sum(line.ceu_tenths for line in lines)),
        page=number,
        per_page=PER_PAGE,
        total=len(lines),
    )


def my_courses(conn: Connection, visitor: Visitor, number: int, settings: Settings) -> MyCourses:
    """Page `number` of the visitor's places with their dates; three statements."""
    person = {"person": visitor.me.id}
    rows = conn.execute(_IDS, person | {"skipped": offset(number)}).all()
    order = [row.id for row in rows]
    found = {one.enrolment_id: one for one in places(conn, ENROLMENT.c.id.in_(order))} if order else {}
    titles = _titles(conn, {one.cohort.version_id for one in found.values()})
    return MyCourses(
        courses=[_course(found[one], titles, visitor.now, settings.public_url) for one in order],
        page=number,
        per_page=PER_PAGE,
        total=rows[0].total if rows else conn.execute(_COUNT, person).scalar_one(),
    )


def my_cohorts(conn: Connection, visitor: Visitor, number: int, settings: Settings) -> MyCohorts:
    """Page `number` of the cohorts that the visitor serves, none for a learner; one statement."""
    rows = conn.execute(_SERVED.where(_served_by(visitor.me)).offset(offset(number))).all()
    return MyCohorts(
        cohorts=[_cohort(row, settings.public_url) for row in rows],
        page=number,
        per_page=PER_PAGE,
        total=rows[0].total if rows else 0,
    )


def _served_by(me: SignedIn) -> ColumnElement[bool]:
    """Cohorts for which one of the roles that serve is held, or for one of whose sections."""
    held = frozenset[str]().union(*(me.scopes(permission) for permission in SERVES))
    if EVERYWHERE in held:
        return true()
    cohorts = held | {cohort for _, cohort in me.parts}
    return COHORT.c.id.in_(cohorts) if cohorts else false()


def _credit(line: TranscriptLine) -> CreditLine:
    return CreditLine(
        entry=line.entry,
        course_code=line.course_code,
        course_title=line.course_title,
        module=line.module_number,
        module_title=line.module_title,
        category=line.category,
        completed_on=line.completed_on,
        minutes=line.counted_minutes,
        ceu=ceu_text(line.ceu_tenths),
        status=line.status.value,
    )


def _titles(conn: Connection, versions: set[str]) -> dict[tuple[str, int], str]:
    """The titles of modules by version and number; they are public."""
    if not versions:
        return {}
    wanted = select(MODULE.c.version_id, MODULE.c.number, MODULE.c.title).where(MODULE.c.version_id.in_(versions))
    return {(row.version_id, row.number): row.title for row in conn.execute(wanted)}


def _course(place: Place, titles: Mapping[tuple[str, int], str], now: Now, site: str) -> MyCourse:
    cohort = place.cohort
    return MyCourse(
        cohort=cohort.id,
        cohort_name=cohort.name,
        course_code=cohort.course_code,
        course_title=cohort.course_title,
        state=place.state.value,
        zone=cohort.rules.zone,
        page=f"{site}/cohorts/{cohort.id}",
        modules=[
            _dates(number, titles[cohort.version_id, number], dates, now)
            for number, dates in enumerate(place.all_dates(now.school), start=1)
        ],
    )


def _dates(number: int, title: str, dates: EffectiveDates, now: Now) -> ModuleDates:
    return ModuleDates(
        number=number,
        title=title,
        opens_at=dates.opens_at,
        due_at=dates.due_at,
        late_until=dates.late_until,
        closes_at=dates.closes_at,
        is_open=is_open(dates, now.school),
    )


def _cohort(row: Row[Any], site: str) -> ServedCohort:
    return ServedCohort(
        cohort=row.cohort_id,
        cohort_name=row.cohort_name,
        course_code=row.course_code,
        course_title=row.course_title,
        starts_on=row.start_date,
        zone=row.cohort_zone,
        learners=row.learners,
        page=f"{site}/cohorts/{row.cohort_id}",
    )
