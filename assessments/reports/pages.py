"""What the pages of completion reports show, in words."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date as _date
from typing import Any

from sqlalchemy import Connection, Row

from assessments.licences.boards import all_boards
from assessments.record.queries import registrar
from assessments.reports import queries
from assessments.reports.columns import HOLDS, MOST_COLUMNS, SHIPPED, Layout, cells, mask
from assessments.reports.service import board_title, layout_of, read_asked
from courses.paging import Pager, pager, query
from courses.schedule.words import Said, say_date, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.errors import Invalid
from fourweek.language import N_, _
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass
from fourweek.settings import Settings

OWN_USE = N_("The institution’s own use")


@dataclass(frozen=True, slots=True)
class LayoutRow:
    id: str
    title: str
    board: str
    columns: str
    shipped: bool


@dataclass(frozen=True, slots=True)
class SentRow:
    """A report that was taken out."""

    title: str
    to: str
    when: Said
    by: str
    period: str
    rows: int


@dataclass(frozen=True, slots=True)
class ReportsPage:
    """The layouts to choose from, and the log of what was taken out."""

    shipped: tuple[LayoutRow, ...]
    layouts: tuple[LayoutRow, ...]
    pager: Pager
    sent: tuple[SentRow, ...]
    sent_pager: Pager


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report as it would be taken out: `rows` are cells with numbers of licences masked.

    `total` may be reported, of `completed` in all; `shown` is False until a `period` is chosen.
    """

    layout: LayoutRow
    values: Mapping[str, str]
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    total: int = 0
    completed: int = 0
    shown: bool = False
    period: str = ""
    pager: Pager = field(default_factory=lambda: pager(1, 0, str))
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LayoutPage:
    """The form of a layout with what was typed; `layout_id` is "" for a new one."""

    layout_id: str
    values: Mapping[str, str]
    boards: tuple[tuple[str, str], ...]
    holds: tuple[tuple[str, str], ...]
    places: tuple[int, ...] = tuple(range(1, MOST_COLUMNS + 1))
    errors: dict[str, str] = field(default_factory=dict)


def reports_page(conn: Connection, visitor: Visitor, numbers: tuple[int, int], settings: Settings) -> ReportsPage:
    """`numbers` are the pages of the layouts and of the log; four statements. Raises NotFound."""
    registrar(visitor)
    number, sent_number = numbers
    layouts, total = queries.saved_layouts(conn, number)
    sent, sent_total = queries.sent_reports(conn, sent_number)
    return ReportsPage(
        shipped=tuple(map(_row, SHIPPED)),
        layouts=tuple(map(_row, layouts)),
        pager=pager(number, total, lambda n: query(page=n, sent=sent_number)),
        sent=tuple(_sent(row, settings) for row in sent),
        sent_pager=pager(sent_number, sent_total, lambda n: query(page=number, sent=n)),
    )


def report_page(
    conn: Connection, visitor: Visitor, layout_id: str, values: Mapping[str, str], number: int, settings: Settings
) -> ReportPage:
    """A layout's report for a period; five statements at most. Raises NotFound."""
    registrar(visitor)
    layout = layout_of(conn, layout_id)
    page = ReportPage(_row(layout), values, tuple(column.title for column in layout.columns))
    if not values.get("first") and not values.get("last"):
        return page
    try:
        asked = read_asked(layout, values)
    except Invalid as error:
        return replace(page, errors=error.fields)
    found = queries.completions(conn, asked, settings.approvals, board_title(layout.board), number)
    total = queries.count(conn, asked)
    return replace(
        page,
        rows=tuple(cells(layout, replace(one, licence=mask(one.licence))) for one in found),
        total=total,
        completed=queries.count_all(conn, asked) if layout.board else total,
        shown=True,
        period=_("{first} to {last}", first=say_date(asked.first), last=say_date(asked.last)),
        pager=pager(number, total, lambda n: query(**_kept(values), page=n)),
    )


def layout_page(conn: Connection, visitor: Visitor, layout_id: str) -> LayoutPage:
    """The form of a saved layout; of a shipped one, or of none, the form of a new one. Raises NotFound."""
    registrar(visitor)
    if not layout_id:
        return _form("", {})
    layout = layout_of(conn, layout_id)
    values = {"title": layout.title, "board": layout.board}
    for place, column in enumerate(layout.columns, 1):
        values |= {f"key{place}": column.key, f"title{place}": column.title}
    return _form("" if layout.shipped else layout_id, values)


def typed_layout_page(
    _conn: Connection, visitor: Visitor, layout_id: str, values: Mapping[str, str], errors: dict[str, str]
) -> LayoutPage:
    """The form again, with what was typed and what is wrong with it."""
    registrar(visitor)
    return replace(_form(layout_id, values), errors=errors)


def _form(layout_id: str, values: Mapping[str, str]) -> LayoutPage:
    boards = tuple((key, rules[-1].title) for key, rules in all_boards().items())
    holds = tuple((key, title) for key, (title, _said) in HOLDS.items())
    names = ["title", "board", *(f"{what}{place}" for place in range(1, MOST_COLUMNS + 1) for what in ("key", "title"))]
    return LayoutPage(layout_id, {name: values.get(name, "") for name in names}, (("", _(OWN_USE)), *boards), holds)


def _row(layout: Layout) -> LayoutRow:
    columns = in_a_row(column.title for column in layout.columns)
    title = _(layout.title) if layout.shipped else layout.title
    return LayoutRow(layout.id, title, board_title(layout.board) or _(OWN_USE), columns, layout.shipped)


def _kept(values: Mapping[str, str]) -> dict[str, str]:
    return {name: values[name] for name in ("first", "last", "courses") if values.get(name)}


def _sent(row: Row[Any], settings: Settings) -> SentRow:
    said = row.detail
    return SentRow(
        title=said["layout"],
        to=row.reason,
        when=say_instant(row.at, zone(settings.zone)),
        by=row.display_name or "",
        period=_("{first} to {last}", first=_day(said["first"]), last=_day(said["last"])),
        rows=said["rows"],
    )


def _day(iso: str) -> str:
    return say_date(_date.fromisoformat(iso))
