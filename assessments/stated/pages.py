"""What the pages of credit from elsewhere show, in words."""

from dataclasses import field
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from assessments.credit.rules import contact_hours_text
from assessments.stated.forms import MODES, StatedForm
from assessments.stated.queries import STATED
from assessments.stated.table import COLUMNS, MOST_ROWS, ORDERS, DayOrder, Table, WrongCell
from courses.catalogue.categories import CATEGORIES, say_category
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import say_date
from fourweek.accounts.access import Visitor
from fourweek.language import _
from fourweek.light import dataclass

_NAMES = ("id", "title", "provider", "provider_number", "category", "mode", "place", "completed_on", "minutes", "said")
_MINE: Select[Any] = (
    select(*(STATED.c[name] for name in (*_NAMES, "evidence_name")))
    .where(STATED.c.person_id == bindparam("person"), STATED.c.removed_at.is_(None))
    .order_by(STATED.c.completed_on.desc(), STATED.c.id.desc())
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)
_SUMS: Select[Any] = select(func.count(), func.coalesce(func.sum(STATED.c.minutes), 0)).where(
    STATED.c.person_id == bindparam("person"), STATED.c.removed_at.is_(None)
)
_MODE_WORDS = dict(MODES)
FEW = 20
"""Rows shown of a table before it is taken in."""


@dataclass(frozen=True, slots=True)
class StatedCard:
    id: str
    title: str
    words: tuple[str, ...]
    certificate: str


@dataclass(frozen=True, slots=True)
class StatedPage:
    rows: tuple[StatedCard, ...]
    total: int
    hours: str
    pager: Pager


@dataclass(frozen=True, slots=True)
class StatedFormPage:
    form: StatedForm = field(default_factory=StatedForm)
    errors: dict[str, str] = field(default_factory=dict)
    categories: tuple[tuple[str, str], ...] = tuple(CATEGORIES.items())
    modes: tuple[tuple[str, str], ...] = MODES


@dataclass(frozen=True, slots=True)
class TablePage:
    """The import of a table; `text` is the one that was checked, "" while it cannot be taken."""

    text: str = ""
    order: DayOrder = DayOrder.ISO
    new: tuple[str, ...] = ()
    new_total: int = 0
    known: int = 0
    wrong: tuple[WrongCell, ...] = ()
    wrong_total: int = 0
    error: str = ""
    columns: tuple[str, ...] = tuple(COLUMNS.values())
    most_rows: int = MOST_ROWS
    orders: tuple[tuple[DayOrder, str], ...] = ORDERS


def stated_page(conn: Connection, visitor: Visitor, number: int) -> StatedPage:
    """What the visitor states, newest first; two statements."""
    me = visitor.me.id
    rows = conn.execute(_MINE, {"person": me, "skipped": offset(number)}).all()
    total, minutes = conn.execute(_SUMS, {"person": me}).one()
    pages = pager(number, total, lambda n: query(page=n))
    return StatedPage(tuple(map(_card, rows)), total, contact_hours_text(int(minutes)), pages)


def table_page(conn: Connection, visitor: Visitor, table: Table, text: str, order: DayOrder) -> TablePage:
    """What taking the table in would do; one statement, nothing is stored."""
    keys = [facts.row_key for _, facts in table.rows]
    mine = (STATED.c.person_id == visitor.me.id, STATED.c.removed_at.is_(None), STATED.c.row_key.in_(keys))
    known = set(conn.execute(select(STATED.c.row_key).where(*mine)).scalars())
    new = [(line, facts) for line, facts in table.rows if facts.row_key not in known]
    return TablePage(
        text="" if table.wrong else text,
        order=order,
        new=tuple(
            _(
                "Line {line}: {title}, {provider}, {completed_on}, {minutes} hours, {category}",
                line=line,
                title=facts.title,
                provider=facts.provider,
                completed_on=say_date(facts.completed_on),
                minutes=contact_hours_text(facts.minutes),
                category=say_category(facts.category),
            )
            for line, facts in new[:FEW]
        ),
        new_total=len(new),
        known=len(known),
        wrong=table.wrong[:FEW],
        wrong_total=len(table.wrong),
    )


def _card(row: Row[Any]) -> StatedCard:
    number = f" ({row.provider_number})" if row.provider_number else ""
    says = _("The certificate says “{said}”", said=row.said) if row.said else ""
    parts = (
        f"{row.provider}{number}",
        say_date(row.completed_on),
        _("{minutes} hours", minutes=contact_hours_text(row.minutes)),
    )
    more = (say_category(row.category), _(_MODE_WORDS.get(row.mode, row.mode)), row.place, says)
    return StatedCard(row.id, row.title, tuple(part for part in (*parts, *more) if part), row.evidence_name)
