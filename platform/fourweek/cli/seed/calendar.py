"""Instants of the story, counted from the week in which it is told. Wall clock first (law 3)."""

from datetime import date, datetime, time, timedelta

from courses.schedule.walltime import WallTime
from courses.schedule.zones import zone
from fourweek.light import dataclass

ZONE = "America/New_York"
RELEASE, EVENING = time(9), time(22, 30)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)


@dataclass(frozen=True, slots=True)
class When:
    """A wall time of the story: `week` 0 is the one that runs now, -1 the one before."""

    week: int
    weekday: int
    clock: str

    def later(self, days: int) -> "When":
        """The same time of day some days on."""
        week, weekday = divmod(self.week * 7 + self.weekday + days, 7)
        return When(week, weekday, self.clock)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The story's calendar. `now` is the real instant at which the school is filled in."""

    now: datetime

    @property
    def monday(self) -> date:
        """The Monday on which this week's module opened: the newest one whose release lies behind."""
        here = self.now.astimezone(zone(ZONE))
        monday = here.date() - timedelta(days=here.weekday())
        opened = WallTime(monday, RELEASE).instant(zone(ZONE)) <= self.now
        return monday if opened else monday - timedelta(days=7)

    def day(self, week: int, weekday: int = MONDAY) -> date:
        return self.monday + timedelta(weeks=week, days=weekday)

    def at(self, when: When) -> datetime:
        """The instant of a wall time in the institution's zone."""
        day = self.day(when.week, when.weekday)
        return WallTime(day, time.fromisoformat(when.clock)).instant(zone(ZONE))

    def evening(self, instant: datetime) -> datetime:
        """Late on the day of `instant`, or in the evening after it."""
        day = (instant + timedelta(hours=1, minutes=30)).astimezone(zone(ZONE)).date()
        return WallTime(day, EVENING).instant(zone(ZONE))

    def since_release(self, share: float) -> datetime:
        """An instant between this week's release and now; 0 is the release, 1 is now."""
        opened = self.at(When(0, MONDAY, "09:00"))
        return opened + (self.now - opened) * share

    def ago(self, **span: float) -> datetime:
        """Some minutes, hours or days before now."""
        return self.now - timedelta(**span)
