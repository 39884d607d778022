"""The form of live sessions: what was typed, what it means, what is wrong with it."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import asdict, fields
from datetime import date, time
from urllib.parse import urlsplit

from starlette.datastructures import FormData

from courses.cohorts.fields import Typed
from courses.live.rules import Meeting, series_days
from courses.schedule.terms import CohortRules, covering
from fourweek.database import new_id
from fourweek.edge import text
from fourweek.language import _, n_
from fourweek.light import dataclass

ID_LENGTH = 26
LONGEST_MINUTES, MOST_WEEKS = 24 * 60, 26
FIRST_YEAR, LAST_YEAR = 2000, 2200
LONGEST_LINK = 500
BY_WEEK, NO_MODULE, EVERYBODY = "week", "", ""


@dataclass(frozen=True, slots=True)
class SessionForm:
    """Every field as typed. `key` makes the ids, so that a form sent twice plans once; `weekdays` are such as "1 3";
    `seen` is the fingerprint of the dates that were shown, or when the session that is changed was changed last."""

    key: str = ""
    title: str = ""
    section: str = EVERYBODY
    module: str = BY_WEEK
    on: str = ""
    at: str = "19:00"
    minutes: str = "60"
    weekdays: str = ""
    weeks: str = "4"
    instructor: str = ""
    join_url: str = ""
    recording_url: str = ""
    required: str = ""
    seen: str = ""

    @property
    def fingerprint(self) -> str:
        """Changes with every field that the dates and what they ask for depend on."""
        dated = (self.section, self.module, self.on, self.at, self.minutes, self.weekdays, self.weeks, self.required)
        return hashlib.sha256("\n".join(dated).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a form must fit: the cohort's rules, its sections' ids, and the modules that ask for evidence."""

    rules: CohortRules
    sections: Collection[str]
    asking: Collection[int]


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """A form that can be kept. `days` are local dates; `left_out` those on a day off, each with its title.

    `module` is a number, None for no module, or 0 for the one that is open on the day.
    """

    title: str
    section_id: str | None
    module: int | None
    days: tuple[date, ...]
    left_out: tuple[tuple[date, str], ...]
    at: time
    minutes: int
    instructor: str
    join_url: str
    recording_url: str
    required: bool


THE_OPEN_ONE = 0


def typed_form(form: FormData) -> SessionForm:
    """What was sent, with a fresh key where it brings none that we could have made."""
    values = {field.name: text(form, field.name) for field in fields(SessionForm)}
    values["weekdays"] = " ".join(str(day) for day in range(7) if text(form, f"weekday-{day}"))
    if len(values["key"]) != ID_LENGTH or not values["key"].isalnum() or not values["key"].isascii():
        values["key"] = new_id()
    return SessionForm(**values)


def form_of(meeting: Meeting) -> SessionForm:
    """A session as the form of its change shows it."""
    return SessionForm(
        key=meeting.id,
        title=meeting.title,
        section=meeting.section_id or EVERYBODY,
        module=str(meeting.module_number or NO_MODULE),
        on=meeting.on.isoformat(),
        at=meeting.at.strftime("%H:%M"),
        minutes=str(meeting.minutes),
        instructor=meeting.instructor,
        join_url=meeting.join_url,
        recording_url=meeting.recording_url,
        required="1" if meeting.required else "",
        seen=meeting.changed_at.isoformat(),
    )


def read_session(form: SessionForm, terms: Terms) -> tuple[SessionPlan | None, Mapping[str, str]]:
    """What the form means, or what is wrong with it by field."""
    typed = Typed(asdict(form))
    title = typed.words("title", _("The title"), 200)
    section, module = _section(typed, terms), _module(typed, terms)
    first, at = typed.day("on", _("The date")), typed.clock("at", _("The time"))
    if first and not FIRST_YEAR <= first.year <= LAST_YEAR:
        typed.errors["on"] = _("The year must lie between {first} and {last}.", first=FIRST_YEAR, last=LAST_YEAR)
    minutes = typed.whole("minutes", _("The length"), 5, LONGEST_MINUTES)
    weekdays = frozenset(int(day) for day in form.weekdays.split())
    weeks = typed.whole("weeks", _("The number of weeks"), 1, MOST_WEEKS) if weekdays else 1
    links = {name: _link(typed, name) for name in ("join_url", "recording_url")}
    instructor = typed.words("instructor", _("The instructor"), 200, required=False)
    if form.required and module is None and "module" not in typed.errors:
        typed.errors["required"] = _("Choose the module that is complete only with attendance here.")
    if typed.errors or first is None or at is None or minutes is None or weeks is None:
        return None, typed.errors
    days, left_out = _days(first, weekdays, weeks, terms.rules)
    if not days:
        return None, {"on": _("Every one of these dates is a day off of the cohort.")}
    plan = SessionPlan(
        title, section, module, days, left_out, at, minutes, instructor, **links, required=bool(form.required)
    )
    return plan, {}


def _days(
    first: date, weekdays: Collection[int], weeks: int, rules: CohortRules
) -> tuple[tuple[date, ...], tuple[tuple[date, str], ...]]:
    """The dates of a series, and those left out as days off. A single date is taken as it is given."""
    every = series_days(first, weekdays, weeks)
    if not weekdays:
        return every, ()
    off = {day: found.title for day in every if (found := covering((*rules.blackouts, *rules.pauses), day))}
    return tuple(day for day in every if day not in off), tuple(off.items())


def _section(typed: Typed, terms: Terms) -> str | None:
    chosen = typed.values["section"]
    if chosen != EVERYBODY and chosen not in terms.sections:
        typed.errors["section"] = _("Choose a section of this cohort, or everybody.")
    return chosen or None


def _module(typed: Typed, terms: Terms) -> int | None:
    """A module's number, 0 for the one that is open on the day, None for none."""
    if typed.values["module"] in (NO_MODULE, BY_WEEK):
        return THE_OPEN_ONE if typed.values["module"] == BY_WEEK else None
    number = typed.whole("module", _("The module"), 1, terms.rules.module_count)
    if number and typed.values["required"] and number not in terms.asking:
        typed.errors["module"] = _(
            "Module {number} asks for no evidence, so nothing can depend on attendance in it.", number=number
        )
    return number


def _link(typed: Typed, name: str) -> str:
    """An http or https address as it was typed, "" for none."""
    value = typed.values[name].strip()
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        right = parts.scheme in {"http", "https"} and bool(parts.hostname) and value.isprintable() and " " not in value
    except ValueError:
        right = False
    if not right:
        typed.errors[name] = _("Give a whole address that begins with https:// (or http://).")
    elif len(value) > LONGEST_LINK:
        typed.errors[name] = n_(
            "The address has {count} character; at most {most} are kept.",
            "The address has {count} characters; at most {most} are kept.",
            len(value),
            most=LONGEST_LINK,
        )
    return value
