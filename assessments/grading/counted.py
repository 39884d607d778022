"""What the queue says around its rows: how much is in each part, and the choices of its filter."""

from typing import Any

from sqlalchemy import Boolean, Connection, bindparam, exists, func, or_, select

from assessments.grading.access import (
    ASSIGNMENT,
    COHORT,
    ENROLMENT,
    IN_ALL_VERSIONS,
    MODULE,
    SUBMISSION,
    VERSION,
    in_scope,
)
from assessments.grading.parts import IDS, WAITS, Part, works_in
from courses.enrolment.access import SECTION

MOST = 999
"""So far is counted; what is beyond is only known to be more, so that a long queue costs no more than that."""

_COUNTS = select(
    *(
        select(func.count())
        .select_from(works_in(part).limit(MOST + 1).correlate(None).subquery())
        .scalar_subquery()
        .label(part.value)
        for part in Part
    )
)
_IN_PART = select(SECTION.c.id).where(
    SECTION.c.cohort_id == COHORT.c.id, SECTION.c.id.in_(bindparam("scopes", expanding=True))
)
_SERVED = or_(
    bindparam("everywhere", type_=Boolean),
    COHORT.c.id.in_(bindparam("scopes", expanding=True)),
    exists(_IN_PART.correlate(COHORT)),
)
_COURSES = select(VERSION.c.course_id).join(COHORT, COHORT.c.version_id == VERSION.c.id).where(_SERVED).correlate(None)
_WAITING = select(SUBMISSION.c.id).select_from(IDS).where(WAITS, *in_scope())
_COHORTS = (
    select(COHORT.c.id, COHORT.c.name, VERSION.c.title)
    .join(VERSION, VERSION.c.id == COHORT.c.version_id)
    .where(_SERVED, exists(_WAITING.where(ENROLMENT.c.cohort_id == COHORT.c.id).correlate(COHORT)))
    .order_by(VERSION.c.title, COHORT.c.name, COHORT.c.id)
)
_ASSIGNMENTS = (
    select(IN_ALL_VERSIONS.label("key"), ASSIGNMENT.c.title, VERSION.c.title.label("course"))
    .join(MODULE, MODULE.c.id == ASSIGNMENT.c.module_id)
    .join(VERSION, VERSION.c.id == ASSIGNMENT.c.version_id)
    .where(
        VERSION.c.course_id.in_(_COURSES),
        exists(_WAITING.where(SUBMISSION.c.assignment_id == ASSIGNMENT.c.id).correlate(ASSIGNMENT)),
    )
    .order_by(VERSION.c.title, MODULE.c.number, ASSIGNMENT.c.position, VERSION.c.major, VERSION.c.minor)
)
Choices = tuple[tuple[str, str], ...]


def counts(conn: Connection, values: dict[str, Any]) -> dict[Part, int]:
    """How many works are in each part as filtered, MOST + 1 for more than MOST; one statement."""
    row = conn.execute(_COUNTS, values).one()
    return {part: int(row._mapping[part.value]) for part in Part}


def cohorts(conn: Connection, values: dict[str, Any]) -> Choices:
    """The cohorts of which something waits, as (id, words); one statement."""
    return tuple((row.id, f"{row.title}, {row.name}") for row in conn.execute(_COHORTS, values))


def assignments(conn: Connection, values: dict[str, Any]) -> Choices:
    """The assignments of which something waits, as (key, words); one statement.

    An assignment is one choice, in the newest words, whichever versions of its course wait.
    """
    rows = conn.execute(_ASSIGNMENTS, values)
    return tuple({row.key: f"{row.title} ({row.course})" for row in rows}.items())


def say(count: int) -> str:
    """A count in words that are true of more than MOST as well."""
    return str(count) if count <= MOST else f"{MOST}+"
