"""A cohort for whoever takes its grading away: fetched and authorised in one step."""

from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from assessments.assignments.queries import IN_ORDER
from assessments.grading.access import ASSIGNMENT, COHORT, MODULE, VERSION, serves
from assessments.terms.queries import TERMS
from courses.catalogue.models import Course
from fourweek.accounts.access import EVERYWHERE, Permission, Visitor
from fourweek.database import table
from fourweek.errors import Forbidden, NotFound
from fourweek.language import _
from fourweek.light import dataclass

COURSE = table(Course)
_COHORT: Select[Any] = (
    select(
        COHORT.c.id,
        COHORT.c.name,
        COHORT.c.version_id,
        COURSE.c.code,
        VERSION.c.title.label("course"),
        func.coalesce(TERMS.c.anonymous, False).label("anonymous"),
    )
    .select_from(
        COHORT.join(VERSION, VERSION.c.id == COHORT.c.version_id)
        .join(COURSE, COURSE.c.id == VERSION.c.course_id)
        .outerjoin(TERMS, TERMS.c.cohort_id == COHORT.c.id)
    )
    .where(COHORT.c.id == bindparam("cohort"))
)
_ASSIGNMENTS: Select[Any] = (
    select(ASSIGNMENT.c.key, ASSIGNMENT.c.title)
    .join(MODULE, MODULE.c.id == ASSIGNMENT.c.module_id)
    .where(ASSIGNMENT.c.version_id == bindparam("version"))
    .order_by(*IN_ORDER)
)


@dataclass(frozen=True, slots=True)
class Exported:
    """A cohort whose grading the visitor may take away; `assignments` are (key, title) of its version, in order."""

    id: str
    name: str
    code: str
    course: str
    anonymous: bool
    assignments: tuple[tuple[str, str], ...]


def exported_cohort(conn: Connection, visitor: Visitor, cohort_id: str) -> Exported:
    """Two statements. Graders of the cohort get 403, everybody else who does not lead it 404."""
    if not visitor.me.may(Permission.GRADE, cohort_id):
        raise NotFound
    if not visitor.me.may(Permission.REVIEW_GRADES, cohort_id):
        raise Forbidden(_("Only the lead of this cohort may take its grading away."))
    row = conn.execute(_COHORT, {"cohort": cohort_id}).first()
    if row is None:
        raise NotFound
    asked = conn.execute(_ASSIGNMENTS, {"version": row.version_id})
    return Exported(
        row.id, row.name, row.code, row.course, bool(row.anonymous), tuple((one.key, one.title) for one in asked)
    )


def leads(visitor: Visitor) -> dict[str, Any]:
    """Values that narrow cohorts to those the visitor leads. Graders get 403, others 404."""
    serves(visitor, Permission.GRADE)
    if not visitor.me.may_anywhere(Permission.REVIEW_GRADES):
        raise Forbidden(_("Only leads take grading away."))
    scopes = visitor.me.scopes(Permission.REVIEW_GRADES)
    return {"everywhere": EVERYWHERE in scopes, "scopes": sorted(scopes)}
