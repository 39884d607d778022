"""A snapshot as CSV that spreadsheets open without running anything, and that reads back to the same text.

UTF-8 with byte order mark, CRLF, every cell quoted. A text cell that a spreadsheet would take for a formula begins with
an apostrophe; whoever reads the file strips that one apostrophe (`plain_cell`). Numbers are ours and stay bare.
"""

import csv
import io
import unicodedata

from assessments.transcripts.codes import print_form
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.parts import TranscriptLine

COLUMNS = (
    "Document",
    "Verification code",
    "Check at",
    "Issued",
    "Issuer",
    "Learner",
    "Learner number",
    "Course code",
    "Course",
    "Course version",
    "Module",
    "Module title",
    "Category",
    "Delivery",
    "Completed on",
    "Time zone",
    "Counted minutes",
    "Contact hours",
    "CEU",
    "Rule",
    "Outcome",
    "Assessment",
    "Badge",
    "Status",
)
_STARTS_FORMULA = frozenset("=+-@\u2212")
_STARTS_CELL = frozenset("\t\r\n")
_SKIPPED = {"Cc", "Cf", "Zs", "Zl", "Zp"}


def transcript_csv(snapshot: TranscriptSnapshot) -> bytes:
    """One row for each line, under one row of headings."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(snapshot, line) for line in snapshot.lines)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def read_rows(data: bytes) -> list[dict[str, str]]:
    """The rows of such a file by heading, with the guarding apostrophes taken off."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    return [{heading: plain_cell(cell) for heading, cell in row.items()} for row in rows]


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


def _row(snapshot: TranscriptSnapshot, line: TranscriptLine) -> list[str]:
    document = snapshot.document
    texts_before = (
        document.number,
        print_form(document.code),
        document.verify_url,
        snapshot.issued_on.isoformat(),
        snapshot.issuer.name,
        snapshot.learner.legal_name,
        snapshot.learner.number,
        line.course_code,
        line.course_title,
        line.course_version,
    )
    return [*map(safe_cell, texts_before), *_module_cells(line)]


def _module_cells(line: TranscriptLine) -> list[str]:
    about = (line.module_title, line.category, line.delivery, line.completed_on.isoformat(), line.zone)
    figures = (str(line.counted_minutes), line.contact_hours, line.ceu)
    result = (line.rule_id, line.outcome, line.assessment_method, line.award_url or "", line.status.value)
    return [str(line.module_number), *map(safe_cell, about), *figures, *map(safe_cell, result)]
