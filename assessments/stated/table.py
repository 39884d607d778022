"""Credit from elsewhere as a table: what each row says, and what is wrong with it by line and column. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from assessments.stated.forms import StatedFacts, StatedForm, read_stated
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass
from fourweek.spreadsheets import NotATable, rows_of, written
from fourweek.words import say_whole

MOST_ROWS: Final = 500
MOST_BYTES: Final = 256 * 1024
COLUMNS: Final = {
    "title": "title",
    "provider": "provider",
    "provider_number": "provider number",
    "category": "category",
    "mode": "mode",
    "completed_on": "completed on",
    "hours": "hours",
    "said": "certificate says",
    "place": "place",
    "instructor": "instructor",
}
"""A field and the heading of its column."""
NEEDED: Final = ("title", "provider", "category", "mode", "completed_on", "hours")
EXAMPLE: Final = {
    "title": "Bridge inspection refresher",
    "provider": "Steel Society",
    "provider_number": "0004321",
    "category": "technical",
    "mode": "In person",
    "completed_on": "2026-06-01",
    "hours": "1:30",
    "said": "1.5 PDH",
    "place": "Albany, New York",
    "instructor": "R. Vance, PE",
}


class DayOrder(StrEnum):
    """How days are written in a table. Spreadsheets rewrite them as their country does when they save a file."""

    ISO = "iso"
    MONTH_FIRST = "mdy"
    DAY_FIRST = "dmy"


ORDERS: Final = (
    (DayOrder.ISO, "2026-12-31"),
    (DayOrder.MONTH_FIRST, "12/31/2026, month first"),
    (DayOrder.DAY_FIRST, "31/12/2026 or 31.12.2026, day first"),
)
_LOCAL_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")


@dataclass(frozen=True, slots=True)
class WrongCell:
    """What is wrong in a row: its line as an editor numbers it, the heading of the column, and why."""

    line: int
    column: str
    why: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that can be taken, each once, with their lines; and everything that is wrong."""

    rows: tuple[tuple[int, StatedFacts], ...]
    wrong: tuple[WrongCell, ...]


def read_table(text: str, today: date, order: DayOrder = DayOrder.ISO) -> Table:
    """`order` says how days are written; days such as 2026-12-31 are always read. Raises NotATable for the whole."""
    found = rows_of(text)
    if not found:
        raise NotATable(_("The file is empty."))
    columns = _columns(found[0][1])
    if len(found) < 2:
        raise NotATable(_("The file has headings and no rows."))
    if len(found) - 1 > MOST_ROWS:
        raise NotATable(
            _(
                "The file has {count} rows; at most {most_rows} are taken at once.",
                count=say_whole(len(found) - 1),
                most_rows=MOST_ROWS,
            )
        )
    rows: dict[str, tuple[int, StatedFacts]] = {}
    wrong: list[WrongCell] = []
    for line, cells in found[1:]:
        try:
            facts = read_stated(_form(cells, columns, order), today)
        except Invalid as invalid:
            wrong += [WrongCell(line, COLUMNS.get(name, "category"), why) for name, why in invalid.fields.items()]
        else:
            rows.setdefault(facts.row_key, (line, facts))
    return Table(tuple(rows.values()), tuple(wrong))


def template() -> bytes:
    """A table with the headings and one row to write over."""
    return written(list(COLUMNS.values()), [list(EXAMPLE.values())])


def _columns(cells: Sequence[str]) -> dict[str, int]:
    heads = [_plain(cell) for cell in cells]
    found = {field: heads.index(_plain(head)) for field, head in COLUMNS.items() if _plain(head) in heads}
    if missing := [COLUMNS[field] for field in NEEDED if field not in found]:
        raise NotATable(_("The first row must name the columns; missing: {missing}.", missing=in_a_row(missing)))
    return found


def _plain(head: str) -> str:
    return re.sub(r"[\W_]", "", head.casefold())


def _form(cells: Sequence[str], columns: Mapping[str, int], order: DayOrder) -> StatedForm:
    typed = {field: cells[place] if place < len(cells) else "" for field, place in columns.items()}
    return StatedForm.typed(typed | {"completed_on": _iso(typed["completed_on"], order)})


def _iso(typed: str, order: DayOrder) -> str:
    """The day as 2026-12-31, where it is written in the order that was chosen; else as it was typed."""
    found = None if order is DayOrder.ISO else _LOCAL_DAY.fullmatch(typed)
    if found is None:
        return typed
    one, two, year = found.groups()
    month, day = (one, two) if order is DayOrder.MONTH_FIRST else (two, one)
    return f"{year}-{month:0>2}-{day:0>2}"
