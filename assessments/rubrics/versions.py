"""The versions of one rubric: what changed between neighbours, and whom each concerns."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from assessments.assignments.queries import ASSIGNMENT
from assessments.rubrics.affected import InCohort, affected
from assessments.rubrics.differences import Difference, differences
from assessments.rubrics.library import whole_rubric
from assessments.rubrics.models import Rubric
from assessments.rubrics.queries import public_criteria
from assessments.rubrics.toml_text import written
from courses.catalogue.access import of_a_writer
from courses.catalogue.rules import say_version
from courses.cohorts.queries import COURSE, VERSION
from courses.coursework import PublicCriterion
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.database import table
from fourweek.language import _
from fourweek.light import dataclass

RUBRIC = table(Rubric)

# One more than the page shows: the oldest is compared with the one before it.
_VERSIONS: Any = (
    select(
        RUBRIC.c.id,
        RUBRIC.c.course_id,
        RUBRIC.c.major,
        RUBRIC.c.minor,
        RUBRIC.c.created_at,
        ASSIGNMENT.c.title,
        VERSION.c.title.label("course_title"),
        func.count().over().label("total"),
    )
    .join(COURSE, COURSE.c.id == RUBRIC.c.course_id)
    .join(ASSIGNMENT, ASSIGNMENT.c.rubric_id == RUBRIC.c.id)
    .join(VERSION, VERSION.c.id == ASSIGNMENT.c.version_id)
    .where(COURSE.c.code == bindparam("code"), RUBRIC.c.assignment_key == bindparam("key"))
    .order_by(RUBRIC.c.major.desc(), RUBRIC.c.minor.desc())
    .limit(PER_PAGE + 1)
    .offset(bindparam("offset"))
)


@dataclass(frozen=True, slots=True)
class RubricVersion:
    """One version. `since` is the version before it, "" for the first, `changes` what differs from that one.

    `cohorts` are those that it concerns; `begun`, `drafts`, `waiting` and `to_come` are their sums.
    """

    number: str
    published: Said
    since: str
    is_structure: bool
    changes: tuple[Difference, ...]
    cohorts: tuple[InCohort, ...]

    @property
    def sums(self) -> InCohort:
        found = self.cohorts
        return InCohort(
            "",
            _("All cohorts"),
            sum(one.begun for one in found),
            sum(one.drafts for one in found),
            sum(one.waiting for one in found),
            sum(one.to_come for one in found),
        )


@dataclass(frozen=True, slots=True)
class RubricPage:
    """A rubric with its versions, newest first; `criteria` are those of the newest on this page."""

    code: str
    course_title: str
    key: str
    title: str
    criteria: tuple[PublicCriterion, ...]
    toml: str
    versions: tuple[RubricVersion, ...]
    pager: Pager


def rubric_page(conn: Connection, visitor: Visitor, code: str, key: str, number: int) -> RubricPage:
    """The versions of an assignment's rubric; six statements. Raises NotFound."""
    rows = conn.execute(_VERSIONS, {"code": code, "key": key, "offset": offset(number)}).all()
    newest = of_a_writer(visitor, rows[0] if rows else None)
    ids = [row.id for row in rows]
    criteria, cohorts = public_criteria(conn, ids), affected(conn, ids)
    pairs = [(row, rows[place + 1] if place + 1 < len(rows) else None) for place, row in enumerate(rows[:PER_PAGE])]
    versions = tuple(_version(row, before, criteria, cohorts[row.id], visitor) for row, before in pairs)
    return RubricPage(
        code=code,
        course_title=newest.course_title,
        key=key,
        title=newest.title,
        criteria=criteria.get(newest.id, ()),
        toml=_toml(conn, newest),
        versions=versions,
        pager=pager(number, newest.total, lambda n: query(page=n)),
    )


def rubric_toml(conn: Connection, visitor: Visitor, code: str, key: str) -> str:
    """The newest version as a package holds it. Raises NotFound."""
    row = conn.execute(_VERSIONS, {"code": code, "key": key, "offset": 0}).first()
    return _toml(conn, of_a_writer(visitor, row))


def _toml(conn: Connection, row: Row[Any]) -> str:
    source = f"“{row.title}” in “{row.course_title}”, version {say_version((row.major, row.minor))}"
    return written(source, *whole_rubric(conn, row.id))


def _version(
    row: Row[Any],
    before: Row[Any] | None,
    criteria: dict[str, tuple[PublicCriterion, ...]],
    cohorts: Sequence[InCohort],
    visitor: Visitor,
) -> RubricVersion:
    changes = differences(criteria.get(before.id, ()), criteria.get(row.id, ())) if before else ()
    return RubricVersion(
        number=say_version((row.major, row.minor)),
        published=say_instant(row.created_at, zone(visitor.me.zone)),
        since=say_version((before.major, before.minor)) if before else "",
        is_structure=any(one.is_structure for one in changes),
        changes=changes,
        cohorts=tuple(cohorts),
    )
