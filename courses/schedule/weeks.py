"""From the rules of cohort and section to the wall-clock plan of one module, before anything personal."""

from dataclasses import fields, replace
from datetime import date, time, timedelta
from functools import lru_cache

from courses.schedule.reasons import Reason, ReasonKind, because
from courses.schedule.terms import CohortRules, DateRange, ModuleDates, Pacing, SectionRules, first_free_day
from courses.schedule.walltime import WallTime
from fourweek.light import dataclass

WEEK = 7


@dataclass(frozen=True, slots=True)
class Plan:
    """One module on the wall clock. `closes` is a closing date given outright; otherwise `close_days` counts.

    `closes_not_before` is a personal closing date, which only ever lengthens.
    """

    opens: WallTime
    due: WallTime | None
    closes: WallTime | None
    due_time: time
    late_days: int | None
    close_days: int | None
    opens_why: Reason
    due_why: Reason
    late_why: Reason
    closes_why: Reason
    closes_not_before: WallTime | None = None

    def late(self) -> WallTime | None:
        """The end of the late window as the rule has it; None where nothing is due or no end is set."""
        return None if self.due is None or self.late_days is None else self.due.plus(self.late_days)

    def closing(self) -> WallTime | None:
        """The closing wall time as the rule has it, a personal one apart."""
        if self.closes is not None or self.close_days is None:
            return self.closes
        last = self.due or WallTime(self.opens.day, self.due_time)
        return last.plus(self.close_days)


def base_plan(rules: CohortRules, section: SectionRules | None, number: int, anchor: date) -> Plan:
    """The plan by cohort and section, with SECTION as the reason for what the section alone has changed.

    `anchor` is the day of enrolment; it counts only with that pacing. Raises ValueError for a module out of range.
    """
    plan = plan_module(rules, number, _start(rules, anchor))
    if section is None:
        return plan
    merged = with_section(rules, section)
    own = plan_module(merged, number, _start(merged, anchor), section.shift_days)
    return _mark_section(own, plan, moved_zone=merged.zone != rules.zone)


def _start(rules: CohortRules, anchor: date) -> date:
    """Keeps the day of enrolment out of the cache's key where it has no say."""
    return anchor if rules.pacing is Pacing.ENROLMENT else rules.start_date


def _mark_section(own: Plan, plan: Plan, *, moved_zone: bool) -> Plan:
    section = because(ReasonKind.SECTION)
    kept = own.opens_why.kind is ReasonKind.KEPT_OPEN
    return replace(
        own,
        opens_why=section if not kept and (moved_zone or own.opens != plan.opens) else own.opens_why,
        due_why=section if moved_zone or own.due != plan.due else own.due_why,
        late_why=section if moved_zone or own.late() != plan.late() else own.late_why,
        closes_why=section if moved_zone or own.closing() != plan.closing() else own.closes_why,
    )


@lru_cache(maxsize=1024)
def with_section(rules: CohortRules, section: SectionRules) -> CohortRules:
    """The cohort's rules with the section's in their place; a section's date for a module goes before the cohort's.

    What the cohort keeps open stays out: a section that opens later has not opened yet.
    """
    own = {f.name: getattr(section, f.name) for f in fields(section) if f.name not in {"shift_days", "modules"}}
    given = {name: value for name, value in own.items() if value is not None}
    return replace(rules, **given, modules=(*section.modules, *rules.modules))


@lru_cache(maxsize=16384)
def plan_module(rules: CohortRules, number: int, start: date, shift_days: int = 0) -> Plan:
    """The plan of module `number` (from 1) of rules that start on `start`."""
    if not 1 <= number <= rules.module_count:
        raise ValueError(f"module {number} of {rules.module_count}")
    own = module_dates(rules, number)
    day, opens_why = _opening(rules, own, start, shift_days)
    due, due_why = _due(rules, own, day if own.opens_on else None, start, shift_days)
    opens, opens_why = _kept_open(rules, number, WallTime(day, own.opens_time or rules.release_time), opens_why)
    due_time = (own.due_time or rules.due_time).replace(second=0, microsecond=0)
    return Plan(
        opens=opens,
        due=WallTime(due, due_time) if due else None,
        closes=WallTime(own.closes_on, due_time) if own.closes_on else None,
        due_time=due_time,
        late_days=rules.late_days if own.late_days is None else own.late_days,
        close_days=rules.close_days,
        opens_why=opens_why,
        due_why=due_why,
        late_why=due_why if own.late_days is None else because(ReasonKind.MODULE),
        closes_why=_closing_reason(rules, own, due_why),
    )


