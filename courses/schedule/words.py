"""Dates in words, for every screen, mail and document. English now; another language is another `Tongue`."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from courses.schedule.rules import ModuleState
from fourweek.light import dataclass

MINUTES_AN_HOUR, HOURS_A_DAY = 60, 24


@dataclass(frozen=True, slots=True)
class Tongue:
    """The words and patterns of one language. Patterns are `str.format` templates."""

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    day: str
    instant: str
    yours: str
    yours_other_day: str
    ahead: str
    ago: str
    now: str
    units: dict[str, tuple[str, str]]
    states: dict[ModuleState, str]


ENGLISH = Tongue(
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    day="{weekday} {day} {month} {year}",
    instant="{date}, {time} ({zone})",
    yours="{time} your time ({zone})",
    yours_other_day="{weekday} {day} {month}, {time} your time ({zone})",
    ahead="in {amount}",
    ago="{amount} ago",
    now="now",
    units={"minute": ("minute", "minutes"), "hour": ("hour", "hours"), "day": ("day", "days")},
    states={
        ModuleState.LOCKED: "Not open yet",
        ModuleState.OPEN: "Open",
        ModuleState.DUE_SOON: "Due soon",
        ModuleState.LATE: "Late work is still taken",
        ModuleState.CLOSED: "Closed",
    },
)


@dataclass(frozen=True, slots=True)
class Said:
    """One instant for a screen: `iso` for machines, `words` in its own zone, `second` for a viewer whose clock reads
    otherwise (else None), `until` from now (None where no `now` was given)."""

    iso: str
    words: str
    second: str | None = None
    until: str | None = None

    def __str__(self) -> str:
        return f"{self.words}; {self.second}" if self.second else self.words


def say_instant(
    instant: datetime,
    zone: ZoneInfo,
    viewer_zone: ZoneInfo | None = None,
    now: datetime | None = None,
    tongue: Tongue = ENGLISH,
) -> Said:
    """Such as "Monday 7 December 2026, 09:00 (Europe/Berlin)" and "03:00 your time (America/New_York)"."""
    words = tongue.instant.format(
        date=say_date(instant.astimezone(zone).date(), tongue),
        time=say_time(instant.astimezone(zone).time()),
        zone=_zone_at(instant, zone),
    )
    return Said(
        iso=instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        words=words,
        second=_for_viewer(instant, zone, viewer_zone, tongue),
        until=None if now is None else say_until(instant, now, tongue),
    )


def say_date(day: date, tongue: Tongue = ENGLISH) -> str:
    """Such as "Monday 7 December 2026"."""
    return tongue.day.format(**_day_parts(day, tongue))


def say_short(instant: datetime, zone: ZoneInfo, tongue: Tongue = ENGLISH) -> str:
    """For narrow columns, such as "Mon 7 Dec 2026, 09:00"; the zone is named elsewhere."""
    local = instant.astimezone(zone)
    parts = _day_parts(local.date(), tongue)
    return f"{parts['weekday'][:3]} {parts['day']} {parts['month'][:3]} {parts['year']}, {say_time(local.time())}"


def say_days(count: int) -> str:
    """Such as "1 day more" and "2 days fewer"."""
    return f"{abs(count)} {'day' if abs(count) == 1 else 'days'} {'fewer' if count < 0 else 'more'}"


def say_time(at: time) -> str:
    return at.strftime("%H:%M")


def say_until(instant: datetime, now: datetime, tongue: Tongue = ENGLISH) -> str:
    """Such as "in 2 days", "in 5 hours", "3 days ago"; never more than what is left, "now" within a minute.

    Hours up to two days and minutes up to two hours, so that "in 1 day" never hides half a day.
    """
    minutes = int(abs(instant - now) / timedelta(minutes=1))
    if not minutes:
        return tongue.now
    return (tongue.ahead if instant > now else tongue.ago).format(amount=_amount(minutes, tongue))


def say_apart(zone: ZoneInfo, viewer_zone: ZoneInfo, now: datetime) -> str:
    """How a viewer's clock differs from that of a table: "Your clock (Asia/Kolkata) is 10 hours 30 minutes ahead now.";
    "" where it does not."""
    here, there = now.astimezone(viewer_zone).utcoffset(), now.astimezone(zone).utcoffset()
    minutes = ((here or timedelta()) - (there or timedelta())) // timedelta(minutes=1)
    if not minutes:
        return ""
    hours, rest = divmod(abs(minutes), MINUTES_AN_HOUR)
    amount = " ".join(f"{n} {unit}{'s' if n != 1 else ''}" for n, unit in ((hours, "hour"), (rest, "minute")) if n)
    return f"Your clock ({viewer_zone.key}) is {amount} {'ahead' if minutes > 0 else 'behind'} now."


def say_state(state: ModuleState, tongue: Tongue = ENGLISH) -> str:
    return tongue.states[state]


def _amount(minutes: int, tongue: Tongue) -> str:
    hours = minutes // MINUTES_AN_HOUR
    days = hours // HOURS_A_DAY
    if days >= 2:
        count, unit = days, "day"
    elif hours >= 2:
        count, unit = hours, "hour"
    else:
        count, unit = minutes, "minute"
    return f"{count} {tongue.units[unit][count != 1]}"


def _for_viewer(instant: datetime, zone: ZoneInfo, viewer_zone: ZoneInfo | None, tongue: Tongue) -> str | None:
    if viewer_zone is None:
        return None
    here, there = instant.astimezone(viewer_zone), instant.astimezone(zone)
    if here.utcoffset() == there.utcoffset():
        return None
    pattern = tongue.yours if here.date() == there.date() else tongue.yours_other_day
    parts = _day_parts(here.date(), tongue)
    return pattern.format(**parts, time=say_time(here.time()), zone=_zone_at(instant, viewer_zone))


def _day_parts(day: date, tongue: Tongue) -> dict[str, str]:
    return {
        "weekday": tongue.weekdays[day.weekday()],
        "day": str(day.day),
        "month": tongue.months[day.month - 1],
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
