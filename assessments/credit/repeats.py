"""What is earned again too soon: windows as dated data, one TOML file each in `windows/`."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from functools import cache
from importlib.resources import files

from assessments.badges.ends import months_later
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """For how many months after a credited module an equivalent one earns nothing: `types` by key, else `months`."""

    id: str
    source: str
    effective_from: date
    months: int
    types: Mapping[str, int] = field(default_factory=dict)

    def months_of(self, credit_type: str) -> int:
        return self.types.get(credit_type, self.months)


@dataclass(frozen=True, slots=True)
class Had:
    """An entry of an equivalent module that carries credit."""

    entry_id: str
    completed_on: date


@dataclass(frozen=True, slots=True)
class Repeat:
    """The credit types that a module earns nothing of, and the entry that had the credit of the first of these."""

    of: str
    types: frozenset[str]


def repeated(earlier: Sequence[Had], day: date, types: Iterable[str], window: Window) -> Repeat | None:
    """What a module completed on `day` repeats of those had, of these types; None where it repeats nothing.

    A window reaches both ways, so that the order in which two completions were recorded makes no difference.
    """
    found = {
        key: near
        for key in types
        if (near := [one for one in earlier if is_inside(one.completed_on, day, window.months_of(key))])
    }
    if not found:
        return None
    last = max(next(iter(found.values())), key=lambda one: (one.completed_on, one.entry_id))
    return Repeat(last.entry_id, frozenset(found))


def window_on(day: date, windows: Iterable[Window] | None = None) -> Window:
    """The newest window in force on `day`, of the shipped ones unless others are given; before them all the first."""
    known = sorted(all_windows() if windows is None else windows, key=lambda one: one.effective_from)
    return next((one for one in reversed(known) if one.effective_from <= day), known[0])


def parse_window(text: str) -> Window:
    """A window from its TOML text. Raises ValueError for anything that is missing, wrong or unknown."""
    table = tomllib.loads(text)
    if unknown := sorted(set(table) - set(Window.__dataclass_fields__)):
        raise ValueError(f"A window has no {', '.join(unknown)}.")
    wanted = {"id": str, "source": str, "effective_from": date, "months": int, "types": dict}
    for key, kind in wanted.items():
        if type(table.get(key)) is not kind:
            raise ValueError(f"A window needs `{key}` as {kind.__name__}.")
    if any(type(months) is not int or months < 0 for months in (table["months"], *table["types"].values())):
        raise ValueError("Months are whole and not negative.")
    return Window(**table)


@cache
def all_windows() -> tuple[Window, ...]:
    folder = files("assessments.credit").joinpath("windows")
    texts = [entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".toml")]
    return tuple(parse_window(text) for text in texts)


def is_inside(earlier: date, day: date, months: int) -> bool:
    """Whether two days are less than so many months apart, whichever is the first."""
    first, last = sorted((earlier, day))
    return last < months_later(first, months)
