"""Cohort and section: exact instants by example, then what holds for any rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.schedule.personal import for_late_joiner
from courses.schedule.reasons import ReasonKind
from courses.schedule.rules import EffectiveDates, all_dates, effective_dates, ends_at, is_over, starts_at
from courses.schedule.terms import CohortRules, DateRange, EnrolmentFacts, KeptOpen, Pacing, SectionRules, covering
from courses.schedule.walltime import WallTime, local_day, local_instant, zone
from courses.schedule.weeks import base_plan
from tests.courses.schedule.factories import INSTANTS, cohort, cohorts, dates_of, module, sections, utc, wall

WINTER = DateRange(date(2026, 10, 19), date(2026, 10, 25), "autumn break")
HOLIDAY = DateRange(date(2026, 10, 19), date(2026, 10, 19), "a public holiday")


def opens(rules: CohortRules, section: SectionRules | None = None) -> list[datetime]:
    return [dates.opens_at for dates in all_dates(rules, now=utc("2026-10-01 00:00"), section=section)]


def due(rules: CohortRules, section: SectionRules | None = None) -> list[datetime | None]:
    return [dates.due_at for dates in all_dates(rules, now=utc("2026-10-01 00:00"), section=section)]


def test_modules_open_weekly_at_the_same_wall_time_across_the_clock_change() -> None:
    assert opens(cohort()) == [
        utc("2026-10-12 07:00"),
        utc("2026-10-19 07:00"),
        utc("2026-10-26 08:00"),
        utc("2026-11-02 08:00"),
    ]


def test_work_is_due_at_the_same_wall_time_across_the_clock_change() -> None:
    assert due(cohort()) == [
        utc("2026-10-18 21:59"),
        utc("2026-10-25 22:59"),
        utc("2026-11-01 22:59"),
        utc("2026-11-08 22:59"),
    ]


@pytest.mark.parametrize(
    ("start", "weekday", "first"),
    [
        (date(2026, 10, 12), 0, "2026-10-12 07:00"),
        (date(2026, 10, 13), 0, "2026-10-19 07:00"),
        (date(2026, 10, 12), 6, "2026-10-18 07:00"),
        (date(2026, 10, 14), None, "2026-10-14 07:00"),
    ],
)
def test_the_first_module_opens_on_the_first_release_day_from_the_start(
    start: date, weekday: int | None, first: str
) -> None:
    rules = cohort(start_date=start, release_weekday=weekday)
    assert opens(rules)[0] == starts_at(rules) == utc(first)


def test_the_cohort_ends_when_its_last_work_is_due() -> None:
    assert ends_at(cohort()) == utc("2026-11-08 22:59")
    assert ends_at(cohort(due_offset_days=None)) == utc("2026-11-02 08:00")


def test_release_in_the_hour_that_does_not_exist_is_the_instant_after() -> None:
    rules = cohort(start_date=date(2027, 3, 28), release_weekday=6, release_time=time(2, 30), module_count=2)
    assert opens(rules) == [utc("2027-03-28 01:00"), utc("2027-04-04 00:30")]


def test_late_window_and_closing_are_counted_from_the_due_date() -> None:
    dates = dates_of(cohort(late_days=8, close_days=15))
    assert (dates.due_at, dates.late_until, dates.closes_at) == (
        utc("2026-10-18 21:59"),
        utc("2026-10-26 22:59"),
        utc("2026-11-02 22:59"),
    )


def test_a_close_before_the_end_of_the_late_window_ends_it() -> None:
    dates = dates_of(cohort(late_days=8, close_days=3))
    assert dates.late_until == dates.closes_at == utc("2026-10-21 21:59")


def test_late_days_none_takes_late_work_until_closing() -> None:
    assert dates_of(cohort(late_days=None)).late_until is None
    assert dates_of(cohort(late_days=None, close_days=30)).late_until == utc("2026-11-17 22:59")


def test_nothing_due_closes_by_the_release() -> None:
    dates = dates_of(cohort(due_offset_days=None, close_days=10))
    assert (dates.due_at, dates.late_until, dates.closes_at) == (None, utc("2026-10-22 21:59"), utc("2026-10-22 21:59"))
    assert dates.due_why.kind is ReasonKind.NO_DATE


def test_a_day_off_moves_only_what_falls_on_it() -> None:
    rules = cohort(blackouts=(HOLIDAY, DateRange(date(2026, 11, 1), date(2026, 11, 2), "two days")))
    assert opens(rules) == [
        utc("2026-10-12 07:00"),
        utc("2026-10-20 07:00"),
        utc("2026-10-26 08:00"),
        utc("2026-11-03 08:00"),
    ]
    assert due(rules)[2] == utc("2026-11-03 22:59")
    reason = dates_of(rules, 2).opens_why
    assert (reason.kind, reason.words) == (ReasonKind.DAY_OFF, "Moved past a day off: a public holiday.")


def test_a_pause_moves_what_falls_in_it_and_all_that_follows_by_whole_weeks() -> None:
    rules = cohort(pauses=(WINTER,))
    assert opens(rules) == [
        utc("2026-10-12 07:00"),
        utc("2026-10-26 08:00"),
        utc("2026-11-02 08:00"),
        utc("2026-11-09 08:00"),
    ]
    assert due(rules)[:2] == [utc("2026-10-18 21:59"), utc("2026-11-01 22:59")]
    assert dates_of(rules, 1).opens_why.kind is ReasonKind.COHORT
    assert dates_of(rules, 4).opens_why.words == "Moved past a pause of the course: autumn break."


def test_work_given_before_a_pause_and_due_after_it_gets_the_paused_week_back() -> None:
    rules = cohort(pauses=(WINTER,), due_offset_days=9)
    assert due(rules)[0] == utc("2026-10-28 22:59")
    assert dates_of(rules, 1).due_why.kind is ReasonKind.PAUSE


def test_work_due_inside_a_pause_without_a_release_day_waits_for_its_weekday() -> None:
    rules = cohort(pauses=(DateRange(date(2026, 10, 16), date(2026, 10, 18), "a long weekend"),))
    assert due(rules)[:2] == [utc("2026-10-25 22:59"), utc("2026-10-25 22:59")]
    assert opens(rules) == opens(cohort())


def test_a_module_override_is_taken_as_it_is_and_moves_nothing_else() -> None:
    own = module(number=2, opens_on=date(2026, 10, 21), opens_time=time(18), due_on=date(2026, 10, 30), late_days=0)
    rules = cohort(modules=(own,), late_days=5, blackouts=(DateRange(date(2026, 10, 21), date(2026, 10, 21)),))
    dates = dates_of(rules, 2)
    assert (dates.opens_at, dates.due_at) == (utc("2026-10-21 16:00"), utc("2026-10-30 22:59"))
    assert dates.late_until == dates.due_at
    assert dates.opens_why.kind is dates.due_why.kind is ReasonKind.MODULE
    assert opens(rules)[2:] == opens(cohort())[2:]


def test_an_opening_date_of_its_own_takes_the_due_date_along() -> None:
    rules = cohort(modules=(module(number=1, opens_on=date(2026, 10, 14)),))
    assert dates_of(rules).due_at == utc("2026-10-20 21:59")


def test_a_closing_date_of_its_own_is_kept() -> None:
    dates = dates_of(cohort(modules=(module(number=1, closes_on=date(2026, 12, 1), due_time=time(12)),)))
    assert dates.closes_at == utc("2026-12-01 11:00")
    assert dates.closes_why.kind is ReasonKind.MODULE


def test_a_section_goes_before_the_cohort_and_says_so() -> None:
    section = SectionRules(release_time=time(18), late_days=2)
    dates = dates_of(cohort(late_days=0), 1, section=section)
    assert (dates.opens_at, dates.due_at) == (utc("2026-10-12 16:00"), utc("2026-10-18 21:59"))
    assert dates.late_until == utc("2026-10-20 21:59")
    assert dates.opens_why.kind is dates.late_why.kind is ReasonKind.SECTION
    assert dates.due_why.kind is ReasonKind.COHORT


def test_a_section_in_another_zone_keeps_the_wall_time() -> None:
    section = SectionRules(zone="America/New_York")
    assert opens(cohort(), section)[:2] == [utc("2026-10-12 13:00"), utc("2026-10-19 13:00")]


def test_a_section_shifts_every_date_on_the_wall_clock() -> None:
    assert opens(cohort(), SectionRules(shift_days=15))[0] == utc("2026-10-27 08:00")
    assert due(cohort(), SectionRules(shift_days=15))[0] == utc("2026-11-02 22:59")


def test_a_section_override_goes_before_the_cohorts_field_by_field() -> None:
    both = module(number=1, opens_on=date(2026, 10, 13), due_on=date(2026, 10, 20))
    section = SectionRules(modules=(module(number=1, opens_on=date(2026, 10, 15)),))
    dates = dates_of(cohort(modules=(both,)), section=section)
    assert (dates.opens_at, dates.due_at) == (utc("2026-10-15 07:00"), utc("2026-10-20 21:59"))
    assert (dates.opens_why.kind, dates.due_why.kind) == (ReasonKind.SECTION, ReasonKind.MODULE)


def test_what_was_open_stays_open_when_the_rule_opens_it_later_and_nothing_else_moves() -> None:
    later = cohort(start_date=date(2026, 11, 2))
    kept = replace(later, kept_open=(KeptOpen(1, wall("2026-10-12 09:00")),))
    one, other = dates_of(later, 1), dates_of(kept, 1)
    assert other.opens_at == utc("2026-10-12 07:00")
    assert other.opens_why.kind is ReasonKind.KEPT_OPEN
    assert (other.due_at, other.late_until, other.closes_at) == (one.due_at, one.late_until, one.closes_at)
    assert dates_of(kept, 2) == dates_of(later, 2)


def test_what_is_kept_open_never_makes_a_module_open_later() -> None:
    kept = cohort(kept_open=(KeptOpen(1, wall("2026-11-02 09:00")),))
    assert dates_of(kept, 1) == dates_of(cohort(), 1)


def test_a_section_that_opens_later_does_not_inherit_what_the_cohort_keeps_open() -> None:
    kept = cohort(start_date=date(2026, 11, 2), kept_open=(KeptOpen(1, wall("2026-10-12 09:00")),))
    assert dates_of(kept, 1, section=SectionRules(shift_days=7)).opens_at == utc("2026-11-09 08:00")
    own = SectionRules(shift_days=7, kept_open=(KeptOpen(1, wall("2026-10-19 09:00")),))
    found = dates_of(kept, 1, section=own)
    assert (found.opens_at, found.opens_why.kind) == (utc("2026-10-19 07:00"), ReasonKind.KEPT_OPEN)


def test_a_cohort_is_over_when_its_last_work_is_past_due_and_never_at_ones_own_pace() -> None:
    end = ends_at(cohort())
    assert (is_over(cohort(), end), is_over(cohort(), end + timedelta(minutes=1))) == (False, True)
    assert not is_over(cohort(pacing=Pacing.ENROLMENT), end + timedelta(days=9000))


def test_self_paced_counts_from_the_local_day_of_enrolment() -> None:
    rules = cohort(pacing=Pacing.ENROLMENT, release_weekday=None, release_time=time(0), zone="Asia/Tokyo")
    facts = EnrolmentFacts(utc("2026-11-30 18:00"))
    dates = [dates_of(rules, n, enrolment=facts) for n in (1, 2)]
    assert [d.opens_at for d in dates] == [utc("2026-11-30 15:00"), utc("2026-12-07 15:00")]
    assert dates[0].opens_why.kind is ReasonKind.ENROLMENT
    assert dates_of(rules, 1, at="2026-11-30 18:00") == dates[0]


@pytest.mark.parametrize("number", [0, 5, -1])
def test_a_module_that_the_rules_do_not_have_is_an_error(number: int) -> None:
    with pytest.raises(ValueError, match="of 4"):
        dates_of(cohort(), number)


def weekly_pattern(rules: CohortRules, number: int) -> EffectiveDates:
    return effective_dates(rules, number, now=utc("2026-09-01 00:00"))


@given(cohorts(), sections())
@settings(max_examples=150, deadline=None)
def test_later_modules_open_later_and_are_due_no_earlier(rules: CohortRules, section: SectionRules | None) -> None:
    dates = all_dates(rules, now=utc("2026-10-01 00:00"), section=section)
    for one, following in pairwise(dates):
        assert one.opens_at <= following.opens_at
        assert one.due_at is None or (following.due_at is not None and one.due_at <= following.due_at)


@given(cohorts(), sections(), st.none() | INSTANTS, INSTANTS)
@settings(max_examples=150, deadline=None)
def test_dates_are_in_order(
    rules: CohortRules, section: SectionRules | None, enrolled: datetime | None, now: datetime
) -> None:
    facts = None if enrolled is None else EnrolmentFacts(enrolled)
    for dates in all_dates(rules, now=now, section=section, enrolment=facts):
        given = [d for d in (dates.opens_at, dates.due_at, dates.late_until, dates.closes_at) if d is not None]
        assert given == sorted(given)
        assert all(d.tzinfo is UTC for d in given)


@given(cohorts(), INSTANTS)
@settings(max_examples=150, deadline=None)
def test_nothing_opens_before_the_wall_clock_reads_its_release(rules: CohortRules, now: datetime) -> None:
    plan = base_plan(rules, None, rules.module_count, now.astimezone(zone(rules.zone)).date())
    opens_at = effective_dates(rules, rules.module_count, now=now).opens_at
    just_before = (opens_at - timedelta(microseconds=1)).astimezone(zone(rules.zone)).replace(tzinfo=None)
    assert WallTime(just_before.date(), just_before.time()) < plan.opens
    assert opens_at == local_instant(plan.opens.day, rules.release_time, zone(rules.zone))


@given(cohorts())
@settings(max_examples=150, deadline=None)
def test_nothing_opens_or_falls_due_on_a_day_off_or_in_a_pause(rules: CohortRules) -> None:
    for number in range(1, rules.module_count + 1):
        plan = base_plan(rules, None, number, rules.start_date)
        free = (*rules.blackouts, *rules.pauses)
        assert covering(free, plan.opens.day) is None
        assert plan.due is None or covering(free, plan.due.day) is None


@given(cohorts(), st.integers(1, 30))
@settings(max_examples=150, deadline=None)
def test_moving_the_start_by_weeks_moves_every_wall_time_by_as_much(rules: CohortRules, weeks: int) -> None:
    plain = cohort(
        start_date=rules.start_date,
        zone=rules.zone,
        release_weekday=rules.release_weekday,
        release_time=rules.release_time,
        due_offset_days=rules.due_offset_days,
        due_time=rules.due_time,
    )
    moved = replace(plain, start_date=plain.start_date + timedelta(weeks=weeks))
    for number in range(1, 5):
        one, other = (base_plan(r, None, number, r.start_date) for r in (plain, moved))
        assert other.opens == one.opens.plus(7 * weeks)
        assert other.due == (one.due and one.due.plus(7 * weeks))
        assert weekly_pattern(moved, number).opens_at == other.opens.instant(zone(rules.zone))


@given(cohorts(), sections(), INSTANTS, INSTANTS)
def test_what_is_remembered_for_classmates_is_what_is_worked_out_for_each(
    rules: CohortRules, section: SectionRules | None, enrolled_at: datetime, now: datetime
) -> None:
    where = zone((section and section.zone) or rules.zone)
    joined = local_day(enrolled_at, where)
    for number in range(1, rules.module_count + 1):
        plan = base_plan(rules, section, number, joined)
        if rules.pacing is Pacing.COHORT:
            plan = for_late_joiner(plan, rules, joined)
        found = effective_dates(rules, number, now=now, section=section, enrolment=EnrolmentFacts(enrolled_at))
        assert (found.opens_at, found.opens_why) == (plan.opens.instant(where), plan.opens_why)
        assert (found.due_at, found.due_why) == (
            max(plan.due.instant(where), found.opens_at) if plan.due else None,
            plan.due_why,
        )
