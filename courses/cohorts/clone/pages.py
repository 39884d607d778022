"""What is shown before a cohort is planned like another one."""

from collections.abc import Mapping, Sequence

from courses.cohorts.clone.forms import CloneForm, ClonePlan
from courses.cohorts.clone.rules import Fate
from courses.cohorts.pages import ModuleDatesLine
from courses.cohorts.rules.standing import Standing
from courses.live.models import LiveSession
from courses.schedule.terms import DateRange, ModuleDates
from courses.schedule.walltime import local_instant
from courses.schedule.words import Said, say_date, say_instant, say_time
from courses.schedule.zones import zone
from fourweek.language import _
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class GroupDates:
    """The dates of the cohort (name "") or of a section that is taken along."""

    name: str
    dates: tuple[ModuleDatesLine, ...]


@dataclass(frozen=True, slots=True)
class Fated:
    """One kind of dates of last term: what they are called, and each as it will be; none where they are left out."""

    title: str
    lines: tuple[str, ...]
    left_out: bool


@dataclass(frozen=True, slots=True)
class SessionLine:
    title: str
    starts: Said


@dataclass(frozen=True, slots=True)
class ClonePage:
    cohort_id: str
    cohort_name: str
    course_title: str
    typed: CloneForm
    errors: Mapping[str, str]
    weeks: str = ""
    groups: tuple[GroupDates, ...] = ()
    fates: tuple[Fated, ...] = ()
    sessions: tuple[SessionLine, ...] = ()
    seen: str = ""
    again: bool = False

    @property
    def summary(self) -> tuple[tuple[str, str], ...]:
        return tuple((f"field-{field}", words) for field, words in self.errors.items())


def say_fates(known: Standing, plan: ClonePlan) -> tuple[Fated, ...]:
    """What becomes of each kind of dates that the old cohort has."""
    old, new, moving = known.rules, plan.rules, plan.moving
    days = (plan.row["enrol_from"], plan.row["enrol_until"])
    had = (known.row.enrol_from, known.row.enrol_until)
    window = [f"{word} {say_date(day)}" for word, day in zip(("From", "Until"), days, strict=True) if day]
    kinds = (
        (_("Days off"), old.blackouts, moving.blackouts, [_range(one) for one in new.blackouts]),
        ("Pauses", old.pauses, moving.pauses, [_range(one) for one in new.pauses]),
        (_("Dates of single modules"), old.modules, moving.modules, [say_module(one) for one in new.modules]),
        (_("Days to enrol"), [day for day in had if day], moving.window, window),
    )
    return tuple(Fated(title, tuple(lines), fate is Fate.DROP) for title, given, fate, lines in kinds if given)


def say_module(own: ModuleDates) -> str:
    """Such as "Module 2: opens Monday 7 December 2026; 3 days for late work"."""
    parts = [
        f"{verb} {say_date(day)}" + (f", {say_time(at)}" if at else "")
        for verb, day, at in (
            ("opens", own.opens_on, own.opens_time),
            ("due", own.due_on, own.due_time),
            ("closes", own.closes_on, None),
        )
        if day
    ]
    if own.opens_time and not own.opens_on:
        parts.append(_("opens at {opens_time}", opens_time=say_time(own.opens_time)))
    if own.due_time and not own.due_on:
        parts.append(_("due through {due_time}", due_time=say_time(own.due_time)))
    if own.late_days is not None:
        parts.append(_("{late_days} days for late work", late_days=own.late_days))
    return _("Module {number}: {parts}", number=own.number, parts="; ".join(parts))


def say_weeks(weeks: int) -> str:
    if not weeks:
        return _("Dates that are taken along stay where they are: the start moves by less than half a week.")
    count = f"{abs(weeks)} {'week' if abs(weeks) == 1 else 'weeks'}"
    return _("Dates that are taken along move {count} {weeks}.", count=count, weeks="on" if weeks > 0 else "back")


def session_lines(sessions: Sequence[LiveSession], plan: ClonePlan) -> tuple[SessionLine, ...]:
    """The new sessions, each in the zone of its section or the cohort; `section_id` is still that of the old one."""
    return tuple(SessionLine(one.title, _starts(one, plan)) for one in sessions)


def _starts(session: LiveSession, plan: ClonePlan) -> Said:
    section = plan.sections.get(session.section_id or "")
    here = zone((section and section.zone) or plan.rules.zone)
    return say_instant(local_instant(session.on, session.at, here), here)


def _range(one: DateRange) -> str:
    days = (
        say_date(one.first)
        if one.first == one.last
        else _("{first} to {last}", first=say_date(one.first), last=say_date(one.last))
    )
    return f"{one.title}: {days}" if one.title else days
