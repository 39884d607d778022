"""The one function that decides access by date (law 2), and what its answer means at an instant.

A module is open iff `opens_at <= now`, decided when it is read; closing ends handing in and never locks reading.
A first attempt is taken until `late_until`, further attempts until `closes_at`. `due_at`, `late_until` and `closes_at`
name a minute and last through it (see `courses.schedule.walltime`).
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from courses.schedule.personal import for_late_joiner, opened_by, with_grants
from courses.schedule.reasons import Reason, ReasonKind, because
from courses.schedule.terms import CohortRules, EnrolmentFacts, Pacing, PersonDates, SectionRules
from courses.schedule.walltime import WallTime, is_past, local_day, zone
from courses.schedule.weeks import Plan, base_plan
from fourweek.light import dataclass

SOON = timedelta(hours=72)


class ModuleState(StrEnum):
    LOCKED = "locked"
    OPEN = "open"
    DUE_SOON = "due_soon"
    LATE = "late"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class EffectiveDates:
    """Aware UTC instants of one module for one person, in this order where they are given, each with its reason.

    `due_at` None: nothing is due. `late_until` equal to `due_at`: no late work is taken; None: no end is set.
    `closes_at` None: never closes by itself.
    """

    opens_at: datetime
    due_at: datetime | None
    late_until: datetime | None
    closes_at: datetime | None
    opens_why: Reason
    due_why: Reason
    late_why: Reason
    closes_why: Reason


def effective_dates(
    rules: CohortRules,
    module_number: int,
    *,
    now: datetime,
    section: SectionRules | None = None,
    enrolment: EnrolmentFacts | None = None,
    extensions: Sequence[PersonDates] = (),
) -> EffectiveDates:
    """The dates of module `module_number` (from 1): person before section before cohort.

    Without an enrolment, what somebody who enrolled now would get from the rules. `now` is the school's time, or an
    instant of interest for an "as of" view. Raises UnknownZone, and ValueError for a module that the rules do not have.
    """
    if not 1 <= module_number <= rules.module_count:
        raise ValueError(f"module {module_number} of {rules.module_count}")
    return _of_modules(rules, now, section, enrolment, extensions)(module_number)


def all_dates(
    rules: CohortRules,
    *,
    now: datetime,
    section: SectionRules | None = None,
    enrolment: EnrolmentFacts | None = None,
    extensions: Sequence[PersonDates] = (),
) -> tuple[EffectiveDates, ...]:
    """The dates of every module in order; module n is at index n - 1."""
    dates = _of_modules(rules, now, section, enrolment, extensions)
    return tuple(dates(number) for number in range(1, rules.module_count + 1))


def _of_modules(
    rules: CohortRules,
    now: datetime,
    section: SectionRules | None,
    enrolment: EnrolmentFacts | None,
    extensions: Sequence[PersonDates],
) -> Callable[[int], EffectiveDates]:
    """The dates by the module's number, with what all modules share looked up once."""
    where = zone((section and section.zone) or rules.zone)
    joined = local_day(enrolment.enrolled_at if enrolment else now, where)
    by_cohort = rules.pacing is Pacing.COHORT
    by_rules = _by_rules(rules, section, where, rules.start_date if by_cohort else joined)

    def dates(number: int) -> EffectiveDates:
        plan, shared = by_rules[number - 1]
        own = for_late_joiner(plan, rules, joined) if enrolment and by_cohort else plan
        grants = [grant for grant in extensions if grant.holds(number, now)]
        if grants:
            return _settled(with_grants(own, grants, where, local_day(now, where)), where, opened_by(grants))
        return shared if own is plan else _settled(own, where, None)

    return dates


@lru_cache(maxsize=512)
def _by_rules(
    rules: CohortRules, section: SectionRules | None, where: ZoneInfo, counted_from: date
) -> tuple[tuple[Plan, EffectiveDates], ...]:
    """What classmates have before anything personal: each module's plan and what it comes to.

    Another zone database has another `where`, so that nothing of the old one is taken.
    """
    plans = (base_plan(rules, section, number, counted_from) for number in range(1, rules.module_count + 1))
    return tuple((plan, _settled(plan, where, None)) for plan in plans)


