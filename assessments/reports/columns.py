"""What a column of a completion report can hold, and the layouts that ship with the product. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from assessments.credit.amounts import Amount, Part
from assessments.credit.rulebook import CEU, TYPES, load_rule
from assessments.credit.rules import ceu_text, contact_hours_text, units_text
from courses.cohorts.models import DeliveryMode
from fourweek.language import N_
from fourweek.light import dataclass

MOST_COLUMNS: Final = 14
LONGEST_TITLE: Final = 60
MODES: Final = {
    DeliveryMode.IN_PERSON: "In person",
    DeliveryMode.LIVE_ONLINE: "Live online",
    DeliveryMode.SELF_PACED: "Self-paced",
    DeliveryMode.BLENDED: "Blended",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One person's completed course, as far as its credit counts: no repeat and nothing that was taken back.

    `licence` is the number under the report's board, "" without a board. `provider` and `course_number` are what the
    board gave the institution, as they held on the day.
    """

    person_id: str
    name: str
    learner_number: str
    licence: str
    course_code: str
    course_title: str
    course_version: str
    mode: DeliveryMode
    place: str
    began_on: date
    completed_on: date
    minutes: int
    tenths: int
    amounts: tuple[Amount, ...]
    parts: tuple[Part, ...]
    provider: str = ""
    course_number: str = ""

    def minutes_of(self, category: str) -> int:
        """Minutes of a category, its jurisdictions together: "laws-rules" holds "laws-rules:US-FL"."""
        return sum(part.minutes for part in self.parts if part.category.partition(":")[0] == category)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a layout, by the key of what it holds and the title that the board wants."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns in order; `board` is the key of a shipped board, "" for the institution's own use."""

    id: str
    title: str
    board: str
    columns: tuple[Column, ...]
    shipped: bool = False


def amount_text(amounts: Sequence[Amount], credit_type: str) -> str:
    """The sum of one credit type in its units, such as "17.5"; "" where the course gives none."""
    of_type = [one for one in amounts if one.credit_type == credit_type]
    if not of_type:
        return ""
    rules = [load_rule(one.rule_id) for one in of_type]
    units = sum((one.steps * rule.step for one, rule in zip(of_type, rules, strict=True)), Fraction(0))
    return units_text(units, min(rule.step for rule in rules))


def mask(number: str) -> str:
    """The last three signs of a licence number, as lists show it."""
    return f"•••{number[-3:]}" if len(number) > 3 else "•••" * bool(number)


def _last_name(name: str) -> str:
    return name.rpartition(" ")[2]


def _hours(category: str) -> Callable[[Completion], str]:
    return lambda one: contact_hours_text(one.minutes_of(category))


def _units(credit_type: str) -> Callable[[Completion], str]:
    return lambda one: amount_text(one.amounts, credit_type)


HOLDS: Final[Mapping[str, tuple[str, Callable[[Completion], str]]]] = {
    "name": (N_("Name"), lambda one: one.name),
    "last_word": (N_("Last word of the name"), lambda one: _last_name(one.name)),
    "learner_number": (N_("Learner number"), lambda one: one.learner_number),
    "licence": (N_("Licence number"), lambda one: one.licence),
    "provider": (N_("Provider number"), lambda one: one.provider),
    "course_number": (N_("Course number of the board"), lambda one: one.course_number),
    "course_code": (N_("Course code"), lambda one: one.course_code),
    "course_title": (N_("Course"), lambda one: one.course_title),
    "course_version": (N_("Version"), lambda one: one.course_version),
    "mode": (N_("Delivery mode"), lambda one: MODES[one.mode]),
    "place": (N_("Place"), lambda one: one.place or "Online"),
    "began_on": (N_("Began on"), lambda one: one.began_on.isoformat()),
    "completed_on": (N_("Completed on"), lambda one: one.completed_on.isoformat()),
    "completed_us": (N_("Completed on (MM/DD/YYYY)"), lambda one: f"{one.completed_on:%m/%d/%Y}"),
    "minutes": (N_("Counted minutes"), lambda one: str(one.minutes)),
    "hours": (N_("Contact hours"), lambda one: contact_hours_text(one.minutes)),
    "ceu": (N_("CEU"), lambda one: ceu_text(one.tenths)),
    **{key: (kind.short, _units(key)) for key, kind in TYPES.items() if key != CEU},
    "technical": (N_("Technical hours"), _hours("technical")),
    "ethics": (N_("Ethics hours"), _hours("ethics")),
    "laws": (N_("Laws and rules hours"), _hours("laws-rules")),
    "hsw": (N_("Health, safety and welfare hours"), _hours("health-safety-welfare")),
}
"""What a column may hold, by key: its usual title, and how it is said of a completion. In a table that goes to a board
both are English."""


def _layout(key: str, title: str, board: str, columns: Mapping[str, str]) -> Layout:
    given = tuple(Column(name, words or HOLDS[name][0]) for name, words in columns.items())
    return Layout(key, title, board, given, shipped=True)


SHIPPED: Final = (
    _layout(
        "general",
        N_("All completions"),
        "",
        dict.fromkeys(("name", "learner_number", "course_code", "course_title", "completed_on", "hours", "ceu"), ""),
    ),
    _layout(
        "us-fl-roster",
        N_("Florida: electronic roster"),
        "us-fl-pe",
        {
            "provider": "Provider number",
            "course_number": "Course number",
            "licence": "License number",
            "name": "Licensee",
            "completed_us": "Completion date",
            "mode": "Delivery",
            "hours": "Hours",
            "laws": "Laws and rules",
            "ethics": "Ethics",
            "technical": "Area of practice",
        },
    ),
    _layout(
        "pdh-log",
        N_("Log of professional development hours"),
        "ncees-cpc",
        dict.fromkeys(("licence", "name", "course_title", "mode", "place", "completed_on", "PDH", "ethics"), ""),
    ),
)


def cells(layout: Layout, one: Completion) -> tuple[str, ...]:
    """A completion in the layout's columns."""
    return tuple(HOLDS[column.key][1](one) for column in layout.columns)
