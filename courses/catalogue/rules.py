"""What may be published after what, and how long things take in words. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from courses.coursework import PublicAssignment, PublicCriterion
from courses.schedule.words import say_month
from fourweek.light import dataclass

MINUTES_AN_HOUR = 60
MONTHS_A_YEAR = 12
Number = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Structure:
    """What only a new major version may change: the counted minutes of each module, how evidence is judged, and what
    credit is worked out from.

    `subjects` are the minutes of each module by category; `separate`: each module is a credit event of its own.
    """

    minutes: tuple[int, ...]
    assignments: tuple[PublicAssignment, ...]
    subjects: tuple[Mapping[str, int], ...] = ()
    separate: bool = False


def say_version(number: Number) -> str:
    return f"{number[0]}.{number[1]}"


def read_version(version: str) -> Number:
    """(1, 4) of "1.4"; the reader of packages lets nothing else through."""
    major, minor = version.split(".")
    return int(major), int(minor)


def number_problem(number: Number, package_sha256: str, known: dict[Number, str]) -> str:
    """Why a package of this number may not follow the known ones ({number: digest}); "" where it may."""
    version = say_version(number)
    if number in known:
        same = known[number] == package_sha256
        return "" if same else f"Version {version} is published already, with other content. Choose a new number."
    newest = max(known, default=number)
    if number < newest:
        return f"Version {version} is older than {say_version(newest)}, which is published. Give it a higher number."
    return ""


def structure_problem(number: Number, new: Structure, last: Number, old: Structure) -> str:
    """Why `number` needs a new major number after `last`: a minor one changes wording alone. "" where it does not."""
    if number[0] != last[0]:
        return ""
    changed = _first_change(new, old)
    if not changed:
        return ""
    return (
        f"Version {say_version(number)} changes {changed} since {say_version(last)}, and that is more than wording. "
        f"Give it the number {last[0] + 1}.0."
    )


def _first_change(new: Structure, old: Structure) -> str:
    if len(new.minutes) != len(old.minutes):
        return "the number of modules"
    if credit := _credit_change(new, old):
        return credit
    shapes = {_shape(one) for one in new.assignments} ^ {_shape(one) for one in old.assignments}
    keys = sorted({(shape[0], shape[1]) for shape in shapes})
    return f'the assignment "{keys[0][1]}" of module {keys[0][0]}' if keys else ""


def _credit_change(new: Structure, old: Structure) -> str:
    for number, (now, then) in enumerate(zip(new.minutes, old.minutes, strict=True), 1):
        if now != then:
            return f"the counted minutes of module {number}"
    for number, (subjects, earlier) in enumerate(zip(new.subjects, old.subjects, strict=True), 1):
        if subjects != earlier:
            return f"what the minutes of module {number} are about"
    return "whether each module is a credit event of its own" if new.separate != old.separate else ""


def _shape(one: PublicAssignment) -> tuple[int, str, bool, int, tuple[object, ...]]:
    return one.module_number, one.key, one.required, len(one.asks), tuple(map(criterion_shape, one.criteria))


def criterion_shape(one: PublicCriterion) -> tuple[object, ...]:
    """What is structure in a criterion, and therefore more than wording: all but its texts."""
    levels = tuple(level.key for level in one.levels)
    return one.key, one.competency_key, frozenset(one.judged_on), one.required_level, levels


def say_minutes(minutes: int) -> str:
    """Such as "10 hours 30 minutes"."""
    hours, rest = divmod(minutes, MINUTES_AN_HOUR)
    parts = [_count(hours, "hour")] if hours else []
    if rest or not hours:
        parts.append(_count(rest, "minute"))
    return " ".join(parts)


def say_pilot(minutes: int, learners: int, median: int, on: date) -> str:
    """Such as "55 minutes counted; median of 8 pilot learners, 55 minutes, March 2026"."""
    people = _count(learners, "pilot learner")
    return f"{minutes} minutes counted; median of {people}, {median} minutes, {say_month(on.month, on.year)}"


def say_months(count: int) -> str:
    """Such as "3 years" or "18 months"."""
    years, rest = divmod(count, MONTHS_A_YEAR)
    return _count(years, "year") if years and not rest else _count(count, "month")


def say_weeks(count: int) -> str:
    return _count(count, "week")


def search_words(typed: str) -> Sequence[str]:
    """At most eight different words to look for, in small letters."""
    return tuple(dict.fromkeys(typed.lower().split()))[:8]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
