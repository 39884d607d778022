"""Reading what a cohort could move to, and what that would change for whom."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from courses.catalogue.rules import say_version
from courses.cohorts.access import staff_cohort
from courses.cohorts.queries import VERSION, CohortFacts
from courses.coursework import Coursework
from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import EnrolmentState
from courses.learning.outline import outlines
from courses.paging import PER_PAGE, offset, pager, query
from courses.progress.queries import reads_of_many
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from courses.versions.pages import CohortVersionPage, MovePreview, PersonLine, VersionLine
from courses.versions.rules import Content, Effect, Standing, effect, module_changes
from fourweek.accounts.access import PERSON, Visitor
from fourweek.errors import NotFound
from fourweek.language import _

_VERSIONS: Any = (
    select(VERSION.c.id, VERSION.c.major, VERSION.c.minor, VERSION.c.published_at, VERSION.c.summary)
    .where(VERSION.c.course_id == bindparam("course"))
    .order_by(VERSION.c.major.desc(), VERSION.c.minor.desc())
)
_PEOPLE: Any = (
    select(ENROLMENT.c.id, ENROLMENT.c.person_id, PERSON.c.display_name)
    .join(PERSON, PERSON.c.id == ENROLMENT.c.person_id)
    .where(ENROLMENT.c.cohort_id == bindparam("cohort"), ENROLMENT.c.state != EnrolmentState.WITHDRAWN)
    .order_by(PERSON.c.display_name, ENROLMENT.c.id)
)
Touched = tuple[Row[Any], Effect]


def version_page(
    conn: Connection,
    visitor: Visitor,
    cohort_id: str,
    coursework: Coursework,
    to: str = "",
    number: int = 1,
    error: str = "",
) -> CohortVersionPage:
    """The versions newer than the cohort's; with `to` what that one changes, in as many statements for any class."""
    facts = staff_cohort(conn, visitor, cohort_id)
    versions = versions_of(conn, facts)
    mine, newer = versions[facts.version_id], newer_than(facts, versions)
    target = next((one for one in newer if one.id == to), None)
    if to and target is None:
        raise NotFound
    here, now = zone(facts.zone), visitor.now.school
    lines = tuple(
        VersionLine(
            id=one.id,
            version=say_version((one.major, one.minor)),
            is_minor=one.major == mine.major,
            published=say_instant(one.published_at, here, zone(visitor.me.zone), now),
            summary=one.summary,
        )
        for one in newer
    )
    return CohortVersionPage(
        cohort_id=facts.id,
        cohort_name=facts.name,
        course_title=facts.course_title,
        version_id=facts.version_id,
        version=say_version((mine.major, mine.minor)),
        newer=lines,
        preview=_preview(conn, visitor, facts, (mine, target), coursework, number) if target else None,
        error=error,
    )


def versions_of(conn: Connection, facts: CohortFacts) -> dict[str, Row[Any]]:
    """Every version of the cohort's course by id, newest first."""
    return {row.id: row for row in conn.execute(_VERSIONS, {"course": facts.course_id})}


def newer_than(facts: CohortFacts, versions: dict[str, Row[Any]]) -> list[Row[Any]]:
    """Those that the cohort can move to, newest first."""
    mine = versions[facts.version_id]
    return [one for one in versions.values() if (one.major, one.minor) > (mine.major, mine.minor)]


def contents(conn: Connection, coursework: Coursework, rows: Sequence[Row[Any]]) -> list[Content]:
    """What these versions consist of, in order."""
    found = outlines(conn, [row.id for row in rows])
    return [Content((r.major, r.minor), found[r.id], coursework.public_assignments(conn, r.id)) for r in rows]


def touched(
    conn: Connection, visitor: Visitor, facts: CohortFacts, both: Sequence[Content], coursework: Coursework
) -> tuple[int, list[Touched]]:
    """How many people the cohort has, and those of whose work the move touches something, by name; five statements."""
    old, new = both
    rows = conn.execute(_PEOPLE, {"cohort": facts.id}).all()
    if not rows:
        return 0, []
    ids = [row.id for row in rows]
    work = coursework.work_of_many(conn, dict.fromkeys(ids, facts.version_id), visitor.now.school)
    reads, credited = reads_of_many(conn, ids), coursework.credited_of_many(conn, ids)
    effects = ((row, effect(Standing(reads[row.id], work[row.id], credited[row.id]), old, new)) for row in rows)
    return len(rows), [(row, one) for row, one in effects if one.unread or one.work or one.credited]


def _preview(
    conn: Connection,
    visitor: Visitor,
    facts: CohortFacts,
    rows: tuple[Row[Any], Row[Any]],
    coursework: Coursework,
    number: int,
) -> MovePreview:
    old, new = contents(conn, coursework, rows)
    learners, people = touched(conn, visitor, facts, (old, new), coursework)
    first = offset(number)
    return MovePreview(
        id=rows[1].id,
        version=say_version(new.number),
        changes=module_changes(old, new),
        learners=learners,
        counts=_counts([one for _row, one in people]),
        people=tuple(PersonLine(row.display_name, one.words) for row, one in people[first : first + PER_PAGE]),
        pager=pager(number, len(people), lambda n: query(to=rows[1].id, page=n)),
    )


def _counts(effects: Sequence[Effect]) -> tuple[tuple[str, str], ...]:
    """How many learners each kind of thing concerns."""
    counts = {
        _("Have read lessons that go"): sum(one.unread > 0 for one in effects),
        _("Have a draft that goes on as it was asked for"): sum(one.drafts > 0 for one in effects),
        _("Wait for a grader"): sum(one.waiting > 0 for one in effects),
        _("Have work that was judged"): sum(one.judged > 0 for one in effects),
        _("Have credit that stays as it was recorded"): sum(bool(one.credited) for one in effects),
    }
    return tuple((words, str(number)) for words, number in counts.items())
