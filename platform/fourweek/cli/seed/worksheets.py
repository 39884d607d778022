"""The worksheet of week 1, worked out from the course's own data for each learner's counts."""

import csv
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path

import courses
from fourweek.cli.seed.voices import Voice
from fourweek.light import dataclass

EXAMPLES = Path(courses.__file__).parent / "examples"
SOURCE = EXAMPLES / "reliable-services" / "week1" / "data" / "skerry-september.csv"
JOURNEY = "booking"
TARGETS = (Fraction(995, 1000), Fraction(999, 1000), Fraction(9995, 10000))


@dataclass(frozen=True, slots=True)
class Day:
    """One day's counts, probes and malformed requests taken off."""

    date: str
    eligible: int
    errors: int
    slow: int

    @property
    def bad(self) -> int:
        return self.errors + self.slow


def month(voice: Voice) -> tuple[Day, ...]:
    """The thirty days in a learner's own numbers."""
    days = _source()
    columns = [_scaled([getattr(day, name) for day in days], voice) for name in ("eligible", "errors", "slow")]
    return tuple(Day(day.date, *counts) for day, *counts in zip(days, *columns, strict=True))


def daily_csv(voice: Voice) -> str:
    """Day by day, with the running total of bad events against the budget at 99.9 %."""
    days = month(voice)
    budget = sum(day.eligible for day in days) / 1000
    spent = accumulate(day.bad for day in days)
    lines = [
        f"{day.date},{day.eligible},{day.errors},{day.slow},{day.bad},{total},{total / budget:.1%}"
        for day, total in zip(days, spent, strict=True)
    ]
    return "\n".join(("date,eligible,errors,slow,bad,bad_so_far,budget_used", *lines, ""))


def worksheet(voice: Voice) -> str:
    """The calculation behind the objective, as Markdown."""
    days = month(voice)
    eligible, bad = sum(day.eligible for day in days), sum(day.bad for day in days)
    heavy = [day for day in days if day.bad * 10_000 > eligible]
    return f"""# Worksheet

Counts of thirty days, from the log of the load balancer: {_origin(voice)}. Probes and malformed requests were taken off
first. The days are in `daily.csv`.

| eligible | errors | slow | bad | indicator |
|--:|--:|--:|--:|--:|
| {eligible:,} | {sum(d.errors for d in days):,} | {sum(d.slow for d in days):,} | {bad:,} | {1 - bad / eligible:.3%} |

## Three targets

| target | budget | used | first day without budget |
|--:|--:|--:|---|
{"".join(_target_rows(days))}
## Days on which more than a tenth of the budget at 99.9 % went

{"".join(f"- {day.date}: {day.bad} bad, {day.errors} of them errors, {day.slow} slow{chr(10)}" for day in heavy)}
## Shaking the definition

Without slow answers the indicator reads {1 - sum(d.errors for d in days) / eligible:.3%}, and the target of
99.9 % would have been kept. That is the one decision that changes the result, so it is written down with its reason.
"""


def _target_rows(days: tuple[Day, ...]) -> Iterator[str]:
    eligible, bad = sum(day.eligible for day in days), sum(day.bad for day in days)
    for target in TARGETS:
        budget = eligible * (1 - target)
        totals = zip(days, accumulate(day.bad for day in days), strict=True)
        gone = next((day.date for day, total in totals if total > budget), "never")
        yield f"| {float(target):.2%} | {round(budget):,} | {float(bad / budget):.0%} | {gone} |\n"


def _origin(voice: Voice) -> str:
    if voice.scale == 1:
        return "as they are in the data of the course"
    return "all multiplied by one constant, so that shares stay true"


def _scaled(counts: list[int], voice: Voice) -> list[int]:
    """Counts in the voice's scale. The running total is rounded, so that sums are as right as single days."""
    totals = [0, *(voice.number(total) for total in accumulate(counts))]
    return [after - before for before, after in pairwise(totals)]


@cache
def _source() -> tuple[Day, ...]:
    with SOURCE.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["journey"] == JOURNEY]
    return tuple(
        Day(
            row["date"],
            int(row["requests"]) - int(row["probes"]) - int(row["malformed"]),
            int(row["server_errors"]),
            int(row["slow"]),
        )
        for row in rows
    )
