"""A snapshot as CSV that spreadsheets open without running anything, and that reads back to the same text.

Text cells are guarded (`fourweek.spreadsheets`); numbers are ours and stay bare.
"""

import csv
import io

from assessments.transcripts.codes import print_form
from assessments.transcripts.document import FIRST_SCHEMA, TranscriptSnapshot
from assessments.transcripts.parts import TranscriptLine
from assessments.transcripts.pieces import StatedLine
from assessments.transcripts.sums import minutes_by_category
from assessments.transcripts.words import say_approvals, say_identity, say_instructors
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


LATER = (
    "Attendance",
    "Ledger entry",
    "Minutes by subject",
    "Other credit",
    "Other rules",
    "Mode",
    "Place",
    "Began on",
    "Instructors",
    "Outcomes met",
    "Identity check",
    "Approvals",
    "Earned as",
    "Provider",
    "Stated minutes",
    "Certificate says",
)
"""What the second schema adds at the end. The last three are of credit from elsewhere alone, which has no figures of
ours."""


def transcript_csv(snapshot: TranscriptSnapshot) -> bytes:
    """One row for each line, under one row of headings, then one for each credit from elsewhere."""
    if snapshot.schema == FIRST_SCHEMA:
        return _first_csv(snapshot)
    rows = [[*_row(snapshot, line), *map(safe_cell, _later(line))] for line in snapshot.lines]
    rows += [_stated(snapshot, line) for line in snapshot.stated]
    return written((*COLUMNS, *LATER), rows)


def _first_csv(snapshot: TranscriptSnapshot) -> bytes:
    """As it was in the first schema: attendance has a column where any was kept."""
    if not any(line.attendance for line in snapshot.lines):
        return written(COLUMNS, (_row(snapshot, line) for line in snapshot.lines))
    rows = ([*_row(snapshot, line), safe_cell(line.attendance)] for line in snapshot.lines)
    return written((*COLUMNS, "Attendance"), rows)


def read_rows(data: bytes) -> list[dict[str, str]]:
    """The rows of such a file by heading, with the guarding apostrophes taken off."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    return [{heading: plain_cell(cell) for heading, cell in row.items()} for row in rows]


def _row(snapshot: TranscriptSnapshot, line: TranscriptLine) -> list[str]:
    course = (line.course_code, line.course_title, line.course_version)
    return [*map(safe_cell, (*_of_document(snapshot), *course)), *_module_cells(line)]


def _of_document(snapshot: TranscriptSnapshot) -> tuple[str, ...]:
    document = snapshot.document
    return (
        document.number,
        print_form(document.code),
        document.verify_url,
        snapshot.issued_on.isoformat(),
        snapshot.issuer.name,
        snapshot.learner.legal_name,
        snapshot.learner.number,
    )


def _module_cells(line: TranscriptLine) -> list[str]:
    about = (line.module_title, line.category, line.delivery, line.completed_on.isoformat(), line.zone)
    figures = (str(line.counted_minutes), line.contact_hours, line.ceu)
    result = (line.rule_id, line.outcome, line.assessment_method, line.award_url or "", line.status.value)
    return [str(line.module_number), *map(safe_cell, about), *figures, *map(safe_cell, result)]


def _later(line: TranscriptLine) -> tuple[str, ...]:
    """The cells of `LATER` that are of a line; several of one kind are joined by semicolons."""
    return (
        line.attendance,
        line.entry,
        "; ".join(f"{category} {minutes}" for category, minutes in minutes_by_category(line)),
        "; ".join(f"{one.amount} {one.credit_type}" for one in line.credits),
        "; ".join(one.rule_id for one in line.credits),
        line.mode,
        line.place,
        line.began_on.isoformat() if line.began_on else "",
        say_instructors([line]),
        "; ".join(one.title for one in line.outcomes),
        say_identity(line),
        say_approvals(line),
        line.earned_as,
        *("",) * 3,
    )


def _stated(snapshot: TranscriptSnapshot, line: StatedLine) -> list[str]:
    said = {
        "Course": line.title,
        "Category": line.category,
        "Mode": line.mode,
        "Completed on": line.completed_on.isoformat(),
        "Status": "stated",
        "Place": line.place,
        "Instructors": line.instructor,
        "Provider": ", ".join(part for part in (line.provider, line.provider_number) if part),
        "Stated minutes": str(line.minutes),
        "Certificate says": line.said,
    }
    said |= dict(zip(COLUMNS, _of_document(snapshot), strict=False))
    return [safe_cell(said.get(heading, "")) for heading in (*COLUMNS, *LATER)]
