"""What a role may be given for: courses, cohorts and sections, and which grants hold in which of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select

from courses.catalogue.models import Course, CourseVersion
from courses.cohorts.models import Cohort, Section
from fourweek.accounts.access import EVERYWHERE, GRANT, PERSON
from fourweek.accounts.models import ScopeKind
from fourweek.accounts.scopes import Scope
from fourweek.database import table

COURSE, VERSION, COHORT, SECTION = table(Course), table(CourseVersion), table(Cohort), table(Section)
_OF_COHORT = COHORT.join(VERSION, VERSION.c.id == COHORT.c.version_id).join(COURSE, COURSE.c.id == VERSION.c.course_id)
_COHORTS: Any = (
    select(VERSION.c.course_id, COHORT.c.id)
    .join_from(COHORT, VERSION, VERSION.c.id == COHORT.c.version_id)
    .where(VERSION.c.course_id.in_(bindparam("courses", expanding=True)))
)
_LISTED: dict[ScopeKind, Any] = {
    ScopeKind.COURSE: select(COURSE.c.id, COURSE.c.code.label("words")).order_by(COURSE.c.code),
    ScopeKind.COHORT: select(COHORT.c.id, (COURSE.c.code + ": " + COHORT.c.name).label("words"))
    .select_from(_OF_COHORT)
    .order_by(COHORT.c.start_date.desc(), COHORT.c.id),
    ScopeKind.SECTION: select(
        SECTION.c.id, (COURSE.c.code + ": " + COHORT.c.name + ", " + SECTION.c.name).label("words")
    )
    .select_from(_OF_COHORT.join(SECTION, SECTION.c.cohort_id == COHORT.c.id))
    .order_by(COHORT.c.start_date.desc(), COHORT.c.id, SECTION.c.name),
}
_ID = {ScopeKind.COURSE: COURSE.c.id, ScopeKind.COHORT: COHORT.c.id, ScopeKind.SECTION: SECTION.c.id}
_ITS_COHORT, _ITS_VERSION = table(Cohort).alias("its_cohort"), table(CourseVersion).alias("its_version")
_ITS_SECTION = table(Section).alias("its_section")


def holds_in(cohort: Any, section: Any = None) -> ColumnElement[bool]:
    """Whether a grant holds in a cohort, for statements over `role_grant`: one for the institution, for its course or
    for itself. With a `section`, also one for that section. Both are columns or bound values."""
    course = (
        select(_ITS_VERSION.c.course_id)
        .join_from(_ITS_COHORT, _ITS_VERSION, _ITS_VERSION.c.id == _ITS_COHORT.c.version_id)
        .where(_ITS_COHORT.c.id == cohort)
        .correlate_except(_ITS_COHORT, _ITS_VERSION)
        .scalar_subquery()
    )
    own = (GRANT.c.scope_id == section,) if section is not None else ()
    return or_(GRANT.c.scope_id == EVERYWHERE, GRANT.c.scope_id == cohort, GRANT.c.scope_id == course, *own)


def holds_within(cohort: Any) -> ColumnElement[bool]:
    """The same, and one for any of its sections: who serves a cohort or a part of it."""
    sections = select(_ITS_SECTION.c.id).where(_ITS_SECTION.c.cohort_id == cohort).correlate_except(_ITS_SECTION)
    return or_(holds_in(cohort), GRANT.c.scope_id.in_(sections))


PLANNED_BY: Any = (
    select(COHORT.c.created_by)
    .join_from(COHORT, PERSON, PERSON.c.id == COHORT.c.created_by)
    .where(
        COHORT.c.id == bindparam("cohort"),
        PERSON.c.disabled_at.is_(None),
        select(GRANT.c.id).where(GRANT.c.person_id == PERSON.c.id, holds_in(COHORT.c.id)).exists(),
    )
)
"""Who planned a cohort, as long as they serve it."""


class CourseScopes:
    """What the core is told of courses, cohorts and sections."""

    def cohorts_of(self, conn: Connection, courses: Collection[str]) -> Mapping[str, Collection[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for row in conn.execute(_COHORTS, {"courses": sorted(courses)}):
            found[row.course_id].add(row.id)
        return found

    def cohorts_with(self, conn: Connection, sections: Collection[str]) -> Mapping[str, str]:
        wanted = select(SECTION.c.id, SECTION.c.cohort_id).where(SECTION.c.id.in_(sorted(sections)))
        return {row.id: row.cohort_id for row in conn.execute(wanted)}

    def named(self, conn: Connection, ids: Collection[str]) -> Mapping[str, Scope]:
        if not ids:
            return {}
        wanted = {kind: listed.where(_ID[kind].in_(sorted(ids))) for kind, listed in _LISTED.items()}
        rows = [(kind, row) for kind, statement in wanted.items() for row in conn.execute(statement)]
        return {row.id: Scope(row.id, kind, row.words) for kind, row in rows}

    def found(self, conn: Connection, kind: ScopeKind, typed: str, limit: int) -> list[Scope]:
        listed = _LISTED[kind]
        words = listed.selected_columns.words
        part = func.lower(words).contains(typed.strip().lower(), autoescape=True)
        rows = conn.execute(listed.where(or_(part, _ID[kind] == typed.strip())).limit(limit))
        return [Scope(row.id, kind, row.words) for row in rows]
