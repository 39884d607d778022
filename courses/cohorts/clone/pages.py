"""What is shown before a cohort is planned like another one."""

from collections.abc import Mapping, Sequence

from courses.cohorts.clone.forms import CloneForm, ClonePlan
from courses.cohorts.clone.rules import Fate
from courses.cohorts.pages import ModuleDatesLine
from courses.cohorts.rules.standing import Standing
from courses.live.models import LiveSession
from courses.schedule.terms import DateRange, ModuleDates
from courses.schedule.walltime import local_instant
from courses.schedule.words import Said, say_date, say_day_and_time, say_instant, say_time
from courses.schedule.zones import zone
from fourweek.language import N_, _, n_
from fourweek.light import dataclass

WINDOW = (N_("From {date}"), N_("Until {date}"))


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
    window = [_(said, date=say_date(day)) for said, day in zip(WINDOW, days, strict=True) if day]
    kinds = (
        (_("Days off"), old.blackouts, moving.blackouts, [_range(one) for one in new.blackouts]),
        (_("Pauses"), old.pauses, moving.pauses, [_range(one) for one in new.pauses]),
        (_("Dates of single modules"), old.modules, moving.modules, [say_module(one) for one in new.modules]),
        (_("Days to enrol"), [day for day in had if day], moving.window, window),
    )
    return tuple(Fated(title, tuple(lines), fate is Fate.DROP) for title, given, fate, lines in kinds if given)


def say_module(own: ModuleDates) -> str:
    """Such as "Module 2: opens Monday 7 December 2026; 3 days for late work"."""
    parts = [
        _(said, when=say_day_and_time(day, at))
        for said, day, at in (
            (N_("opens {when}"), own.opens_on, own.opens_time),
            (N_("due {when}"), own.due_on, own.due_time),
            (N_("closes {when}"), own.closes_on, None),
        )
        if day
    ]
    if own.opens_time and not own.opens_on:
        parts.append(_("opens at {time}", time=say_time(own.opens_time)))
    if own.due_time and not own.due_on:
        parts.append(_("due through {time}", time=say_time(own.due_time)))
    if own.late_days is not None:
        parts.append(n_("{count} day for late work", "{count} days for late work", own.late_days))
    return _("Module {number}: {what}", number=own.number, what=_("; ").join(parts))


def say_weeks(weeks: int) -> str:
    if not weeks:
        return _("Dates that are taken along stay where they are: the start moves by less than half a week.")
    if weeks > 0:
        return n_(
            "Dates that are taken along move {count} week on.",
            "Dates that are taken along move {count} weeks on.",
            weeks,
        )
    return n_(
        "Dates that are taken along move {count} week back.",
        "Dates that are taken along move {count} weeks back.",
        -weeks,
    )


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
