"""What may be published after what, and how long things take in words. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from courses.coursework import PublicAssignment, PublicCriterion
from courses.schedule.words import say_month
from fourweek.language import N_, _, n_
from fourweek.light import dataclass

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
        if same:
            return ""
        return _("Version {version} is published already, with other content. Choose a new number.", version=version)
    newest = max(known, default=number)
    if number < newest:
        return _(
            "Version {version} is older than {newest}, which is published. Give it a higher number.",
            version=version,
            newest=say_version(newest),
        )
    return ""


def structure_problem(number: Number, new: Structure, last: Number, old: Structure) -> str:
    """Why `number` needs a new major number after `last`: a minor one changes wording alone. "" where it does not."""
    if number[0] != last[0]:
        return ""
    changed = _first_change(new, old)
    if changed is None:
        return ""
    words, values = changed
    return _(words, **values, version=say_version(number), last=say_version(last), next=last[0] + 1)


_MODULES = N_(
    "Version {version} changes the number of modules since {last}, and that is more than wording. "
    "Give it the number {next}.0."
)
_ASSIGNMENT = N_(
    'Version {version} changes the assignment "{key}" of module {number} since {last}, and that is more than wording. '
    "Give it the number {next}.0."
)
_MINUTES = N_(
    "Version {version} changes the counted minutes of module {number} since {last}, and that is more than wording. "
    "Give it the number {next}.0."
)
_SUBJECTS = N_(
    "Version {version} changes what the minutes of module {number} are about since {last}, and that is more than "
    "wording. Give it the number {next}.0."
)
_EVENTS = N_(
    "Version {version} changes whether each module is a credit event of its own since {last}, and that is more than "
    "wording. Give it the number {next}.0."
)
_Change = tuple[str, Mapping[str, object]]


def _first_change(new: Structure, old: Structure) -> _Change | None:
    """What to say of the first change that is more than wording, with its values."""
    if len(new.minutes) != len(old.minutes):
        return _MODULES, {}
    if credit := _credit_change(new, old):
        return credit
    shapes = {_shape(one) for one in new.assignments} ^ {_shape(one) for one in old.assignments}
    keys = sorted({(shape[0], shape[1]) for shape in shapes})
    return (_ASSIGNMENT, {"number": keys[0][0], "key": keys[0][1]}) if keys else None


def _credit_change(new: Structure, old: Structure) -> _Change | None:
    for number, (now, then) in enumerate(zip(new.minutes, old.minutes, strict=True), 1):
        if now != then:
            return _MINUTES, {"number": number}
    for number, (subjects, earlier) in enumerate(zip(new.subjects, old.subjects, strict=True), 1):
        if subjects != earlier:
            return _SUBJECTS, {"number": number}
    return (_EVENTS, {}) if new.separate != old.separate else None


def _shape(one: PublicAssignment) -> tuple[int, str, bool, int, tuple[object, ...]]:
    return one.module_number, one.key, one.required, len(one.asks), tuple(map(criterion_shape, one.criteria))


def criterion_shape(one: PublicCriterion) -> tuple[object, ...]:
    """What is structure in a criterion, and therefore more than wording: all but its texts."""
    levels = tuple(level.key for level in one.levels)
    return one.key, one.competency_key, frozenset(one.judged_on), one.required_level, levels


def say_pilot(minutes: int, learners: int, median: int, on: date) -> str:
    """Such as "55 minutes counted; median of 8 pilot learners, 55 minutes, March 2026"."""
    return n_(
        "{minutes} minutes counted; median of {count} pilot learner, {median} minutes, {month}",
        "{minutes} minutes counted; median of {count} pilot learners, {median} minutes, {month}",
        learners,
        minutes=minutes,
        median=median,
        month=say_month(on.month, on.year),
    )


def say_months(count: int) -> str:
    """Such as "3 years" or "18 months"."""
    years, rest = divmod(count, MONTHS_A_YEAR)
    if years and not rest:
        return n_("{count} year", "{count} years", years)
    return n_("{count} month", "{count} months", count)


def say_kept_months(kept: str) -> str:
    """What `say_months` said in English when a version was published, in the language spoken."""
    number, _space, unit = kept.partition(" ")
    if not number.isdecimal():
        return kept
    return say_months(int(number) * (MONTHS_A_YEAR if unit.startswith("year") else 1))


def say_weeks(count: int) -> str:
    return n_("{count} week", "{count} weeks", count)


def search_words(typed: str) -> Sequence[str]:
    """At most eight different words to look for, in small letters."""
    return tuple(dict.fromkeys(typed.lower().split()))[:8]