def _closing_reason(rules: CohortRules, own: ModuleDates, due_why: Reason) -> Reason:
    if own.closes_on:
        return because(ReasonKind.MODULE)
    if rules.close_days is None:
        return because(ReasonKind.NO_DATE)
    return due_why if rules.due_offset_days is not None or own.due_on else _by_rule(rules)


def module_dates(rules: CohortRules, number: int) -> ModuleDates:
    """The module's own dates: field by field the first that is given, in the order of the rules."""
    mine = [m for m in rules.modules if m.number == number]
    if len(mine) == 1:
        return mine[0]
    names = [f.name for f in fields(ModuleDates) if f.name != "number"]
    given = {name: getattr(m, name) for name in names for m in reversed(mine) if getattr(m, name) is not None}
    return ModuleDates(number, **given)


def release_day(rules: CohortRules, start: date, number: int) -> tuple[date, DateRange | None]:
    """The `number`-th weekly release day from `start`, pauses left out, and the last pause that was passed."""
    day = start
    if rules.release_weekday is not None:
        day += timedelta(days=(rules.release_weekday - start.weekday()) % WEEK)
    day, passed = first_free_day(day, rules.pauses, step=WEEK)
    for _ in range(number - 1):
        day, pause = first_free_day(day + timedelta(days=WEEK), rules.pauses, step=WEEK)
        passed = pause or passed
    return day, passed


def _opening(rules: CohortRules, own: ModuleDates, start: date, shift_days: int) -> tuple[date, Reason]:
    if own.opens_on:
        return own.opens_on, because(ReasonKind.MODULE)
    day, pause = release_day(rules, start, own.number)
    free, day_off = first_free_day(day + timedelta(days=shift_days), (*rules.blackouts, *rules.pauses))
    return free, _moved(pause, day_off, _by_rule(rules) if own.opens_time is None else because(ReasonKind.MODULE))


def _kept_open(rules: CohortRules, number: int, opens: WallTime, why: Reason) -> tuple[WallTime, Reason]:
    since = min((kept.since for kept in rules.kept_open if kept.number == number), default=opens)
    return (since, because(ReasonKind.KEPT_OPEN)) if since < opens else (opens, why)


def _due(
    rules: CohortRules, own: ModuleDates, opens_on: date | None, start: date, shift_days: int
) -> tuple[date | None, Reason]:
    """The due date. Days are counted in weeks of the course: a week that a pause leaves out counts for nobody."""
    if own.due_on:
        return own.due_on, because(ReasonKind.MODULE)
    if rules.due_offset_days is None:
        return None, because(ReasonKind.NO_DATE)
    if opens_on:
        day, pause, rule = opens_on + timedelta(days=rules.due_offset_days), None, because(ReasonKind.MODULE)
    else:
        weeks, days = divmod(rules.due_offset_days, WEEK)
        day, pause = release_day(rules, start, own.number + weeks)
        day, rule = day + timedelta(days=days + shift_days), _by_rule(rules)
    day, later_pause = first_free_day(day, rules.pauses, step=WEEK)
    free, day_off = first_free_day(day, (*rules.blackouts, *rules.pauses))
    return free, _moved(later_pause or pause, day_off, rule)


def _by_rule(rules: CohortRules) -> Reason:
    return because(ReasonKind.ENROLMENT if rules.pacing is Pacing.ENROLMENT else ReasonKind.COHORT)


def _moved(pause: DateRange | None, day_off: DateRange | None, rule: Reason) -> Reason:
    if day_off:
        return because(ReasonKind.DAY_OFF, title=day_off.title)
    return because(ReasonKind.PAUSE, title=pause.title) if pause else rule
