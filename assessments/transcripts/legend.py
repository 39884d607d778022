"""The words at the end of a transcript that say what its figures mean."""

from collections.abc import Iterable

from assessments.credit.rulebook import TYPES
from assessments.credit.rules import Mode, Rule
from fourweek.light import dataclass

_ROUNDING = {
    Mode.NEAREST: "to the nearest step, a half upwards",
    Mode.FLOOR: "down to the whole step",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendRow:
    """One term and what it means."""

    term: str
    meaning: str


_MARKS = LegendRow(
    term="Marks",
    meaning="Amended: corrected after it was first recorded. Revoked: withdrawn, no credit. "
    "Repeat: an equivalent course was credited before, no credit. Figures in brackets are not in any total.",
)


_COURSE = LegendRow(
    term="Course and module",
    meaning="The course is the credit event. A module’s CEU is the rounded total of the course after it minus "
    "the rounded total before it, so modules add up to the hours of their course. Subjects split the time, "
    "never the rounded CEU.",
)
_MODULES = LegendRow(
    term="Modules apart",
    meaning="Where a course says that each of its modules is a credit event, with outcomes and an assessment of its "
    "own, each is rounded for itself.",
)


def legend_rows(rules: Iterable[Rule], *, marked: bool, apart: bool = False) -> tuple[LegendRow, ...]:
    """The terms of every transcript, a row for each rule that its lines name, and the marks where one is used.

    `apart`: a line is of a module that is a credit event of its own.
    """
    return (
        LegendRow(
            term="Contact hour",
            meaning="60 minutes of countable learning: taught or monitored time, required work and its assessment. "
            "Breaks, registration, promotion and unmonitored reading are not counted. "
            "Hours show one decimal where that is exact, otherwise hours and minutes (2:35).",
        ),
        *(_rule_row(rule) for rule in sorted(rules, key=lambda rule: rule.id)),
        _COURSE,
        *([_MODULES] if apart else []),
        LegendRow(
            term="Demonstrated",
            meaning="Work handed in was judged against published criteria, and every required criterion was met.",
        ),
        *([_MARKS] if marked else []),
        LegendRow(
            term="Acceptance",
            meaning="Whether and how these hours count towards a licence is for the licensing board to decide.",
        ),
    )


def _rule_row(rule: Rule) -> LegendRow:
    known = TYPES.get(rule.credit_type)
    return LegendRow(
        term=f"{known.short if known else rule.credit_type} ({rule.id})",
        meaning=f"One {known.title if known else rule.credit_type} is {rule.minutes_per_unit} counted minutes, "
        f"given in steps of {rule.step}, rounded {_ROUNDING[rule.mode]}; nothing under {rule.minimum_minutes} minutes. "
        f"{rule.source}",
    )
