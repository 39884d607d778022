"""CSV as spreadsheets write and read it: safe to open, forgiving to take in.

What we write is UTF-8 with byte order mark, CRLF, every cell quoted. A text cell that a spreadsheet would take for a
formula begins with an apostrophe; whoever reads the file strips that one apostrophe (`plain_cell`).
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

from fourweek.heaps import heaped
from fourweek.language import _

MARK = b"\xef\xbb\xbf"
DELIMITERS = ",;\t"
_STARTS_FORMULA = frozenset("=+-@\u2212")
_STARTS_CELL = frozenset("\t\r\n")
_SKIPPED = {"Cc", "Cf", "Zs", "Zl", "Zp"}


class NotATable(ValueError):
    """A text that is no table; the message says where and why."""


def written(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A file of one row of headings and the rows, every cell as it is given."""
    return MARK + written_rows((heads, *rows))


def written_rows(rows: Iterable[Sequence[str]]) -> bytes:
    """Further rows of a file that is written a piece at a time."""
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


def decoded(data: bytes) -> str:
    """The text of a file that somebody sends. Raises NotATable for another encoding than UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotATable(_("The file is not in UTF-8. Save it as “CSV UTF-8” and send it again.")) from None


def rows_of(text: str) -> list[tuple[int, list[str]]]:
    """(line, cells) of every row that holds something; cells are trimmed and without guarding apostrophes.

    Columns are set apart by comma, semicolon or tab, whichever the first row has most of. Raises NotATable.
    """
    if heaped(text):
        raise NotATable(_("The table heaps very many marks upon one letter. Leave them out."))
    plain = text.removeprefix("\ufeff")
    first = plain.lstrip().partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(plain, newline=""), delimiter=delimiter, strict=True)
    found, line = [], 1
    try:
        for cells in reader:
            trimmed = [plain_cell(cell.strip()).strip() for cell in cells]
            if any(trimmed):
                found.append((line, trimmed))
            line = reader.line_num + 1
    except csv.Error:
        raise NotATable(
            _("A quotation mark that is opened in line {line} or after it is not closed.", line=line)
        ) from None
    return found


def safe_cell(text: str) -> str:
    """The text, behind one apostrophe where a spreadsheet might take it for a formula."""
    return f"'{text}" if _needs_guard(text) else text


def plain_cell(cell: str) -> str:
    """What `safe_cell` was given."""
    return cell[1:] if cell.startswith("'") and _needs_guard(cell[1:]) else cell


def _needs_guard(text: str) -> bool:
    """True also for a text of apostrophes before such a beginning: otherwise reading back would take one off."""
    bare = text.lstrip("'")
    if bare[:1] in _STARTS_CELL and bare:
        return True
    first = next((char for char in bare if unicodedata.category(char) not in _SKIPPED), "")
    return unicodedata.normalize("NFKC", first)[:1] in _STARTS_FORMULA and bool(first)
