"""Changing rules: what moves, what is said of it, and what stays open."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from courses.schedule.changes import Concern, Move, concerns, kept_open, moves
from courses.schedule.rules import all_dates, is_open
from courses.schedule.terms import CohortRules, KeptOpen, Pacing, SectionRules
from tests.courses.schedule.factories import INSTANTS, cohort, cohorts, sections, utc, wall

BEFORE, RUNNING = utc("2026-10-01 12:00"), utc("2026-10-21 12:00")
"""Before the cohort starts; and in its second week, with the first one's work past due since Sunday."""


def change(now: datetime, **changes: object) -> tuple[Move, ...]:
    old = cohort(late_days=0, close_days=14)
    new = replace(old, **changes)  # type: ignore[arg-type]
    new = replace(new, kept_open=kept_open(old, new, now))
    return moves(all_dates(old, now=now), all_dates(new, now=now))


def said(now: datetime, **changes: object) -> list[list[Concern]]:
    return [list(concerns(one, now)) for one in change(now, **changes)]


def test_nothing_moves_without_a_change() -> None:
    assert [one.moved for one in change(RUNNING)] == [False] * 4
    assert said(RUNNING) == [[]] * 4


def test_a_later_start_moves_everything_and_keeps_open_what_is_open() -> None:
    found = change(RUNNING, start_date=date(2026, 11, 2))
    assert [one.after.opens_at == one.before.opens_at for one in found] == [True, True, False, False]
    assert [one.moved for one in found] == [True] * 4
    assert found[0].after.due_at == utc("2026-11-08 22:59")
    assert [list(concerns(one, RUNNING)) for one in found] == [[]] * 4


def test_only_what_lies_ahead_or_lay_ahead_matters() -> None:
    assert [one.matters(RUNNING) for one in change(RUNNING, due_offset_days=5)] == [True] * 4
    plain = [one.matters(RUNNING) for one in change(RUNNING, due_offset_days=5, close_days=15)]
    assert plain == [False, True, True, True]


def test_what_becomes_earlier_is_said() -> None:
    assert said(BEFORE, due_offset_days=5, close_days=15) == [[Concern.DUE_EARLIER]] * 4
    assert said(BEFORE, close_days=3) == [[Concern.CLOSES_EARLIER]] * 4
    assert said(BEFORE, start_date=date(2026, 10, 5))[0] == [
        Concern.OPENS_EARLIER,
        Concern.CLOSES_EARLIER,
        Concern.DUE_EARLIER,
    ]


def test_what_would_be_past_or_open_at_once_is_said() -> None:
    assert said(RUNNING, due_offset_days=0, close_days=0) == [
        [Concern.CLOSES_AT_ONCE],
        [Concern.CLOSES_AT_ONCE, Concern.DUE_AT_ONCE],
        [Concern.CLOSES_EARLIER, Concern.DUE_EARLIER],
        [Concern.CLOSES_EARLIER, Concern.DUE_EARLIER],
    ]
    assert said(RUNNING, start_date=date(2026, 10, 5))[2][0] is Concern.OPENS_AT_ONCE


def test_a_due_date_where_nothing_was_due_is_an_earlier_one() -> None:
    old, new = cohort(due_offset_days=None), cohort()
    (first, *_) = moves(all_dates(old, now=BEFORE), all_dates(new, now=BEFORE))
    assert list(concerns(first, BEFORE)) == [Concern.DUE_EARLIER]


def test_a_changed_zone_locks_nothing() -> None:
    opened = utc("2026-10-12 07:30")
    new = cohort(zone="America/New_York")
    kept = kept_open(cohort(), new, opened)
    assert kept == (KeptOpen(1, wall("2026-10-12 03:00")),)
    assert is_open(all_dates(replace(new, kept_open=kept), now=opened)[0], opened)


def test_a_second_change_keeps_what_the_first_kept_and_forgets_it_when_no_longer_needed() -> None:
    first = cohort(start_date=date(2026, 11, 2))
    first = replace(first, kept_open=kept_open(cohort(), first, RUNNING))
    second = cohort(start_date=date(2026, 11, 9))
    assert kept_open(first, second, RUNNING) == first.kept_open
    assert len(first.kept_open) == 2
    assert kept_open(first, cohort(), RUNNING) == ()


def test_at_ones_own_pace_nothing_is_kept_for_the_group() -> None:
    assert kept_open(cohort(), cohort(start_date=date(2026, 11, 2), pacing=Pacing.ENROLMENT), RUNNING) == ()


@given(cohorts(), cohorts(), sections(), sections(), INSTANTS)
@settings(max_examples=150, deadline=None)
def test_no_change_of_rules_locks_what_is_open_or_opens_what_neither_rule_opens(
    old: CohortRules, new: CohortRules, before: SectionRules | None, after: SectionRules | None, now: datetime
) -> None:
    old, new = (replace(one, module_count=3, pacing=Pacing.COHORT) for one in (old, new))
    kept = kept_open(old, new, now, old_section=before, new_section=after)
    fixed = replace(after or SectionRules(), kept_open=kept)
    was, bare, will = (
        all_dates(rules, now=now, section=section) for rules, section in ((old, before), (new, after), (new, fixed))
    )
    for one, plain, other in zip(was, bare, will, strict=True):
        assert is_open(other, now) == (is_open(one, now) or is_open(plain, now))
        later = now + timedelta(days=3)
        assert is_open(other, later) == (is_open(one, now) or is_open(plain, later))


@given(cohorts(), INSTANTS, st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_moving_the_start_on_keeps_due_dates_by_the_rule(old: CohortRules, now: datetime, days: int) -> None:
    old = replace(old, pacing=Pacing.COHORT)
    new = replace(old, start_date=old.start_date + timedelta(days=days))
    kept = replace(new, kept_open=kept_open(old, new, now))
    for one, other in zip(all_dates(new, now=now), all_dates(kept, now=now), strict=True):
        if one.due_at == one.opens_at:  # due before its own release, which no cohort may be: the release held it back
            continue
        assert one.due_at == other.due_at
        if one.due_at is not None:  # where nothing is due, closing is counted from the opening, which stays
            assert one.closes_at == other.closes_at
