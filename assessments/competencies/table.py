"""A framework's table as somebody uploads it: its skills, and what is wrong with each row. Pure.

Columns are known by what people and publishers call them, ESCO's and O*NET's own files among them:
ESCO `skills_en.csv` has conceptUri, preferredLabel and description, O*NET "Content Model Reference" has Element ID,
Element Name and Description.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from fourweek.language import _
from fourweek.language.lists import in_a_row, quoted
from fourweek.light import dataclass
from fourweek.spreadsheets import NotATable, rows_of
from fourweek.words import say_whole

MOST_ROWS, MOST_BYTES = 20_000, 20 * 1024 * 1024
LONGEST = {"code": 200, "title": 300, "description": 10_000, "url": 2_000}
HEADS = {
    "code": ("code", "elementid", "skillcode", "notation", "identifier", "id", "skillid"),
    "title": ("elementname", "preferredlabel", "title", "name", "skill", "label", "skillname", "skilltitle"),
    "description": ("description", "definition", "scopenote"),
    "url": ("url", "concepturi", "uri", "link", "targeturl"),
}
"""Headings in small letters without spaces and signs, those that count more first."""
WEB_ADDRESS = re.compile(r"https?://[^\s/]+\S*")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class SkillRow:
    """One skill of the table; `line` as an editor numbers it. `description` and `url` are None without such a column.

    `problem` is "" where the row can be taken.
    """

    line: int
    code: str
    title: str
    description: str | None = None
    url: str | None = None
    problem: str = ""

    @property
    def said(self) -> tuple[str, str, str | None, str | None]:
        return self.code, self.title, self.description, self.url


def read_skills(text: str) -> tuple[SkillRow, ...]:
    """Every skill of a table, a row that says the same as an earlier one left out.

    Raises NotATable with what is wrong with the whole.
    """
    rows = rows_of(text)
    if not rows:
        raise NotATable(_("The file is empty."))
    columns = _columns(rows[0][1])
    if len(rows) < 2:
        raise NotATable(_("The file has headings and no rows."))
    if len(rows) - 1 > MOST_ROWS:
        raise NotATable(
            _(
                "The file has {rows} rows; at most {most} are taken at once.",
                rows=say_whole(len(rows) - 1),
                most=say_whole(MOST_ROWS),
            )
        )
    return _once([_row(line, cells, columns) for line, cells in rows[1:]])


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Where each field stands. A code may be the last part of an address."""
    heads = [re.sub(r"[\W_]", "", cell.casefold()) for cell in cells]
    found = {field: heads.index(name) for field, names in HEADS.items() for name in names[::-1] if name in heads}
    if "title" in found and ("code" in found or "url" in found):
        return found
    seen = in_a_row(quoted(cell[:40]) for cell in cells[:8])
    raise NotATable(
        _(
            "The first row must name the columns code and title, and may name description and url; the "
            "names in the files of ESCO and O*NET will do. It says {seen}.",
            seen=seen,
        )
    )


def _row(line: int, cells: Sequence[str], columns: Mapping[str, int]) -> SkillRow:
    def cell(field: str) -> str | None:
        place = columns.get(field)
        return None if place is None else cells[place] if place < len(cells) else ""

    url = cell("url")
    code = cell("code") or re.split(r"[/#]", (url or "").rstrip("/#"))[-1]
    row = SkillRow(line, code, " ".join((cell("title") or "").split()), cell("description"), url)
    return replace(row, problem=_problem(row))


def _problem(row: SkillRow) -> str:
    texts = {"code": row.code, "title": row.title, "description": row.description or "", "url": row.url or ""}
    for field in ("code", "title"):
        if not texts[field]:
            return _("“{column}” is missing.", column=field)
    for field, text in texts.items():
        if CONTROL.search(text):
            return _("“{column}” holds a sign that cannot be kept.", column=field)
        if len(text) > LONGEST[field]:
            return _(
                "“{column}” is {long} characters long; at most {most} are kept.",
                column=field,
                long=say_whole(len(text)),
                most=say_whole(LONGEST[field]),
            )
    if texts["url"] and not WEB_ADDRESS.fullmatch(texts["url"]):
        return _("“{address}” is no address that begins with https:// or http://.", address=texts["url"][:80])
    return ""


def _once(rows: Sequence[SkillRow]) -> tuple[SkillRow, ...]:
    """Each code once: a row that repeats another is left out, one that says something else of its code is wrong."""
    first: dict[str, SkillRow] = {}
    found = []
    for row in rows:
        known = first.setdefault(row.code, row)
        if row.problem or known is row:
            found.append(row)
        elif row.said != known.said:
            said = _(
                "The code “{code}” stands in row {line} already, with other words.", code=row.code[:80], line=known.line
            )
            found.append(replace(row, problem=said))
    return tuple(found)
