"""Who needs a word, and why."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from courses.coursework import Verdict, Work, WorkState
from courses.leading.rules import Clocks, Concern, Learner, reasons
from courses.schedule.reasons import ReasonKind, because
from courses.schedule.rules import EffectiveDates

OPENED = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
DUE = OPENED + 6 * DAY
LATE = DUE + 3 * DAY
WHY = because(ReasonKind.COHORT)
DATES = EffectiveDates(OPENED, DUE, LATE, None, WHY, WHY, WHY, WHY)


def _work(state: WorkState = WorkState.NOT_STARTED, **more: Any) -> Work:
    return Work("a", "note", "Note", 1, True, state, **more)


def _verdict(at: datetime) -> Verdict:
    return Verdict("d", 1, True, "Read with care.", at)


def _why(work: Work, now: datetime, dates: EffectiveDates = DATES, **changes: Any) -> list[tuple[Concern, str]]:
    values: dict[str, Any] = {"seen_at": now, "enrolled_at": OPENED, "missed": ()} | changes
    learner = Learner("Alice", [work], [dates], **values)
    return [(one.concern, one.words) for one in reasons(learner, Clocks(now, now))]


def test_behind_begins_with_the_minute_after_the_due_one() -> None:
    minute = timedelta(minutes=1)
    assert _why(_work(), DUE + minute - SECOND) == []
    assert _why(_work(), DUE + minute) == [
        (Concern.BEHIND, "Note was due 1 minute ago and is not in; it is still taken")
    ]
    assert _why(_work(), LATE + DAY) == [
        (Concern.BEHIND, "Note was due 4 days ago and is not in; it is no longer taken")
    ]


@pytest.mark.parametrize("state", [WorkState.SUBMITTED, WorkState.DEMONSTRATED, WorkState.RETURNED])
def test_what_came_in_is_not_behind(state: WorkState) -> None:
    assert _why(_work(state, submitted_at=LATE), LATE + DAY) == []


def test_optional_and_locked_work_is_no_reason() -> None:
    optional = Work("a", "note", "Note", 1, False, WorkState.NOT_STARTED)
    assert _why(optional, LATE + DAY) == []
    later = EffectiveDates(OPENED + 90 * DAY, DUE, LATE, None, WHY, WHY, WHY, WHY)
    assert _why(_work(), LATE + DAY, later) == []


def test_stuck_by_what_came_back() -> None:
    once = _work(WorkState.NOT_YET, submitted_at=DUE, came_back=1, verdict=_verdict(DUE))
    assert _why(once, DUE + 5 * DAY - SECOND) == []
    assert _why(once, DUE + 5 * DAY) == [(Concern.STUCK, "Note came back 5 days ago, and nothing was begun since")]
    twice = _work(WorkState.RETURNED, submitted_at=DUE, came_back=2, verdict=_verdict(DUE))
    assert _why(twice, DUE + HOUR) == [(Concern.STUCK, "Note came back 2 times")]
    last = _work(WorkState.NOT_YET, submitted_at=DUE, came_back=2, attempts_left=0, verdict=_verdict(DUE))
    assert _why(last, DUE + HOUR) == [(Concern.STUCK, "Note came back, and no attempt is left")]
    met = _work(WorkState.DEMONSTRATED, submitted_at=DUE, came_back=3, verdict=_verdict(DUE))
    assert _why(met, DUE + 90 * DAY) == []


def test_stuck_with_a_draft_that_is_due_soon_and_was_left() -> None:
    draft = _work(WorkState.DRAFT, saved_at=OPENED)
    assert _why(draft, OPENED + 5 * DAY - SECOND) == []
    assert _why(draft, OPENED + 5 * DAY) == [
        (Concern.STUCK, "Note is a draft that was last saved 5 days ago, due in 24 hours")
    ]
    far = EffectiveDates(OPENED, OPENED + 30 * DAY, None, None, WHY, WHY, WHY, WHY)
    assert _why(draft, OPENED + 6 * DAY, far) == []


def test_a_long_wait_for_a_grader_is_said() -> None:
    sent = _work(WorkState.SUBMITTED, submitted_at=OPENED)
    assert _why(sent, OPENED + 5 * DAY - SECOND) == []
    assert _why(sent, OPENED + 5 * DAY) == [(Concern.WAITING, "Note came in 5 days ago")]


def test_unseen_counts_from_what_was_open_by_the_real_clock() -> None:
    met = _work(WorkState.DEMONSTRATED)
    week = OPENED + 7 * DAY
    assert _why(met, week - SECOND, seen_at=None) == []
    assert _why(met, week, seen_at=None) == [(Concern.UNSEEN, "Has never signed in")]
    assert _why(met, week, seen_at=None, enrolled_at=OPENED + DAY) == []
    assert _why(met, week, seen_at=OPENED) == [(Concern.UNSEEN, "Last seen 7 days ago")]
    assert _why(met, week, seen_at=OPENED + SECOND) == []
    learner = Learner("Alice", [met], [DATES], (), OPENED, OPENED)
    assert reasons(learner, Clocks(school=week + 90 * DAY, real=OPENED + DAY)) == ()


def test_missed_sessions_are_named_with_their_module() -> None:
    learner = Learner("Alice", [], [DATES], [(2, "Evening clinic")], OPENED, OPENED)
    (reason,) = reasons(learner, Clocks(OPENED, OPENED))
    assert (reason.concern, reason.module_number, reason.words) == (Concern.ATTENDANCE, 2, "Not at “Evening clinic”")
