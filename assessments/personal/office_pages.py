"""What the registrar sees of wishes to be erased, in words."""

from dataclasses import field
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from assessments.erasure.queries import REQUEST, Kept, against, keeps, newest_request, one_request, whose
from assessments.personal.areas import AREAS, Area
from assessments.record.queries import person_id_of, registrar
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Visitor
from fourweek.errors import NotFound
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.settings import Settings

SHOWS: Final = (("waiting", N_("Waiting")), ("decided", N_("Decided")), ("all", N_("All")))
_BY = PERSON.alias("by")


@dataclass(frozen=True, slots=True)
class WishRow:
    """One wish; `state` is (words, tone)."""

    id: str
    name: str
    number: str
    asked: Said
    state: tuple[str, str]


@dataclass(frozen=True, slots=True)
class WishesPage:
    show: str
    rows: tuple[WishRow, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class WishPage:
    """One wish, what it would take and leave, what stands against it, and what was done."""

    row: WishRow
    asked_by: str
    why: str
    keeps: tuple[Kept, ...]
    against: tuple[str, ...]
    areas: tuple[Area, ...]
    may_decide: bool
    waits: bool
    decided_why: str
    done: tuple[tuple[str, int], ...]
    typed: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A learner's data for the registrar: a copy by letter, and entering a wish to be erased."""

    name: str
    number: str
    request_id: str
    erased: bool
    reason: str = ""
    why: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def wishes_page(conn: Connection, visitor: Visitor, show: str, number: int, settings: Settings) -> WishesPage:
    """Two statements. Raises NotFound for everybody but the registrar."""
    registrar(visitor)
    show = show if show in dict(SHOWS) else "waiting"
    of = {"waiting": [REQUEST.c.decided_at.is_(None)], "decided": [REQUEST.c.decided_at.is_not(None)], "all": []}[show]
    total = conn.execute(select(func.count()).select_from(REQUEST).where(*of)).scalar_one()
    wanted = select(REQUEST, PERSON.c.legal_name, PERSON.c.learner_number).join(
        PERSON, PERSON.c.id == REQUEST.c.person_id
    )
    page = wanted.where(*of).order_by(REQUEST.c.asked_at, REQUEST.c.id).limit(PER_PAGE).offset(offset(number))
    rows = tuple(_row(row, settings) for row in conn.execute(page))
    return WishesPage(show, rows, pager(number, total, lambda n: query(show=show, page=n)))


def wish_page(conn: Connection, visitor: Visitor, request_id: str, settings: Settings) -> WishPage:
    """Five statements. Raises NotFound."""
    registrar(visitor)
    row = one_request(conn, request_id)
    if row is None:
        raise NotFound
    waits = row.decided_at is None
    who = whose(conn, row.person_id, visitor.now, settings)
    by = conn.execute(select(_BY.c.display_name).where(_BY.c.id == row.asked_by)).scalar_one()
    return WishPage(
        row=_row(row, settings),
        asked_by=_("The person") if row.asked_by == row.person_id else by,
        why=row.why,
        keeps=tuple(keeps(conn, who, settings)) if waits else tuple(Kept(**one) for one in row.kept),
        against=tuple(against(conn, who)) if waits else (),
        areas=AREAS,
        may_decide=waits and visitor.me.id not in (row.asked_by, row.person_id),
        waits=waits,
        decided_why=row.decided_why,
        done=tuple(row.erased.items()),
    )


def person_page(conn: Connection, visitor: Visitor, learner_number: str) -> PersonPage:
    """Three statements. Raises NotFound."""
    registrar(visitor)
    person_id = person_id_of(conn, learner_number)
    row = conn.execute(select(PERSON).where(PERSON.c.id == person_id)).one()
    found = newest_request(conn, person_id)
    waits = found is not None and found.decided_at is None
    return PersonPage(row.legal_name, row.learner_number, str(found.id) if found and waits else "", bool(row.erased_at))


def _row(row: Row[Any], settings: Settings) -> WishRow:
    asked = say_instant(row.asked_at, zone(settings.zone))
    return WishRow(row.id, row.legal_name, row.learner_number, asked, _state(row))


def _state(row: Row[Any]) -> tuple[str, str]:
    if row.decided_at is None:
        return (_("Waiting"), "waiting")
    if not row.approved:
        return (_("Not erased"), "plain")
    return (_("Erased"), "good") if row.finished_at else (_("Being erased"), "info")
