"""Dates in words, for every screen and mail, in the language spoken; the zone is always named."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from courses.schedule.rules import ModuleState
from fourweek.language import N_, _, n_, p_
from fourweek.language.stored import Kept, in_each_language
from fourweek.light import dataclass

MINUTES_AN_HOUR, HOURS_A_DAY = 60, 24
WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
STATES = {
    ModuleState.LOCKED: N_("Not open yet"),
    ModuleState.OPEN: N_("Open"),
    ModuleState.DUE_SOON: N_("Due soon"),
    ModuleState.LATE: N_("Late work is still taken"),
    ModuleState.CLOSED: N_("Closed"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One instant for a screen: `iso` for machines, `words` in its own zone, `second` for a viewer whose clock reads
    otherwise (else None), `until` from now (None where no `now` was given)."""

    iso: str
    words: str
    second: str | None = None
    until: str | None = None

    def __str__(self) -> str:
        return _("{here}; {there}", here=self.words, there=self.second) if self.second else self.words


def say_instant(
    instant: datetime,
    zone: ZoneInfo,
    viewer_zone: ZoneInfo | None = None,
    now: datetime | None = None,
) -> Said:
    """Such as "Monday 7 December 2026, 09:00 (Europe/Berlin)" and "03:00 your time (America/New_York)"."""
    words = _(
        "{date}, {time} ({zone})",
        date=say_date(instant.astimezone(zone).date()),
        time=say_time(instant.astimezone(zone).time()),
        zone=_zone_at(instant, zone),
    )
    return Said(
        iso=instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        words=words,
        second=_for_viewer(instant, zone, viewer_zone),
        until=None if now is None else say_until(instant, now),
    )


def keep_instant(instant: datetime, zone: ZoneInfo, viewer_zone: ZoneInfo | None = None) -> Kept:
    """An instant for a notice: said as `say_instant` says it, in the language of whoever reads the notice."""
    return in_each_language(lambda: str(say_instant(instant, zone, viewer_zone)))


def say_date(day: date) -> str:
    """Such as "Monday 7 December 2026"."""
    return _("{weekday} {day} {month} {year}", **_day_parts(day))


def say_day(day: date) -> str:
    """Such as "7 December 2026"."""
    return _("{day} {month} {year}", **_day_parts(day))


def say_day_and_time(day: date, at: time | None) -> str:
    """Such as "Monday 7 December 2026, 09:00"; the day alone where no time is set."""
    return _("{date}, {time}", date=say_date(day), time=say_time(at)) if at else say_date(day)


def say_brief_day(day: date) -> str:
    """For narrow columns, such as "7 Dec 2026"."""
    return p_("short", "{day} {month} {year}", day=day.day, month=short_month(day.month), year=day.year)


def say_month(month: int, year: int) -> str:
    """Such as "December 2026"; months count from 1."""
    return _("{month} {year}", month=_(MONTHS[month - 1]), year=year)


def say_short(instant: datetime, zone: ZoneInfo) -> str:
    """For narrow columns, such as "Mon 7 Dec 2026, 09:00"; the zone is named elsewhere."""
    local = instant.astimezone(zone)
    return _(
        "{weekday} {day} {month} {year}, {time}",
        weekday=short_weekday(local.weekday()),
        day=local.day,
        month=short_month(local.month),
        year=local.year,
        time=say_time(local.time()),
    )


def short_weekday(number: int) -> str:
    """Such as "Mon"; days count from 0, Monday."""
    shorts = (
        p_("short", "Mon"),
        p_("short", "Tue"),
        p_("short", "Wed"),
        p_("short", "Thu"),
        p_("short", "Fri"),
        p_("short", "Sat"),
        p_("short", "Sun"),
    )
    return shorts[number]


def short_month(number: int) -> str:
    """Such as "Dec"; months count from 1."""
    shorts = (
        p_("short", "Jan"),
        p_("short", "Feb"),
        p_("short", "Mar"),
        p_("short", "Apr"),
        p_("short", "May"),
        p_("short", "Jun"),
        p_("short", "Jul"),
        p_("short", "Aug"),
        p_("short", "Sep"),
        p_("short", "Oct"),
        p_("short", "Nov"),
        p_("short", "Dec"),
    )
    return shorts[number - 1]


def say_days(count: int) -> str:
    """Such as "1 day more" and "2 days fewer"."""
    if count < 0:
        return n_("{count} day fewer", "{count} days fewer", -count)
    return n_("{count} day more", "{count} days more", count)


