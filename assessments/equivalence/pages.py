"""What the registrar's pages about equivalent courses show, in words."""

from dataclasses import field
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from assessments.credit.repeats import window_on
from assessments.equivalence.forms import CHOICES, Typed
from assessments.equivalence.queries import EQUIVALENCE
from courses.catalogue.rules import say_months
from courses.cohorts.queries import COURSE, VERSION
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Permission, Visitor
from fourweek.errors import NotFound
from fourweek.language import _
from fourweek.light import dataclass

_DECIDED: Select[Any] = (
    select(EQUIVALENCE, COURSE.c.code, PERSON.c.display_name, VERSION.c.title, func.count().over().label("total"))
    .join(COURSE, COURSE.c.id == EQUIVALENCE.c.course_id)
    .join(PERSON, PERSON.c.id == EQUIVALENCE.c.decided_by)
    .outerjoin(VERSION, VERSION.c.id == COURSE.c.current_version_id)
    .order_by(EQUIVALENCE.c.decided_at.desc(), EQUIVALENCE.c.id.desc())
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)


@dataclass(frozen=True, slots=True)
class Line:
    """One decision: what it concerns, what it says, who made it and why."""

    what: str
    says: str
    why: str
    by: str
    at: Said


@dataclass(frozen=True, slots=True)
class DecisionsPage:
    """`window` says for how long the same learning earns nothing, such as "2 years"."""

    window: str
    lines: tuple[Line, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class FormPage:
    typed: Typed = field(default_factory=Typed)
    errors: dict[str, str] = field(default_factory=dict)
    kinds: tuple[tuple[str, str, str], ...] = CHOICES

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """(id of the field, what is wrong with what was typed there)."""
        return tuple((f"field-{name}", words) for name, words in self.errors.items())


def decisions_page(conn: Connection, visitor: Visitor, number: int) -> DecisionsPage:
    """Every decision, the newest first; one statement. For the registrar; everybody else gets NotFound."""
    _registrar(visitor)
    rows = conn.execute(_DECIDED, {"skipped": offset(number)}).all()
    total = rows[0].total if rows else 0
    window = say_months(window_on(visitor.now.school.date()).months)
    return DecisionsPage(
        window, tuple(_line(row, visitor) for row in rows), pager(number, total, lambda n: query(page=n))
    )


def form_page(_conn: Connection, visitor: Visitor) -> FormPage:
    _registrar(visitor)
    return FormPage()


def _registrar(visitor: Visitor) -> None:
    if not visitor.me.may(Permission.KEEP_RECORD):
        raise NotFound


def _line(row: Row[Any], visitor: Visitor) -> Line:
    of = {"course": f"{row.title or row.code} ({row.code})", "version": row.from_major}
    return Line(
        what=_("{course}, from version {version} on", **of)
        if row.module_number is None
        else _("Module {number} of {course}, from version {version} on", number=row.module_number, **of),
        says=say_group(row.group_name, row.code, row.from_major),
        why=row.why,
        by=row.display_name,
        at=say_instant(row.decided_at, zone(visitor.me.zone)),
    )


def say_group(group: str, code: str, from_major: int) -> str:
    """Such as "The same as water-works, module 2" or "New: not what it was before"."""
    name, _slash, number = group.partition("/")
    course, at, major = name.partition("@")
    if at and (course, major) == (code, str(from_major)):
        return _("New: not what it was before")
    what = _("{course} from version {version} on", course=course, version=major) if at else course
    if number:
        return _("The same as {course}, module {number}", course=what, number=number)
    return _("The same as {course}", course=what)
