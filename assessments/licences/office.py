"""Licences on the registrar's desk: masked in the list, shown one by one with a note in the audit log, checked."""

from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select, update

from assessments.licences.lines import earned_by
from assessments.licences.pages import LicencePage, held_of, masked, page_of, title_of, today_of
from assessments.licences.queries import LICENCE
from assessments.record.queries import registrar
from courses.cohorts.fields import Typed
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import say_date
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Visitor
from fourweek.audit.service import record
from fourweek.database import lock
from fourweek.errors import Invalid, NotFound
from fourweek.language import _
from fourweek.light import dataclass

_WHO: Select[Any] = select(PERSON.c.id, PERSON.c.legal_name).where(PERSON.c.learner_number == bindparam("learner"))
_OF: Select[Any] = select(LICENCE).where(LICENCE.c.person_id == bindparam("person"), LICENCE.c.removed_at.is_(None))
_LIST = _OF.order_by(LICENCE.c.ends_on, LICENCE.c.id).limit(PER_PAGE).offset(bindparam("skipped"))
_COUNT = select(func.count()).where(LICENCE.c.person_id == bindparam("person"), LICENCE.c.removed_at.is_(None))
_ONE = _OF.where(LICENCE.c.id == bindparam("licence"))


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """A licence in the registrar's list; its number is masked."""

    id: str
    title: str
    words: str
    checked: str


@dataclass(frozen=True, slots=True)
class OfficeList:
    name: str
    learner_number: str
    licences: tuple[OfficeRow, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class OfficePage:
    """A licence with its number, and the form that says that the board was asked."""

    name: str
    learner_number: str
    licence: LicencePage
    checked_on: str
    error: str = ""


def licences_of_learner(conn: Connection, visitor: Visitor, learner_number: str, number: int) -> OfficeList:
    """Three statements. Raises NotFound for everybody but the registrar."""
    who = _learner(conn, visitor, learner_number)
    rows = conn.execute(_LIST, {"person": who.id, "skipped": offset(number)}).all()
    total = conn.execute(_COUNT, {"person": who.id}).scalar_one()
    return OfficeList(
        name=who.legal_name,
        learner_number=learner_number,
        licences=tuple(map(_row, rows)),
        pager=pager(number, total, lambda n: query(page=n)),
    )


def look_at(conn: Connection, visitor: Visitor, learner_number: str, licence_id: str, number: int) -> OfficePage:
    """A licence with its number; that it was looked at is noted, once for each page that is opened."""
    found = office_page(conn, visitor, learner_number, licence_id, number)
    record(conn, "licence.view", "licence", licence_id, at=visitor.now.real, actor_id=visitor.me.id)
    return found


def office_page(conn: Connection, visitor: Visitor, learner_number: str, licence_id: str, number: int) -> OfficePage:
    """The same without a note, for a form that is shown again. Raises NotFound."""
    who = _learner(conn, visitor, learner_number)
    row = _licence(conn, who.id, licence_id)
    today = today_of(row, visitor)
    shown = page_of(row, earned_by(conn, who.id).activities(zone(row.zone)), today, number)
    return OfficePage(who.legal_name, learner_number, shown, str(row.checked_on or today))


def note_check(conn: Connection, visitor: Visitor, learner_number: str, licence_id: str, typed: str) -> None:
    """The registrar checked number and standing with the board on the day `typed`. Raises Invalid, NotFound."""
    who = _learner(conn, visitor, learner_number)
    lock(conn, LICENCE, licence_id)
    row = _licence(conn, who.id, licence_id)
    fields = Typed({"checked_on": typed})
    day = fields.day("checked_on", _("The day"))
    if day is not None and day > today_of(row, visitor):
        fields.errors["checked_on"] = _("A day that has been.")
    if fields.errors:
        raise Invalid(fields.errors)
    checked = update(LICENCE).where(LICENCE.c.id == row.id).values(checked_on=day, checked_by=visitor.me.id)
    conn.execute(checked)
    detail = {"on": str(day)}
    record(conn, "licence.check", "licence", row.id, at=visitor.now.real, actor_id=visitor.me.id, detail=detail)


def _learner(conn: Connection, visitor: Visitor, learner_number: str) -> Row[Any]:
    registrar(visitor)
    row = conn.execute(_WHO, {"learner": learner_number}).first()
    if row is None:
        raise NotFound
    return row


def _licence(conn: Connection, person_id: str, licence_id: str) -> Row[Any]:
    row = conn.execute(_ONE, {"person": person_id, "licence": licence_id}).first()
    if row is None:
        raise NotFound
    return row


def _row(row: Row[Any]) -> OfficeRow:
    return OfficeRow(
        id=row.id,
        title=title_of(row),
        words=_(
            "Number {number}, window until {day}", number=masked(row.number), day=say_date(held_of(row).window.last)
        ),
        checked=_("Checked on {day}", day=say_date(row.checked_on)) if row.checked_on else "",
    )
