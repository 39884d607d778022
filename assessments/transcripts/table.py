"""A snapshot as CSV that spreadsheets open without running anything, and that reads back to the same text.

Text cells are guarded (`fourweek.spreadsheets`); numbers are ours and stay bare.
"""

import csv
import io

from assessments.transcripts.codes import print_form
from assessments.transcripts.document import TranscriptSnapshot
from assessments.transcripts.parts import TranscriptLine
from fourweek.spreadsheets import plain_cell, safe_cell, written

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


def transcript_csv(snapshot: TranscriptSnapshot) -> bytes:
    """One row for each line, under one row of headings. Attendance has a column where any was kept."""
    if not any(line.attendance for line in snapshot.lines):
        return written(COLUMNS, (_row(snapshot, line) for line in snapshot.lines))
    rows = ([*_row(snapshot, line), safe_cell(line.attendance)] for line in snapshot.lines)
    return written((*COLUMNS, "Attendance"), rows)


def read_rows(data: bytes) -> list[dict[str, str]]:
    """The rows of such a file by heading, with the guarding apostrophes taken off."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    return [{heading: plain_cell(cell) for heading, cell in row.items()} for row in rows]


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
