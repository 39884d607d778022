"""What somebody looks for in the catalogue: read from the address, said in words, taken out one by one. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal

from courses.paging import query
from courses.schedule.words import say_date, say_minutes, say_month
from fourweek.days import read_day
from fourweek.language import N_, _
from fourweek.language.lists import quoted
from fourweek.light import dataclass

LONGEST = 200
SOON = timedelta(weeks=4)
MONTHS_AHEAD = 6
HOURS = re.compile(r"[0-9]{1,4}([.,][0-9]{1,2})?")
SORTS = (("title", N_("Title")), ("start", N_("Next start")))


@dataclass(frozen=True, slots=True)
class Filters:
    """One value a field of the form, "" where nothing is chosen. `starts` is "soon" or a month such as "2026-12".

    What makes no sense in its field, such as a date that does not exist, counts as nothing chosen. Hours are typed
    freely: they stay as they were typed, and `errors` says what is wrong with them.
    """

    q: str = ""
    skill: str = ""
    partner: str = ""
    starts: str = ""
    after: str = ""
    before: str = ""
    min_hours: str = ""
    max_hours: str = ""
    price: str = ""
    sort: str = ""

    @property
    def by_start(self) -> bool:
        return self.sort == "start"

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong, by field; such a field limits nothing."""
        least, most = _minutes(self.min_hours), _minutes(self.max_hours)
        found = {
            name: _("Give a number of hours, such as 8 or 7.5.")
            for name, minutes in (("min_hours", least), ("max_hours", most))
            if getattr(self, name) and minutes is None
        }
        if least is not None and most is not None and most < least:
            found["max_hours"] = _("These are fewer hours than the fewest.")
        return found

    @property
    def minutes(self) -> tuple[int | None, int | None]:
        """The least and the most counted minutes, None where there is no limit."""
        return _minutes(self.min_hours), None if "max_hours" in self.errors else _minutes(self.max_hours)

    def start_days(self, today: date) -> tuple[date | None, date | None]:
        """The first and the last day on which the next start may be, both included."""
        firsts, lasts = [read_day(self.after)], [read_day(self.before)]
        if self.starts == "soon":
            lasts.append(today + SOON)
        elif self.starts:
            first = date.fromisoformat(f"{self.starts}-01")
            firsts.append(first)
            lasts.append(_next_month(first) - timedelta(days=1))
        return max(filter(None, firsts), default=None), min(filter(None, lasts), default=None)

    def address(self, page: int = 1) -> str:
        """The query string that chooses the same."""
        return query(**{one.name: getattr(self, one.name) for one in fields(self)}, page=page)

    def chosen(self, skills: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """(what is looked for in words, the address without it); `skills` gives a skill's words by its key."""
        said = {
            "q": quoted(self.q),
            "skill": _("Skill: {skill}", skill=skills.get(self.skill, self.skill)),
            "partner": _("Partner: {partner}", partner=self.partner),
            "starts": _say_starts(self.starts),
            "after": _("Starts {day} or later", day=_say_day(self.after)),
            "before": _("Starts {day} or earlier", day=_say_day(self.before)),
            "min_hours": _("At least {time}", time=say_minutes(_minutes(self.min_hours) or 0)),
            "max_hours": _("At most {time}", time=say_minutes(_minutes(self.max_hours) or 0)),
            "price": _("Price says “{words}”", words=self.price),
        }
        return tuple(
            (words, replace(self, **{name: ""}).address())
            for name, words in said.items()
            if getattr(self, name) and name not in self.errors
        )


def read_filters(given: Mapping[str, str]) -> Filters:
    """The filters of an address."""
    typed = {one.name: given.get(one.name, "").replace("\0", "").strip()[:LONGEST] for one in fields(Filters)}
    typed["skill"] = typed["skill"].lower()
    allowed = {
        "starts": typed["starts"] == "soon" or read_day(f"{typed['starts']}-01") is not None,
        "after": read_day(typed["after"]) is not None,
        "before": read_day(typed["before"]) is not None,
        "sort": typed["sort"] == "start",
    }
    return Filters(**{name: value if allowed.get(name, True) else "" for name, value in typed.items()})


def start_options(today: date) -> tuple[tuple[str, str], ...]:
    """What may be chosen for the next start: soon, or one of the months to come."""
    months = _months(today)
    return (("soon", _("Within four weeks")), *((f"{one:%Y-%m}", _say_month(f"{one:%Y-%m}")) for one in months))


def _months(today: date) -> Iterable[date]:
    month = today.replace(day=1)
    for _ahead in range(MONTHS_AHEAD):
        yield month
        month = _next_month(month)


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _minutes(typed: str) -> int | None:
    """Whole minutes of hours such as "8", "7.5" or "7,25"; None for anything else."""
    return round(Decimal(typed.replace(",", ".")) * 60) if HOURS.fullmatch(typed) else None


def _say_starts(starts: str) -> str:
    return _("Starts within four weeks") if starts == "soon" else _("Starts in {month}", month=_say_month(starts))


def _say_day(typed: str) -> str:
    day = read_day(typed)
    return say_date(day) if day else ""


def _say_month(month: str) -> str:
    first = read_day(f"{month}-01")
    return say_month(first.month, first.year) if first else ""
