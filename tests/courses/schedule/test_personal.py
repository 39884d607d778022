"""A person's own dates: joining late and extensions, by example and for any."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.schedule.reasons import ReasonKind
from courses.schedule.rules import EffectiveDates, effective_dates, is_open
from courses.schedule.terms import CohortRules, EnrolmentFacts, PersonDates, SectionRules
from tests.courses.schedule.factories import (
    INSTANTS,
    cohort,
    cohorts,
    dates_of,
    grant,
    grants,
    module,
    sections,
    utc,
    wall,
)


def test_joining_before_the_release_changes_nothing() -> None:
    assert dates_of(cohort(), enrolment=EnrolmentFacts(utc("2026-10-12 20:00"))) == dates_of(cohort())


def test_joining_late_gives_as_many_days_as_the_others_had() -> None:
    dates = dates_of(cohort(late_days=1), enrolment=EnrolmentFacts(utc("2026-10-15 20:00")))
    assert (dates.opens_at, dates.due_at) == (utc("2026-10-12 07:00"), utc("2026-10-21 21:59"))
    assert dates.late_until == utc("2026-10-22 21:59")
    assert dates.due_why.kind is ReasonKind.JOINED_LATE


def test_joining_late_stops_at_a_closing_date_of_the_module() -> None:
    rules = cohort(modules=(module(number=1, closes_on=date(2026, 10, 20)),))
    assert dates_of(rules, enrolment=EnrolmentFacts(utc("2026-10-19 20:00"))).due_at == utc("2026-10-20 21:59")


def test_a_shift_moves_due_late_and_closing_on_the_wall_clock_but_not_the_release() -> None:
    dates = dates_of(cohort(late_days=1, close_days=2), extensions=[grant(shift_days=7, key="x7")])
    assert dates.opens_at == utc("2026-10-12 07:00")
    assert dates.due_at == utc("2026-10-25 22:59")
    assert (dates.late_until, dates.closes_at) == (utc("2026-10-26 22:59"), utc("2026-10-27 22:59"))
    assert (dates.due_why.kind, dates.due_why.key, dates.opens_why.key) == (ReasonKind.SHIFTED, "x7", "")
    assert dates.closes_why == dates.due_why


def test_two_shifts_add_up() -> None:
    both = [grant(shift_days=1, key="a"), grant(shift_days=2, key="b")]
    assert dates_of(cohort(), extensions=both).due_at == utc("2026-10-21 21:59")


def test_a_shift_of_the_opening_never_locks_what_was_open() -> None:
    shift = grant(shift_days=7, moves_opening=True)
    first, second = (dates_of(cohort(), n, extensions=[shift]) for n in (1, 2))
    assert first.opens_at == utc("2026-10-12 07:00")
    assert (second.opens_at, second.opens_why.kind) == (utc("2026-10-26 08:00"), ReasonKind.SHIFTED)


def test_a_shift_of_the_opening_takes_a_closing_date_along_once() -> None:
    rules = cohort(due_offset_days=None, close_days=3)
    dates = dates_of(rules, 2, extensions=[grant(shift_days=7, moves_opening=True)])
    assert (dates.opens_at, dates.closes_at) == (utc("2026-10-26 08:00"), utc("2026-10-29 22:59"))


def test_a_shift_of_a_module_without_due_date_moves_its_closing() -> None:
    rules = cohort(due_offset_days=None, close_days=3)
    assert dates_of(rules, 1, extensions=[grant(shift_days=2)]).closes_at == utc("2026-10-17 21:59")


@pytest.mark.parametrize(
    ("due", "earlier", "expected"),
    [
        ("2026-10-20 12:00", False, "2026-10-20 10:00"),
        ("2026-10-17 12:00", False, "2026-10-18 21:59"),
        ("2026-10-17 12:00", True, "2026-10-17 10:00"),
    ],
)
def test_a_personal_due_date_counts_only_where_later_unless_earlier_was_chosen(
    due: str, *, earlier: bool, expected: str
) -> None:
    dates = dates_of(cohort(), extensions=[grant(due=wall(due), allow_earlier=earlier)])
    assert dates.due_at == utc(expected)


def test_a_class_deadline_moved_beyond_a_personal_one_holds_for_that_person_too() -> None:
    own = grant(due=wall("2026-10-20 23:59"))
    moved = cohort(modules=(module(number=1, due_on=date(2026, 10, 23)),))
    assert dates_of(moved, extensions=[own]).due_at == utc("2026-10-23 21:59")


def test_a_negative_shift_counts_only_where_earlier_was_chosen() -> None:
    assert dates_of(cohort(), extensions=[grant(shift_days=-2)]) == dates_of(cohort())
    chosen = dates_of(cohort(), extensions=[grant(shift_days=-2, allow_earlier=True)])
    assert chosen.due_at == utc("2026-10-16 21:59")


def test_a_due_date_where_nothing_is_due_is_an_earlier_one() -> None:
    rules = cohort(due_offset_days=None)
    assert dates_of(rules, extensions=[grant(due=wall("2026-10-20 23:59"))]).due_at is None
    chosen = dates_of(rules, extensions=[grant(due=wall("2026-10-20 23:59"), allow_earlier=True)])
    assert chosen.due_at == utc("2026-10-20 21:59")


def test_a_due_date_beyond_the_closing_keeps_the_module_open_for_it() -> None:
    rules = cohort(modules=(module(number=1, closes_on=date(2026, 10, 19)),), late_days=3)
    dates = dates_of(rules, extensions=[grant(due=wall("2026-10-25 23:59"))])
    assert dates.due_at == dates.late_until == dates.closes_at == utc("2026-10-25 22:59")


def test_a_personal_closing_date_counts_only_where_later_unless_earlier_was_chosen() -> None:
    rules = cohort(close_days=5)
    later, sooner = wall("2026-10-30 23:59"), wall("2026-10-20 23:59")
    assert dates_of(rules, extensions=[grant(closes=later)]).closes_at == utc("2026-10-30 22:59")
    assert dates_of(rules, extensions=[grant(closes=sooner)]) == dates_of(rules)
    assert dates_of(rules, extensions=[grant(closes=sooner, allow_earlier=True)]).closes_at == utc("2026-10-20 21:59")
    assert dates_of(cohort(), extensions=[grant(closes=later)]).closes_at is None


def test_a_grant_for_one_module_leaves_the_others_alone() -> None:
    own = grant(shift_days=3, module_number=2)
    assert dates_of(cohort(), 1, extensions=[own]) == dates_of(cohort(), 1)
    assert dates_of(cohort(), 2, extensions=[own]).due_at == utc("2026-10-28 22:59")


def test_a_grant_holds_from_its_granting_until_it_expires() -> None:
    own = grant(shift_days=3, expires_at=utc("2026-10-16 12:00"))
    held = [
        dates_of(cohort(), at=at, extensions=[own]) != dates_of(cohort())
        for at in ("2026-10-14 11:59", "2026-10-14 12:00", "2026-10-16 11:59:59", "2026-10-16 12:00")
    ]
    assert held == [False, True, True, False]


def test_open_all_opens_every_module_from_the_grant_on_and_leaves_due_dates() -> None:
    own = grant(opens_all=True, key="all")
    third = dates_of(cohort(), 3, extensions=[own])
    assert (third.opens_at, third.opens_why.kind, third.opens_why.key) == (
        utc("2026-10-14 12:00"),
        ReasonKind.OPENED_FOR_PERSON,
        "all",
    )
    assert third.due_at == dates_of(cohort(), 3).due_at
    assert dates_of(cohort(), 1, extensions=[own]) == dates_of(cohort(), 1)


def test_open_all_moves_no_closing_even_where_the_rule_closes_before_it_opens() -> None:
    rules = cohort(due_offset_days=None, close_days=0, due_time=time(1))
    assert dates_of(rules, 2, extensions=[grant(opens_all=True)]).closes_at == dates_of(rules, 2).closes_at


def test_of_two_grants_of_one_instant_the_same_decides_in_either_order() -> None:
    both = [grant(opens_all=True, key="a"), grant(opens_all=True, key="b")]
    assert dates_of(cohort(), 3, extensions=both) == dates_of(cohort(), 3, extensions=both[::-1])


def test_a_pause_moves_what_lies_after_its_start_and_leaves_what_is_open() -> None:
    own = grant(pause_first=date(2026, 10, 15), pause_last=date(2026, 10, 21), key="p")
    first, second = (dates_of(cohort(late_days=1, close_days=3), n, extensions=[own]) for n in (1, 2))
    assert (first.opens_at, first.due_at) == (utc("2026-10-12 07:00"), utc("2026-10-25 22:59"))
    assert (first.late_until, first.closes_at) == (utc("2026-10-26 22:59"), utc("2026-10-28 22:59"))
    assert (second.opens_at, second.due_at) == (utc("2026-10-26 08:00"), utc("2026-11-01 22:59"))
    assert (second.opens_why.kind, second.due_why.key) == (ReasonKind.OWN_PAUSE, "p")


def test_a_pause_dated_back_gives_time_but_locks_nothing() -> None:
    own = grant(pause_first=date(2026, 10, 12), pause_last=date(2026, 10, 18))
    dates = dates_of(cohort(), 1, extensions=[own])
    assert (dates.opens_at, dates.due_at) == (utc("2026-10-12 07:00"), utc("2026-10-25 22:59"))


def test_a_closing_after_the_start_of_a_pause_moves_even_where_the_due_date_was_before() -> None:
    own = grant(pause_first=date(2026, 10, 20), pause_last=date(2026, 10, 24))
    dates = dates_of(cohort(close_days=10), 1, extensions=[own])
    assert (dates.due_at, dates.closes_at) == (utc("2026-10-18 21:59"), utc("2026-11-02 22:59"))


def test_nothing_opens_or_falls_due_while_a_pause_has_no_end() -> None:
    own = grant(pause_first=date(2026, 10, 15))
    for day in range(200):
        now = utc("2026-10-15 00:00") + timedelta(days=day, hours=day % 24)
        dates = effective_dates(cohort(), 2, now=now, extensions=[own])
        assert dates.opens_at > now
        assert dates.due_at is not None
        assert dates.due_at > now


def test_ending_a_pause_fixes_the_dates_that_were_shown_on_its_last_day() -> None:
    going, ended = (
        grant(pause_first=date(2026, 10, 15)),
        grant(pause_first=date(2026, 10, 15), pause_last=date(2026, 10, 20)),
    )
    shown = dates_of(cohort(), 2, at="2026-10-20 12:00", extensions=[going])
    assert dates_of(cohort(), 2, at="2027-01-01 00:00", extensions=[ended]) == shown


def test_the_person_goes_before_the_section() -> None:
    section = SectionRules(due_time=time(12))
    dates = dates_of(cohort(), section=section, extensions=[grant(due=wall("2026-10-19 09:00"))])
    assert (dates.due_at, dates.due_why.kind) == (utc("2026-10-19 07:00"), ReasonKind.OWN_DATE)


FAR = utc("9999-01-01 00:00")


def ends(dates: EffectiveDates) -> tuple[datetime, ...]:
    """Due, late and closing with "never" as the far future."""
    return tuple(at or FAR for at in (dates.due_at, dates.late_until, dates.closes_at))


@given(cohorts(), sections(), INSTANTS, st.lists(grants(), max_size=3), grants(earlier=False), INSTANTS)
@settings(max_examples=100, deadline=None)
def test_a_further_grant_never_makes_anything_end_earlier(
    rules: CohortRules,
    section: SectionRules | None,
    enrolled: datetime,
    others: list[PersonDates],
    further: PersonDates,
    now: datetime,
) -> None:
    facts = EnrolmentFacts(enrolled)
    without = effective_dates(rules, 1, now=now, section=section, enrolment=facts, extensions=others)
    with_it = effective_dates(rules, 1, now=now, section=section, enrolment=facts, extensions=[*others, further])
    assert all(now_at >= was_at for was_at, now_at in zip(ends(without), ends(with_it), strict=True))


@given(cohorts(), INSTANTS, st.lists(grants(opens_all=False, earlier=False), max_size=4), INSTANTS)
@settings(max_examples=100, deadline=None)
def test_no_grant_opens_a_module_early_unless_it_says_so(
    rules: CohortRules, enrolled: datetime, own: list[PersonDates], now: datetime
) -> None:
    facts = EnrolmentFacts(enrolled)
    plain = effective_dates(rules, 1, now=now, enrolment=facts)
    assert effective_dates(rules, 1, now=now, enrolment=facts, extensions=own).opens_at >= plain.opens_at


@given(cohorts(), INSTANTS, grants(earlier=False), INSTANTS)
@settings(max_examples=100, deadline=None)
def test_no_grant_locks_what_was_open_when_it_was_made(
    rules: CohortRules, enrolled: datetime, own: PersonDates, now: datetime
) -> None:
    facts = EnrolmentFacts(enrolled)
    before = effective_dates(rules, 1, now=own.granted_at, enrolment=facts)
    if is_open(before, own.granted_at):
        after = effective_dates(rules, 1, now=max(now, own.granted_at), enrolment=facts, extensions=[own])
        assert after.opens_at <= before.opens_at


@given(cohorts(), st.lists(grants(), max_size=4), INSTANTS)
@settings(max_examples=150, deadline=None)
def test_personal_dates_are_in_order_and_do_not_hang_on_the_order_given(
    rules: CohortRules, own: list[PersonDates], now: datetime
) -> None:
    unique = [replace(g, key=f"{n}") for n, g in enumerate(own)]
    dates = effective_dates(rules, 1, now=now, extensions=unique)
    given = [d for d in (dates.opens_at, dates.due_at, dates.late_until, dates.closes_at) if d is not None]
    assert given == sorted(given)
    assert dates == effective_dates(rules, 1, now=now, extensions=unique[::-1])
