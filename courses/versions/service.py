"""Moving a cohort to a newer version of its course."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from courses.catalogue.rules import say_version
from courses.cohorts.access import staff_cohort
from courses.cohorts.models import Section
from courses.cohorts.queries import COHORT, MODULE, CohortFacts
from courses.coursework import Coursework
from courses.enrolment.access import ENROLMENT
from courses.learning.outline import LESSON
from courses.progress.models import LessonRead, ReadingPlace
from courses.versions.queries import contents, newer_than, touched, versions_of
from courses.versions.rules import Effect
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import lock, table
from fourweek.errors import Conflict, Invalid, NotFound
from fourweek.language import _
from fourweek.language.stored import Kept, lines_in_each_language
from fourweek.outbox import Mail, post_all

READ, STOPPED, SECTION = table(LessonRead), table(ReadingPlace), table(Section)

_OLD, _NEW = LESSON.alias("old_lesson"), LESSON.alias("new_lesson")
_OLD_MODULE, _NEW_MODULE = MODULE.alias("old_module"), MODULE.alias("new_module")
# (old lesson, new lesson) for every address, module number and slug, that both versions have.
_SAME_LESSON = (
    select(_OLD.c.id.label("old_id"), _NEW.c.id.label("new_id"))
    .join_from(_OLD, _OLD_MODULE, _OLD_MODULE.c.id == _OLD.c.module_id)
    .join(
        _NEW_MODULE,
        and_(_NEW_MODULE.c.version_id == bindparam("new"), _NEW_MODULE.c.number == _OLD_MODULE.c.number),
    )
    .join(_NEW, and_(_NEW.c.module_id == _NEW_MODULE.c.id, _NEW.c.slug == _OLD.c.slug))
    .where(_OLD_MODULE.c.version_id == bindparam("old"))
    .subquery("same_lesson")
)
_IN_COHORT = select(ENROLMENT.c.id).where(ENROLMENT.c.cohort_id == bindparam("cohort"))
_READ_BEFORE = (
    select(READ.c.enrolment_id, _SAME_LESSON.c.new_id, READ.c.read_at)
    .join(_SAME_LESSON, _SAME_LESSON.c.old_id == READ.c.lesson_id)
    .where(READ.c.enrolment_id.in_(_IN_COHORT))
)
_STOPPED_AT = select(_SAME_LESSON.c.new_id).where(_SAME_LESSON.c.old_id == STOPPED.c.lesson_id).scalar_subquery()
_GO_ON = (
    update(STOPPED)
    .where(STOPPED.c.enrolment_id.in_(_IN_COHORT), _STOPPED_AT.is_not(None))
    .values(lesson_id=_STOPPED_AT)
)


def move_cohort(
    conn: Connection, visitor: Visitor, cohort_id: str, seen: str, to: str, coursework: Coursework, *, confirmed: bool
) -> str:
    """Move a cohort to a newer version of its course; returns the version's number. `seen` is the version it was on.

    What was handed in, decided and credited is known by its key and number and stays as it is; what was read is read
    in the new version too. A form sent twice moves once. Raises Conflict where somebody moved it meanwhile, and Invalid
    for a major version that is not confirmed.
    """
    staff_cohort(conn, visitor, cohort_id)
    lock(conn, COHORT, cohort_id)
    facts = staff_cohort(conn, visitor, cohort_id)
    versions = versions_of(conn, facts)
    mine = versions[facts.version_id]
    if facts.version_id == to:
        return say_version((mine.major, mine.minor))
    if facts.version_id != seen:
        raise Conflict(_("Somebody moved this cohort meanwhile."), what_to_do=_("Look at the page again."))
    target = next((one for one in newer_than(facts, versions) if one.id == to), None)
    if target is None:
        raise NotFound
    is_major = target.major != mine.major
    if is_major and not confirmed:
        raise Invalid({"confirmed": _("Say that you have read what changes.")})
    if is_major:
        _tell(conn, visitor, facts, (mine, target), coursework)
    _carry_over(conn, facts, to)
    _move(conn, visitor, facts, mine, target)
    return say_version((target.major, target.minor))


def _carry_over(conn: Connection, facts: CohortFacts, to: str) -> None:
    """Lessons read, and where people stopped, for every lesson that the new version has at the same address."""
    values = {"cohort": facts.id, "old": facts.version_id, "new": to}
    make: Any = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    columns = ["enrolment_id", "lesson_id", "read_at"]
    conn.execute(make(READ).from_select(columns, _READ_BEFORE).on_conflict_do_nothing(), values)
    conn.execute(_GO_ON, values)


def _move(conn: Connection, visitor: Visitor, facts: CohortFacts, mine: Row[Any], target: Row[Any]) -> None:
    modules = conn.execute(select(func.count()).where(MODULE.c.version_id == target.id)).scalar_one()
    dated = modules != facts.rules.module_count
    changed = {"revision": COHORT.c.revision + 1} if dated else {}
    conn.execute(update(COHORT).where(COHORT.c.id == facts.id).values(version_id=target.id, **changed))
    if modules < facts.rules.module_count:
        _forget_dates(conn, facts.id, modules)
    detail = {"before": say_version((mine.major, mine.minor)), "after": say_version((target.major, target.minor))}
    at, me = visitor.now.real, visitor.me.id
    record(conn, "cohort.move_version", "cohort", facts.id, at=at, actor_id=me, detail=detail)


def _forget_dates(conn: Connection, cohort_id: str, last: int) -> None:
    """Take out dates of modules beyond the last one."""
    for target, where in ((COHORT, COHORT.c.id == cohort_id), (SECTION, SECTION.c.cohort_id == cohort_id)):
        for row in conn.execute(select(target.c.id, target.c.modules, target.c.kept_open).where(where)).all():
            kept = {"modules": _up_to(row.modules, last), "kept_open": _up_to(row.kept_open, last)}
            conn.execute(update(target).where(target.c.id == row.id).values(kept))


def _up_to(stored: Sequence[dict[str, Any]], last: int) -> list[dict[str, Any]]:
    return [one for one in stored if one["number"] <= last]


def _tell(
    conn: Connection, visitor: Visitor, facts: CohortFacts, rows: tuple[Row[Any], Row[Any]], coursework: Coursework
) -> None:
    """A notice to everybody of whose work the move touches something."""
    old, new = contents(conn, coursework, rows)
    _learners, people = touched(conn, visitor, facts, (old, new), coursework)
    said = {"course": facts.course_title, "cohort": facts.name, "path": f"/cohorts/{facts.id}"}
    key = f"version:{facts.id}:{rows[1].id}"
    mails = [Mail(f"{key}:{row.person_id}", row.person_id, {**said, "items": _lines(one)}) for row, one in people]
    post_all(conn, "version_moved", mails, now=visitor.now.real)


def _lines(one: Effect) -> list[Kept]:
    return lines_in_each_language(lambda: one.words)
