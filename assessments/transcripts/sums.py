"""Order and sums of a transcript's lines. Sums are of frozen integers; nothing is rounded again."""

from collections.abc import Iterable
from datetime import date

from assessments.credit.rules import ceu_text, contact_hours_text
from assessments.transcripts.parts import CategoryTotal, Subtotal, Totals, TranscriptLine


def in_print_order(lines: Iterable[TranscriptLine]) -> tuple[TranscriptLine, ...]:
    """Courses by the day of their last line, newest last; within a course by day, then module."""
    kept = list(lines)
    finished: dict[str, date] = {}
    for line in kept:
        finished[line.course_code] = max(line.completed_on, finished.get(line.course_code, date.min))
    return tuple(
        sorted(
            kept,
            key=lambda line: (finished[line.course_code], line.course_code, line.completed_on, line.module_number),
        )
    )


def totals_of(lines: Iterable[TranscriptLine]) -> Totals:
    """The totals of all lines that count, and of each category (by name) and calendar year (by number)."""
    counted = [line for line in lines if line.status.counts]
    whole = subtotal("all", counted)
    return Totals(
        modules=whole.modules,
        counted_minutes=whole.counted_minutes,
        contact_hours=whole.contact_hours,
        ceu_tenths=whole.ceu_tenths,
        ceu=whole.ceu,
        by_category=tuple(
            _category(label, [line for line in counted if line.category == label])
            for label in sorted({line.category for line in counted})
        ),
        by_year=tuple(
            subtotal(str(year), [line for line in counted if line.completed_on.year == year])
            for year in sorted({line.completed_on.year for line in counted})
        ),
    )


def subtotal(label: str, lines: Iterable[TranscriptLine]) -> Subtotal:
    """The sum of the lines that count among `lines`."""
    counted = [line for line in lines if line.status.counts]
    minutes = sum(line.counted_minutes for line in counted)
    tenths = sum(line.ceu_tenths for line in counted)
    return Subtotal(
        label=label,
        modules=len(counted),
        counted_minutes=minutes,
        contact_hours=contact_hours_text(minutes),
        ceu_tenths=tenths,
        ceu=ceu_text(tenths),
    )


def _category(label: str, lines: Iterable[TranscriptLine]) -> CategoryTotal:
    whole = subtotal(label, lines)
    return CategoryTotal(
        label=label,
        modules=whole.modules,
        counted_minutes=whole.counted_minutes,
        contact_hours=whole.contact_hours,
    )
