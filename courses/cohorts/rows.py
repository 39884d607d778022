"""Lists in a form, such as days off: rows that work without a script.

An input is named "pauses-1-last": the list, the row from 0, the part, as `courses.schedule.checks` names them too. Rows
left empty fall out when a form is read, so that the rows of the form are those of the rules.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import ClassVar

from starlette.datastructures import FormData

from courses.cohorts.fields import Typed
from courses.schedule.terms import DateRange, ModuleDates
from fourweek.edge import text
from fourweek.language import _

Row = Mapping[str, str]
Rows = tuple[Row, ...]

RANGE = ("first", "last", "title")
PARTS: dict[str, tuple[str, ...]] = {
    "blackouts": RANGE,
    "pauses": RANGE,
    "modules": tuple(field.name for field in fields(ModuleDates)),
    "instructors": ("name", "background"),
}
MOST_ROWS = 60
SPARE, MORE_SPARE = 1, 4


class DatedForm:
    """What the forms of cohorts and sections share. Each is a frozen dataclass of texts, with `more` and `seen`: the
    list that was asked to have more empty rows, and the fingerprint of what was shown."""

    __slots__ = ()
    lists: ClassVar[tuple[str, ...]] = ()
    undated: ClassVar[frozenset[str]] = frozenset()
    """Fields and lists that no date depends on."""

    def fingerprint(self, known: str = "") -> str:
        """Changes with every field that the dates depend on, and with what is `known` of the rules that hold now."""
        dated = (item for item in self.answers().items() if item[0].split("-")[0] not in self.undated)
        told = "\n".join([known, *(f"{name}={value.strip()}" for name, value in dated)])
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def rows(self, name: str) -> Rows:
        """The rows of a list as a page shows them, with empty ones to type into."""
        return with_spare(name, getattr(self, name), more=getattr(self, "more", "") == name)

    def answers(self) -> dict[str, str]:
        """Every input of the form by name, rows included."""
        plain = [field.name for field in fields(self) if field.name not in self.lists]  # type: ignore[arg-type]
        values = {name: str(getattr(self, name)) for name in plain}
        for name in self.lists:
            values.update(flat(name, getattr(self, name)))
        return values


def typed_rows(form: FormData, name: str) -> Rows:
    """What was typed into the rows of a list, those left empty apart."""
    rows = ({part: text(form, f"{name}-{row}-{part}") for part in PARTS[name]} for row in range(MOST_ROWS))
    return tuple(row for row in rows if any(value.strip() for value in row.values()))


def flat(name: str, rows: Rows) -> Iterator[tuple[str, str]]:
    """The rows of a list as (name of the input, value)."""
    for number, row in enumerate(rows):
        yield from ((f"{name}-{number}-{part}", value) for part, value in row.items())


def with_spare(name: str, rows: Rows, *, more: bool) -> Rows:
    """The rows with empty ones after them to type into."""
    spare = min(MORE_SPARE if more else SPARE, MOST_ROWS - len(rows))
    return (*rows, *(dict.fromkeys(PARTS[name], "") for _row in range(spare)))


def range_rows(ranges: Sequence[DateRange]) -> Rows:
    return tuple({"first": str(one.first), "last": str(one.last), "title": one.title} for one in ranges)


def module_rows(modules: Sequence[ModuleDates]) -> Rows:
    return tuple({part: _shown(getattr(own, part)) for part in PARTS["modules"]} for own in modules)


def read_ranges(typed: Typed, name: str, rows: Rows) -> tuple[DateRange, ...]:
    """Days off or pauses; one day alone needs no last day."""
    return tuple(found for number in range(len(rows)) if (found := _range(typed, f"{name}-{number}-")))


def read_modules(typed: Typed, rows: Rows, module_count: int) -> tuple[ModuleDates, ...]:
    return tuple(found for n in range(len(rows)) if (found := _module(typed, f"modules-{n}-", module_count)))


def read_instructors(typed: Typed, rows: Rows) -> list[dict[str, str]]:
    return [
        {
            "name": typed.words(f"instructors-{number}-name", _("The name"), 120, printed=True),
            "background": typed.words(
                f"instructors-{number}-background", _("The background"), 300, required=False, printed=True
            ),
        }
        for number in range(len(rows))
    ]


def _range(typed: Typed, at: str) -> DateRange | None:
    first = typed.day(f"{at}first", _("The first day"))
    last: date | None = typed.day(f"{at}last", _("The last day"), required=False)
    title = typed.words(f"{at}title", _("The title"), 80, required=False)
    return DateRange(first, last or first, title) if first else None


def _module(typed: Typed, at: str, module_count: int) -> ModuleDates | None:
    number = typed.whole(f"{at}number", _("The module"), 1, module_count)
    own = ModuleDates(
        number=number or 0,
        opens_on=typed.day(f"{at}opens_on", _("The opening date"), required=False),
        opens_time=typed.clock(f"{at}opens_time", _("The opening time"), required=False),
        due_on=typed.day(f"{at}due_on", _("The due date"), required=False),
        due_time=typed.clock(f"{at}due_time", _("The due time"), required=False),
        late_days=typed.whole(f"{at}late_days", _("Days for late work"), 0, 366, required=False),
        closes_on=typed.day(f"{at}closes_on", _("The closing date"), required=False),
    )
    if number and own == ModuleDates(number):
        typed.errors.setdefault(f"{at}opens_on", _("Give at least one date of this module, or empty the row."))
    return own if number else None


def _shown(value: object) -> str:
    """A date, time or number as an input takes it."""
    return "" if value is None else str(value)[:10] if isinstance(value, date) else str(value)[:5]
