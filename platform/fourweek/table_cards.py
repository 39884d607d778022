"""Tables that a phone shows as cards: each cell says the name of its column, taken from the head of the table."""

import re
from typing import Final

from markupsafe import Markup

FEWEST, FEWEST_OF_WORDS = 4, 3
"""Columns from which on a table does not fit a phone; words take more room than numbers."""
_HEAD: Final = re.compile(r"<thead>.*?</thead>", re.DOTALL)
_HEADS: Final = re.compile(r"<th\b([^>]*)>(.*?)</th>", re.DOTALL)
_ROW: Final = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL: Final = re.compile(r"<(th|td)\b([^>]*)>")
_TAG: Final = re.compile(r"<[^>]*>")
_SPAN: Final = re.compile(r'\bcolspan="(\d+)"')


def labelled(body: Markup) -> Markup:
    """The rows of a table with data-label on each cell; "" where cards would not do.

    They do where there are many columns, each with a name of its own, and every row begins with its header.
    """
    table = str(body)
    head = _HEAD.search(table)
    heads = _HEADS.findall(head[0]) if head else []
    rest = table[head.end() :] if head else ""
    fewest = FEWEST if any("number" in attributes for attributes, _ in heads) else FEWEST_OF_WORDS
    if len(heads) < fewest or any("span=" in attributes for attributes, _ in heads) or not _named(rest):
        return Markup("")
    labels = [_TAG.sub("", text).strip().replace('"', "&#34;") for _, text in heads]
    return Markup(table[: len(table) - len(rest)] + _ROW.sub(lambda row: _row(row[0], labels), rest))  # noqa: S704


def _named(rows: str) -> bool:
    """Whether every row begins with its header."""
    return all((cell := _CELL.search(row)) is None or cell[1] == "th" for row in _ROW.findall(rows))


def _row(row: str, labels: list[str]) -> str:
    said, end, column = [], 0, 0
    for cell in _CELL.finditer(row):
        if cell[1] == "td" and column < len(labels):
            said += [row[end : cell.start()], f'<td data-label="{labels[column]}"{cell[2]}>']
            end = cell.end()
        span = _SPAN.search(cell[2])
        column += int(span[1]) if span else 1
    return "".join([*said, row[end:]])
