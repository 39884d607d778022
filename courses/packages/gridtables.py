"""Pandoc grid tables, whose cells hold whole blocks: lists, code, paragraphs."""

import re
import textwrap
import unicodedata
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from courses.packages.fences import ENDS, FAULTS
from fourweek.language import _
from fourweek.light import dataclass

RULE = re.compile(r"\+(?::?[=-]+:?\+)+")
FILLER = "\ue000"  # the second column of a wide character
DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is that of its first text line in the document, from 0; one block of Markdown a cell."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    head: tuple[Row, ...]
    body: tuple[Row, ...]
    aligns: tuple[str, ...]


def gridtables_plugin(md: MarkdownIt) -> None:
    md.block.ruler.before("fence", "grid_table", _grid_table, {"alt": list(ENDS)})


def _grid_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the parser calls it so
    if state.is_code_block(start) or not RULE.fullmatch(_line(state, start)):
        return False
    if state.env.get("grid_depth", 0) >= DEEPEST:
        return False
    lines = _lines(state, start, end)
    if len(lines) < 3 or not RULE.fullmatch(lines[-1]):
        return False
    grid = read_grid(lines, start)
    if isinstance(grid, tuple):
        if not silent:
            state.env.setdefault(FAULTS, []).append(grid)
        return False
    if not silent:
        _push(state, grid, start, start + len(lines))
        state.line = start + len(lines)
    return True


def read_grid(lines: list[str], start: int) -> Grid | tuple[int, str]:
    """The table in `lines`, the first of which is line `start`; or the line and words of what is wrong."""
    marks = [at for at, mark in enumerate(lines[0]) if mark == "+"]
    rows: list[Row] = []
    head: tuple[Row, ...] = ()
    aligns = _aligns(lines[0])
    pending: list[str] = []
    for number, text in enumerate(lines):
        line = _wide(text)
        if RULE.fullmatch(text) and [at for at, mark in enumerate(line) if mark == "+"] == marks:
            if pending:
                rows.append(_row(pending, marks, start + number - len(pending)))
                pending = []
            if "=" in text and number > 0:
                head, rows, aligns = tuple(rows), [], _aligns(text)
        elif len(line) != marks[-1] + 1 or any(line[at] != "|" for at in marks):
            return start + number, _("This line of the grid table does not meet its columns; cells may not span.")
        else:
            pending.append(line)
    return Grid(head, tuple(rows), aligns)


def _row(lines: list[str], marks: list[int], line: int) -> Row:
    cells = []
    for left, right in pairwise(marks):
        cut = [text[left + 1 : right].replace(FILLER, "").rstrip() for text in lines]
        cells.append(textwrap.dedent("\n".join(cut)))
    return Row(line, tuple(cells))


def _aligns(rule: str) -> tuple[str, ...]:
    names = {(True, True): "center", (False, True): "right", (True, False): "left"}
    return tuple(names.get((part.startswith(":"), part.endswith(":")), "") for part in rule.strip("+").split("+"))


def _wide(text: str) -> str:
    """The line with a filler after each wide character, so that columns are places in it."""
    if text.isascii():
        return text
    return "".join(mark + FILLER if unicodedata.east_asian_width(mark) in "WF" else mark for mark in text)


def _push(state: StateBlock, grid: Grid, start: int, end: int) -> None:
    token = state.push("table_open", "table", 1)
    token.map = [start, end]
    if grid.head:
        _push_rows(state, "thead", "th", grid.head, grid.aligns)
    if grid.body:
        _push_rows(state, "tbody", "td", grid.body, grid.aligns)
    state.push("table_close", "table", -1)


def _push_rows(state: StateBlock, group: str, tag: str, rows: tuple[Row, ...], aligns: tuple[str, ...]) -> None:
    state.push(f"{group}_open", group, 1)
    for row in rows:
        state.push("tr_open", "tr", 1)
        for cell, align in zip(row.cells, aligns, strict=True):
            opened = state.push(f"{tag}_open", tag, 1)
            if align:
                opened.attrs["style"] = f"text-align:{align}"
            state.tokens.extend(_cell_tokens(state, cell, row.line))
            state.push(f"{tag}_close", tag, -1)
        state.push("tr_close", "tr", -1)
    state.push(f"{group}_close", group, -1)


def _cell_tokens(state: StateBlock, cell: str, line: int) -> list[Token]:
    tokens: list[Token] = []
    faults = len(state.env.get(FAULTS, []))
    state.env["grid_depth"] = state.env.get("grid_depth", 0) + 1
    state.md.block.parse(cell, state.md, state.env, tokens)
    state.env["grid_depth"] -= 1
    for token in tokens:
        token.level += state.level
        token.map = [token.map[0] + line, token.map[1] + line] if token.map else None
    inner = state.env.get(FAULTS, [])
    inner[faults:] = [(at + line, message) for at, message in inner[faults:]]
    if [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]:
        tokens[0].hidden = tokens[2].hidden = True
    return tokens


def _lines(state: StateBlock, start: int, end: int) -> list[str]:
    lines = []
    for number in range(start, end):
        line = _line(state, number)
        if not line.startswith(("+", "|")) or state.sCount[number] < state.blkIndent:
            break
        lines.append(line)
    return lines


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()
