"""Credit arithmetic: whole counted minutes to units, by a named and dated rule.

Minutes are the truth. Every amount is a whole number of steps (a tenth, for CEU), worked out with integers.
The course is the credit event, unless its modules are events of their own: a module is worth the rounded total after
it minus the rounded total before it, so the lines of an event add up to its rounded total whatever the order or the
split.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from fractions import Fraction

from fourweek.light import dataclass

CEU_STEP_MINUTES = 60
CEU_LEAST_MINUTES = 30
MOST_PLACES = 4


class Mode(StrEnum):
    """What happens to minutes that do not fill a whole step."""

    NEAREST = "nearest"
    FLOOR = "floor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One way to turn minutes into one credit type, valid from a day on. `step` is a fraction of a unit.

    With a `category` an event earns nothing of the type unless at least `share` of its minutes are of that category;
    then all of them count.
    """

    id: str
    credit_type: str
    title: str
    source: str
    effective_from: date
    effective_until: date | None = None
    minutes_per_unit: int
    step: Fraction
    mode: Mode
    minimum_minutes: int
    category: str = ""
    share: Fraction = Fraction(0)

    @property
    def step_minutes(self) -> Fraction:
        return self.minutes_per_unit * self.step

    def in_force(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_until is None or day < self.effective_until)


def counted_minutes(activities: Iterable[tuple[int, bool]]) -> int:
    """The sum of the countable minutes among pairs of (minutes, countable)."""
    return sum(_whole(minutes) for minutes, countable in activities if countable)


def credit_steps(minutes: int, rule: Rule) -> int:
    """Whole steps that `minutes` are worth under the rule: tenths, for a rule whose step is one tenth."""
    if _whole(minutes) < rule.minimum_minutes:
        return 0
    size = rule.step_minutes
    return _quantise(minutes * size.denominator, size.numerator, rule.mode)


def credit_amount(minutes: int, rule: Rule) -> Fraction:
    """The same as an exact amount of units."""
    return credit_steps(minutes, rule) * rule.step


def ceu_tenths(minutes: int, mode: Mode = Mode.NEAREST) -> int:
    """Tenths of a CEU for whole minutes: 10 contact hours of 60 minutes are 1.0; half a tenth goes up in `nearest`."""
    if _whole(minutes) < CEU_LEAST_MINUTES:
        return 0
    return _quantise(minutes, CEU_STEP_MINUTES, mode)


def earns(parts: Iterable[tuple[str, int]], rule: Rule) -> bool:
    """Whether an event that divides into these (category, minutes) earns the rule's credit type at all."""
    divided = list(parts)
    whole = sum(_whole(minutes) for _, minutes in divided)
    fitting = sum(minutes for category, minutes in divided if category == rule.category)
    return not rule.category or (whole > 0 and fitting >= whole * rule.share)


def line_steps(before_minutes: int, module_minutes: int, rule: Rule) -> int:
    """Steps that one module adds to an event in which `before_minutes` were completed earlier."""
    after = _whole(before_minutes) + _whole(module_minutes)
    return credit_steps(after, rule) - credit_steps(before_minutes, rule)


def next_steps(recorded: tuple[int, int], module_minutes: int, rule: Rule) -> int:
    """Steps that bring an event to its rounded total when (minutes, steps) are recorded and a module comes to it.

    The same as `line_steps` until an entry was taken back; then it also makes up for what its rounding left over.
    """
    before_minutes, before_steps = recorded
    left_over = credit_steps(before_minutes, rule) - before_steps
    return max(0, line_steps(before_minutes, module_minutes, rule) + left_over)


def course_lines(module_minutes: Iterable[int], rule: Rule) -> tuple[int, ...]:
    """The steps of every module of one event, given their minutes in order of completion."""
    lines: list[int] = []
    before = 0
    for minutes in module_minutes:
        lines.append(line_steps(before, minutes, rule))
        before += minutes
    return tuple(lines)


def steps_text(steps: int, rule: Rule) -> str:
    """Units with as many decimals as the rule's step has: "0.3", "1.5", "1.25", "2"; thirds are "2 1/3" and "1/3"."""
    return units_text(steps * rule.step, rule.step)


def units_text(units_of_it: Fraction, step: Fraction) -> str:
    """The same of a whole number of steps that is given in units."""
    sign, amount = "-" if units_of_it < 0 else "", abs(units_of_it)
    places = next((places for places in range(MOST_PLACES) if (step * 10**places).denominator == 1), None)
    if places is not None:
        units, rest = divmod(int(amount * 10**places), 10**places)
        return f"{sign}{units}.{rest:0{places}d}" if places else f"{sign}{units}"
    units, part = divmod(amount, 1)
    words = [str(units)] if units or not part else []
    return sign + " ".join([*words, str(part)] if part else words)


def ceu_text(tenths: int) -> str:
    """`3` is "0.3", `10` is "1.0", and a reversal of three tenths is "-0.3"."""
    units, rest = divmod(abs(tenths), 10)
    return f"{'-' if tenths < 0 else ''}{units}.{rest}"


def contact_hours_text(minutes: int) -> str:
    """Hours of 60 minutes: one decimal when that is exact ("2.5"), otherwise hours and minutes ("2:35")."""
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else ""
    return f"{sign}{hours}.{rest // 6}" if rest % 6 == 0 else f"{sign}{hours}:{rest:02d}"


def _quantise(amount: int, step: int, mode: Mode) -> int:
    return amount // step if mode is Mode.FLOOR else (2 * amount + step) // (2 * step)


def _whole(minutes: int) -> int:
    if type(minutes) is not int or minutes < 0:
        raise ValueError("Minutes are whole and not negative.")
    return minutes
