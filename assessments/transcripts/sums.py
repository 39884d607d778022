"""Order and sums of a transcript's lines. Sums are of frozen integers; nothing is rounded again."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from assessments.credit.rules import ceu_text, contact_hours_text, units_text
from assessments.transcripts.parts import CategoryTotal, Subtotal, Totals, TranscriptLine
from assessments.transcripts.pieces import CreditTotal


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
        by_category=category_totals(counted),
        by_year=tuple(
            subtotal(str(year), [line for line in counted if line.completed_on.year == year])
            for year in sorted({line.completed_on.year for line in counted})
        ),
        credits=whole.credits,
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
        credits=credit_totals(counted),
    )


def category_totals(lines: Iterable[TranscriptLine]) -> tuple[CategoryTotal, ...]:
    """The exact minutes of each category among the lines that count, by name, and how many lines have some of it."""
    minutes: dict[str, int] = {}
    modules: dict[str, int] = {}
    for line in lines:
        for category, some in minutes_by_category(line) if line.status.counts else ():
            minutes[category] = minutes.get(category, 0) + some
            modules[category] = modules.get(category, 0) + 1
    return tuple(
        CategoryTotal(
            label=label,
            modules=modules[label],
            counted_minutes=minutes[label],
            contact_hours=contact_hours_text(minutes[label]),
        )
        for label in sorted(minutes)
    )


def minutes_by_category(line: TranscriptLine) -> tuple[tuple[str, int], ...]:
    """How the minutes of a line divide; all of them where it says nothing else."""
    return tuple((part.category, part.counted_minutes) for part in line.parts) or (
        (line.category, line.counted_minutes),
    )


def credit_totals(lines: Iterable[TranscriptLine]) -> tuple[CreditTotal, ...]:
    """The sum of each credit type beside the CEU among the lines that count, by name."""
    sums: dict[str, Fraction] = {}
    finest: dict[str, Fraction] = {}
    for line in lines:
        for credit in line.credits if line.status.counts else ():
            name, step = credit.credit_type, Fraction(credit.step)
            sums[name] = sums.get(name, Fraction()) + credit.steps * step
            finest[name] = min(step, finest.get(name, step))
    return tuple(CreditTotal(credit_type=name, amount=units_text(sums[name], finest[name])) for name in sorted(sums))