def say_time(at: time) -> str:
    return at.strftime("%H:%M")


def say_saved(at: datetime, now: datetime, viewer: ZoneInfo) -> str:
    """Such as "Saved 14:02 (Europe/Warsaw)", with its day where that is another one."""
    if at.astimezone(viewer).date() != now.astimezone(viewer).date():
        return _("Saved on {when}", when=say_instant(at, viewer).words)
    return _("Saved {time} ({zone})", time=say_time(at.astimezone(viewer).time()), zone=viewer.key)


def say_until(instant: datetime, now: datetime) -> str:
    """Such as "in 2 days", "in 5 hours", "3 days ago"; never more than what is left, "now" within a minute.

    Hours up to two days and minutes up to two hours, so that "in 1 day" never hides half a day.
    """
    minutes = int(abs(instant - now) / timedelta(minutes=1))
    if not minutes:
        return _("now")
    return _in(minutes) if instant > now else _ago(minutes)


def say_apart(zone: ZoneInfo, viewer_zone: ZoneInfo, now: datetime) -> str:
    """How a viewer's clock differs from that of a table: "Your clock (Asia/Kolkata) is 10 hours 30 minutes ahead now.";
    "" where it does not."""
    here, there = now.astimezone(viewer_zone).utcoffset(), now.astimezone(zone).utcoffset()
    minutes = ((here or timedelta()) - (there or timedelta())) // timedelta(minutes=1)
    if not minutes:
        return ""
    amount = say_minutes(abs(minutes))
    if minutes > 0:
        return _("Your clock ({zone}) is {amount} ahead now.", zone=viewer_zone.key, amount=amount)
    return _("Your clock ({zone}) is {amount} behind now.", zone=viewer_zone.key, amount=amount)


def say_state(state: ModuleState) -> str:
    return _(STATES[state])


def say_minutes(minutes: int) -> str:
    """How long something is, such as "10 hours 30 minutes", "0 minutes"."""
    hours, rest = divmod(minutes, MINUTES_AN_HOUR)
    said_hours, said_rest = n_("{count} hour", "{count} hours", hours), n_("{count} minute", "{count} minutes", rest)
    if hours and rest:
        return p_("how long", "{hours} {minutes}", hours=said_hours, minutes=said_rest)
    return said_hours if hours else said_rest


def _in(minutes: int) -> str:
    days, hours = _days_and_hours(minutes)
    if days:
        return n_("in {count} day", "in {count} days", days)
    if hours:
        return n_("in {count} hour", "in {count} hours", hours)
    return n_("in {count} minute", "in {count} minutes", minutes)


def _ago(minutes: int) -> str:
    days, hours = _days_and_hours(minutes)
    if days:
        return n_("{count} day ago", "{count} days ago", days)
    if hours:
        return n_("{count} hour ago", "{count} hours ago", hours)
    return n_("{count} minute ago", "{count} minutes ago", minutes)


def _days_and_hours(minutes: int) -> tuple[int, int]:
    """As many as fit in, of each; none where it would be one."""
    hours = minutes // MINUTES_AN_HOUR
    days = hours // HOURS_A_DAY
    return days if days >= 2 else 0, hours if hours >= 2 else 0


def _for_viewer(instant: datetime, zone: ZoneInfo, viewer_zone: ZoneInfo | None) -> str | None:
    if viewer_zone is None:
        return None
    here, there = instant.astimezone(viewer_zone), instant.astimezone(zone)
    if here.utcoffset() == there.utcoffset():
        return None
    at, named = say_time(here.time()), _zone_at(instant, viewer_zone)
    if here.date() == there.date():
        return _("{time} your time ({zone})", time=at, zone=named)
    parts = _day_parts(here.date())
    return _("{weekday} {day} {month}, {time} your time ({zone})", **parts, time=at, zone=named)


def _day_parts(day: date) -> dict[str, str]:
    return {
        "weekday": _(WEEKDAYS[day.weekday()]),
        "day": str(day.day),
        "month": _(MONTHS[day.month - 1]),
        "year": str(day.year),
    }


def _zone_at(instant: datetime, zone: ZoneInfo) -> str:
    """The zone's name, with the offset where this reading of the clock comes twice."""
    local = instant.astimezone(zone)
    name = zone.key or "UTC"
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return name
    minutes = (local.utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), MINUTES_AN_HOUR)
    return f"{name}, UTC{'+' if minutes >= 0 else '−'}{hours:02d}:{rest:02d}"
