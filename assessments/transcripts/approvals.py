"""Which accreditations a document may claim: those configured that held on the day a line was completed. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from assessments.transcripts.parts import Approval, TranscriptLine
from assessments.transcripts.pieces import LineApproval
from fourweek.settings import ApprovalSetting


def with_approvals(lines: Iterable[TranscriptLine], rows: Iterable[ApprovalSetting]) -> tuple[TranscriptLine, ...]:
    """The lines, each with the approvals that held for its course on its day; one without credit has none."""
    configured = tuple(rows)
    return tuple(
        replace(line, approvals=tuple(_claim(row, line) for row in configured if _held(row, line))) for line in lines
    )


def claimed(lines: Iterable[TranscriptLine], rows: Iterable[ApprovalSetting]) -> tuple[Approval, ...]:
    """The approvals that at least one line claims, as they were granted."""
    shown = tuple(lines)
    return tuple(
        Approval(
            body=row.body,
            number=row.number,
            statement=row.statement,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in rows
        if any(_held(row, line) for line in shown)
    )


def _held(row: ApprovalSetting, line: TranscriptLine) -> bool:
    of_course = not row.courses or line.course_code in row.courses
    return line.status.counts and of_course and _within(line.completed_on, row.valid_from, row.valid_to)


def _within(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def _claim(row: ApprovalSetting, line: TranscriptLine) -> LineApproval:
    return LineApproval(body=row.body, number=row.number, course_number=row.courses.get(line.course_code, ""))
