"""What must be so, worked out a second time in the plainest way: day after day, minute after minute on the wall clock.

It shares no line with `courses.schedule` and the scans, so that a mistake there is not made here as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tests.simulation.world import DAY, HOUR, MINUTE, Grant, Learner, Meeting, Section


@dataclass(frozen=True)
class Dates:
    opens: datetime
    due: datetime
    late: datetime
    closes: datetime

    def is_open(self, at: datetime) -> bool:
        return self.opens <= at

    def takes_first_work(self, at: datetime) -> bool:
        return self.is_open(at) and at < min(self.late, self.closes) + MINUTE


@dataclass
class _Wall:
    """A module on the wall clock while it is worked out."""

    opens: date
    due: date
    due_time: time
    closes: date

    def move_due(self, days: int) -> None:
        self.due += days * DAY
        self.closes += days * DAY


@cache
def instant(zone: str, day: date, at: time) -> datetime:
    """The first minute at which a clock on the wall in `zone` reads this date and time or a later one."""
    target = datetime.combine(day, at)
    now = target.replace(tzinfo=UTC) - 15 * HOUR
    while now.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) < target:
        now += MINUTE
    return now


def dates(learner: Learner, module: int, now: datetime) -> Dates:
    """The dates of a module for somebody, with the extensions that are in force at `now`."""
    cohort, section = learner.cohort, learner.section or Section("")
    zone = section.zone or cohort.zone
    wall = _by_rule(learner, module, section, zone)
    grants = [one for one in learner.grants if _holds(one, module, now)]
    for grant in sorted(grants, key=lambda one: one.at):
        _apply(wall, grant, instant(zone, wall.opens, cohort.release), now.astimezone(ZoneInfo(zone)).date())
    opens = instant(zone, wall.opens, cohort.release)
    due = max(opens, instant(zone, wall.due, wall.due_time))
    closes = max(due, instant(zone, wall.closes, wall.due_time))
    late = max(due, instant(zone, wall.due + cohort.late_days * DAY, wall.due_time))
    return Dates(min([opens, *(one.at for one in grants if one.opens_all)]), due, min(late, closes), closes)


def _by_rule(learner: Learner, module: int, section: Section, zone: str) -> _Wall:
    cohort = learner.cohort
    joined = learner.joins.astimezone(ZoneInfo(zone)).date()
    start = joined if cohort.own_pace else cohort.start
    releases: list[date] = []
    day = start
    while len(releases) < module:
        turn = (day - start).days % 7 == 0 if cohort.weekday is None else day.weekday() == cohort.weekday
        if turn and not _within(day, cohort.pauses):
            releases.append(day)
        day += DAY
    off = cohort.pauses + cohort.days_off
    opens = _free(releases[-1] + section.shift_days * DAY, off)
    due = releases[-1] + (cohort.due_days + section.shift_days) * DAY
    while _within(due, cohort.pauses):
        due += 7 * DAY
    due = _free(due, off)
    if not cohort.own_pace and joined > opens:
        due = max(due, _free(joined + (due - opens), off))
    return _Wall(opens, due, cohort.due, due + cohort.close_days * DAY)


def _apply(wall: _Wall, grant: Grant, opened: datetime, today: date) -> None:
    was_locked = opened > grant.at
    if grant.shift_days:
        wall.move_due(grant.shift_days)
        wall.opens += grant.shift_days * DAY if grant.moves_opening and was_locked else timedelta()
    if grant.due and grant.due > (wall.due, wall.due_time):
        wall.move_due((grant.due[0] - wall.due).days)
        wall.due_time = grant.due[1]
    if grant.pause:
        first, last = grant.pause
        days = max(0, ((last or today) - first).days + 1)
        if wall.opens >= first and was_locked:
            wall.opens += days * DAY
        if wall.due >= first:
            wall.move_due(days)
        elif wall.closes >= first:
            wall.closes += days * DAY


def _holds(grant: Grant, module: int, now: datetime) -> bool:
    return grant.at <= now and (grant.expires is None or now < grant.expires) and grant.module in (None, module)


def _within(day: date, ranges: tuple[tuple[date, date], ...]) -> bool:
    return any(first <= day <= last for first, last in ranges)


def _free(day: date, ranges: tuple[tuple[date, date], ...]) -> date:
    while _within(day, ranges):
        day += DAY
    return day


def module_letters(learner: Learner, module: int, now: datetime) -> Iterator[tuple[str, ...]]:
    """What somebody is to be told about a module at `now`, as (kind, …) with what tells one letter from another."""
    own = dates(learner, module, now)
    due_day = str(own.due.astimezone(ZoneInfo(learner.cohort.zone)).date())
    is_in = module in learner.hands_in and learner.hands_in[module] <= now
    if own.opens <= now <= own.opens + 7 * DAY and own.opens > learner.joins:
        yield "module_opened", str(module)
    if is_in or not own.is_open(now):
        return
    if now < own.due + MINUTE and own.due - now <= 72 * HOUR:
        yield "due_soon", "24" if own.due - now <= 24 * HOUR else "72", str(module), due_day
    if own.due > learner.joins and own.due + 9 * HOUR <= now <= own.due + 7 * DAY and own.takes_first_work(now):
        yield "overdue", str(module), due_day


def starts(meeting: Meeting, now: datetime) -> datetime:
    """When a session begins, as it stands at `now`."""
    day = meeting.moved[1] if meeting.moved and meeting.moved[0] <= now else meeting.day
    return instant((meeting.section or Section("")).zone or meeting.cohort.zone, day, meeting.at)


def meeting_letters(meeting: Meeting, learner: Learner, now: datetime) -> Iterator[tuple[str, ...]]:
    """What somebody whom a session concerns is to be told of it at `now`."""
    begins, moved = starts(meeting, now), meeting.moved is not None and meeting.moved[0] <= now
    if begins <= now:
        return
    if meeting.cancelled and meeting.cancelled <= now:
        if learner.joins <= meeting.cancelled and now <= meeting.cancelled + 7 * DAY:
            yield ("session_cancelled",)
        return
    if meeting.moved and moved and learner.joins <= meeting.moved[0] and now <= meeting.moved[0] + 7 * DAY:
        yield "session_moved", f"{meeting.moved[0]:%Y%m%dT%H%M%S}"
    is_readable = meeting.module is None or dates(learner, meeting.module, now).opens <= begins
    if begins - now <= 24 * HOUR and is_readable:
        yield "session_soon", "1" if begins - now <= HOUR else "24", str(int(moved))
