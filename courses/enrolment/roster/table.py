"""The table of people that somebody pastes or uploads: its rows, and what is wrong with each. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from fourweek.language import _, n_
from fourweek.letters.printing import names_ok
from fourweek.light import dataclass
from fourweek.spreadsheets import NotATable, rows_of, safe_cell

MOST_ROWS, MOST_BYTES = 2000, 1024 * 1024
LONGEST_NAME, LONGEST_ADDRESS = 200, 254
ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\.]+(\.[^\s@<>()\[\],;:\"\\.]+)+")
HEADS = {
    "name": ("name", "fullname", "learner", "participant", "student", "person"),
    "first": ("firstname", "givenname", "forename"),
    "last": ("lastname", "surname", "familyname"),
    "email": ("email", "mail", "emailaddress", "mailaddress", "address"),
    "section": ("section", "group"),
}
_JOINERS = {0x200C: None, 0x200D: None}
FIELD = {head: name for name, heads in HEADS.items() for head in heads}


@dataclass(frozen=True, slots=True)
class TableRow:
    """One person of the table; `line` as an editor numbers it, `address` in small letters, `problem` "" where the row
    can be read."""

    line: int
    name: str
    address: str
    section: str
    problem: str = ""


def read_table(text: str) -> list[TableRow]:
    """The people of a table. Without headings a row is told by its cells: the one with an @ is the address, the one
    before or after it the name, a third the section. Raises NotATable with what is wrong with the whole."""
    if len(text.encode()) > MOST_BYTES:
        raise NotATable(_("The table is larger than 1 MB."))
    rows = rows_of(text)
    fields = _fields(rows[0][1]) if rows else {}
    if "email" in fields:
        people = [_by_heads(line, cells, fields) for line, cells in rows[1:]]
    elif rows and any("@" in cell for cell in rows[0][1]):
        people = [_by_looks(line, cells) for line, cells in rows]
    elif rows:
        raise NotATable(_("No column is called “email”. Write the headings name, email and section in the first row."))
    else:
        people = []
    if not people:
        raise NotATable(
            _("There is nobody in this table. Write one person in a row: name, email and, if any, section.")
        )
    if len(people) > MOST_ROWS:
        raise NotATable(
            n_(
                "The table has {count} row; at most {most} are taken at once.",
                "The table has {count} rows; at most {most} are taken at once.",
                len(people),
                most=MOST_ROWS,
            )
        )
    return _said_twice([replace(one, problem=_problem(one)) for one in people])


def _fields(cells: Sequence[str]) -> dict[str, int]:
    """Where each field stands, by headings as people write them."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = FIELD.get(re.sub(r"[\W_]", "", cell.casefold()))
        if name:
            found.setdefault(name, place)
    return found


def _by_heads(line: int, cells: Sequence[str], fields: dict[str, int]) -> TableRow:
    def cell(name: str) -> str:
        place = fields.get(name)
        return cells[place] if place is not None and place < len(cells) else ""

    name = cell("name") or f"{cell('first')} {cell('last')}"
    return _row(line, name, cell("email"), cell("section"))


def _by_looks(line: int, cells: Sequence[str]) -> TableRow:
    place = next((n for n, cell in enumerate(cells) if "@" in cell), 0)
    others = [cell for n, cell in enumerate(cells) if n != place]
    name, section = (*others, "", "")[:2]
    return _row(line, name, cells[place], section)


def _row(line: int, name: str, address: str, section: str) -> TableRow:
    return TableRow(line, " ".join(name.split()), address.strip().casefold(), " ".join(section.split()))


def _problem(row: TableRow) -> str:
    if not row.address:
        return _("The e-mail address is missing.")
    if len(row.address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(row.address):
        return _("“{address}” is no e-mail address.", address=row.address[:60])
    if len(row.name) > LONGEST_NAME:
        return n_(
            "The name has {count} character; at most {most} are kept.",
            "The name has {count} characters; at most {most} are kept.",
            len(row.name),
            most=LONGEST_NAME,
        )
    if safe_cell(row.name) != row.name or not row.name.translate(_JOINERS).isprintable():
        return _("The name begins with a sign such as “=”, or has one that cannot be printed.")
    return names_ok(row.name)


def _said_twice(rows: list[TableRow]) -> list[TableRow]:
    first: dict[str, int] = {}
    found = []
    for row in rows:
        known = first.setdefault(row.address, row.line)
        twice = not row.problem and known != row.line
        found.append(replace(row, problem=_("The same address stands in row {row}.", row=known)) if twice else row)
    return found