def _settled(plan: Plan, where: ZoneInfo, opener: PersonDates | None) -> EffectiveDates:
    """Wall times to instants, put in order: due not before opening, closing not before due, late work not after it."""
    opens_at, opens_why = plan.opens.instant(where), plan.opens_why
    due_at = max(plan.due.instant(where), opens_at) if plan.due else None
    closes_at = _closes_at(plan, where, due_at or opens_at)
    if opener is not None and opener.granted_at < opens_at:
        opens_at, opens_why = opener.granted_at, because(ReasonKind.OPENED_FOR_PERSON, key=opener.key)
    late_until = _late_until(plan, where, due_at, closes_at)
    late_by_closing = late_until is None or (late_until == closes_at and late_until != due_at)
    return EffectiveDates(
        opens_at=opens_at,
        due_at=due_at,
        late_until=late_until,
        closes_at=closes_at,
        opens_why=opens_why,
        due_why=plan.due_why,
        late_why=plan.closes_why if late_by_closing else plan.late_why,
        closes_why=plan.closes_why,
    )


def _closes_at(plan: Plan, where: ZoneInfo, earliest: datetime) -> datetime | None:
    closing = plan.closing()
    if closing is None:
        return None
    return max(max(closing, plan.closes_not_before or closing).instant(where), earliest)


def _late_until(plan: Plan, where: ZoneInfo, due_at: datetime | None, closes_at: datetime | None) -> datetime | None:
    late = plan.late()
    if late is None or due_at is None:
        return closes_at
    late_until = max(late.instant(where), due_at)
    return late_until if closes_at is None else min(late_until, closes_at)


def state(dates: EffectiveDates, now: datetime, *, soon: timedelta = SOON) -> ModuleState:
    """Where the module stands for a first attempt; a further one asks `takes_attempt`."""
    if not is_open(dates, now):
        return ModuleState.LOCKED
    if is_past(now, dates.late_until) or is_past(now, dates.closes_at):
        return ModuleState.CLOSED
    if dates.due_at is None:
        return ModuleState.OPEN
    if is_past(now, dates.due_at):
        return ModuleState.LATE
    return ModuleState.DUE_SOON if dates.due_at - now <= soon else ModuleState.OPEN


def is_open(dates: EffectiveDates, now: datetime) -> bool:
    """Law 1. Lessons, their titles and files may be shown; a module once open stays readable."""
    return dates.opens_at <= now


def is_late(dates: EffectiveDates, handed_in_at: datetime) -> bool:
    """Whether work handed in at this instant is late. Asked once, when it comes in, and kept with it."""
    return is_past(handed_in_at, dates.due_at)


def takes_attempt(dates: EffectiveDates, now: datetime, *, first: bool = True) -> bool:
    """Whether evidence may be handed in now; further attempts are taken after the late window, until closing."""
    last = dates.late_until if first else dates.closes_at
    return is_open(dates, now) and not is_past(now, last) and not is_past(now, dates.closes_at)


def starts_at(rules: CohortRules, section: SectionRules | None = None) -> datetime:
    """When the cohort starts: the release of module 1. For cohort pacing only."""
    return base_plan(rules, section, 1, rules.start_date).opens.instant(zone((section and section.zone) or rules.zone))


def is_over(rules: CohortRules, now: datetime, section: SectionRules | None = None) -> bool:
    """Whether the last work of the cohort is past due; never where everybody counts from their own enrolment."""
    return rules.pacing is Pacing.COHORT and is_past(now, ends_at(rules, section))


def ends_at(rules: CohortRules, section: SectionRules | None = None) -> datetime:
    """When the last module's work is due, or that module opens where nothing is due. For cohort pacing only."""
    plan = base_plan(rules, section, rules.module_count, rules.start_date)
    last: WallTime = plan.due or plan.opens
    return last.instant(zone((section and section.zone) or rules.zone))
