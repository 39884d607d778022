"""What belongs to one person: joining late, and the extensions granted, folded over the plan in the order of granting.

Without `allow_earlier` no step ever makes a due or closing date earlier, and none locks what was open when granted.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TypedDict
from zoneinfo import ZoneInfo

from courses.schedule.reasons import Reason, ReasonKind, because
from courses.schedule.terms import CohortRules, PersonDates, first_free_day
from courses.schedule.walltime import WallTime
from courses.schedule.weeks import Plan


class Closing(TypedDict, total=False):
    """Where a plan keeps its closing date: given outright, or as days to count."""

    closes: WallTime
    close_days: int


def for_late_joiner(plan: Plan, rules: CohortRules, joined: date) -> Plan:
    """As many days from joining as the others had from the release, though not beyond a closing date of the module."""
    if plan.due is None or joined <= plan.opens.day:
        return plan
    day = joined + (plan.due.day - plan.opens.day)
    wanted = WallTime(first_free_day(day, (*rules.blackouts, *rules.pauses))[0], plan.due.at)
    if plan.closes is not None:
        wanted = min(wanted, plan.closes)
    return _with_due(plan, wanted, because(ReasonKind.JOINED_LATE)) if wanted > plan.due else plan


def with_grants(plan: Plan, grants: Iterable[PersonDates], where: ZoneInfo, today: date) -> Plan:
    """The plan after all these grants, each of which must be in force for the module."""
    for grant in sorted(grants, key=lambda g: (g.granted_at, g.key)):
        plan = _shifted(plan, grant, where)
        plan = _paused(plan, grant, where, today)
        plan = _dated(plan, grant)
    return plan


def _shifted(plan: Plan, grant: PersonDates, where: ZoneInfo) -> Plan:
    days = grant.shift_days
    if not days or (days < 0 and not grant.allow_earlier):
        return plan
    before, why = plan, because(ReasonKind.SHIFTED, key=grant.key)
    if grant.moves_opening and _still_locked(plan, grant, where):
        plan = replace(plan, opens=plan.opens.plus(days), opens_why=why)
    if plan.due is not None:
        plan = _with_due(plan, plan.due.plus(days), why)
    return _closing_moved(plan, before, days, date.min, why)


def _paused(plan: Plan, grant: PersonDates, where: ZoneInfo, today: date) -> Plan:
    """Moves what lies on or after the first day of the pause on by the length of the pause."""
    days, first = grant.pause_days(today), grant.pause_first
    if not days or first is None:
        return plan
    before, why = plan, because(ReasonKind.OWN_PAUSE, key=grant.key)
    if plan.opens.day >= first and _still_locked(plan, grant, where):
        plan = replace(plan, opens=plan.opens.plus(days), opens_why=why)
    if plan.due is not None and plan.due.day >= first:
        plan = _with_due(plan, plan.due.plus(days), why)
    return _closing_moved(plan, before, days, first, why)


def _dated(plan: Plan, grant: PersonDates) -> Plan:
    why = because(ReasonKind.OWN_DATE, key=grant.key)
    if grant.due is not None and (grant.allow_earlier or (plan.due is not None and grant.due > plan.due)):
        plan = _with_due(plan, grant.due, why)
    if grant.closes is None:
        return plan
    if grant.allow_earlier:
        return replace(plan, closes=grant.closes, closes_not_before=None, closes_why=why)
    return _kept_open_until(plan, grant.closes, why)


def _kept_open_until(plan: Plan, closes: WallTime, why: Reason) -> Plan:
    closing = plan.closing()
    if closing is None or closes <= max(closing, plan.closes_not_before or closing):
        return plan
    return replace(plan, closes_not_before=closes, closes_why=why)


def _with_due(plan: Plan, due: WallTime, why: Reason) -> Plan:
    """The due date moved; a closing date that is counted from it moves along."""
    counted = plan.closes is None and plan.close_days is not None and plan.closes_not_before is None
    return replace(plan, due=due, due_why=why, late_why=why, closes_why=why if counted else plan.closes_why)


def _closing_moved(plan: Plan, before: Plan, days: int, first: date, why: Reason) -> Plan:
    """A closing date that lay on or after `first` moved, unless it has moved with the date it is counted from."""
    closing, floor = before.closing(), before.closes_not_before
    if closing is not None and closing.day >= first and plan.closing() == closing:
        plan = replace(plan, **_further(plan, days), closes_why=why)
    if floor is not None and floor.day >= first:
        plan = replace(plan, closes_not_before=floor.plus(days))
    return plan


def _further(plan: Plan, days: int) -> Closing:
    if plan.closes is not None:
        return {"closes": plan.closes.plus(days)}
    return {"close_days": (plan.close_days or 0) + days}


def _still_locked(plan: Plan, grant: PersonDates, where: ZoneInfo) -> bool:
    """Whether the module had not yet opened for this person when the grant was made."""
    return plan.opens.instant(where) > grant.granted_at


def opened_by(grants: Iterable[PersonDates]) -> PersonDates | None:
    """The earliest of these grants that opens everything it covers."""
    return min((g for g in grants if g.opens_all), key=lambda g: (g.granted_at, g.key), default=None)
