"""How a learner stands: pure rules over dates and posted states."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from courses.coursework import Work, WorkState
from courses.progress.rules import Standing, Until, deadline, is_taken, standing
from courses.schedule.reasons import ReasonKind, because
from courses.schedule.rules import EffectiveDates

OPENS = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
DUE = OPENS + 6 * DAY
LATE = DUE + 3 * DAY
CLOSES = DUE + 20 * DAY
WHY = because(ReasonKind.COHORT)
DATES = EffectiveDates(OPENS, DUE, LATE, CLOSES, WHY, WHY, WHY, WHY)
NO_DATES = EffectiveDates(OPENS, None, None, None, WHY, WHY, WHY, WHY)


def work(state: WorkState, *, required: bool = True, module: int = 1, sent: bool | None = None) -> Work:
    back = {WorkState.SUBMITTED, WorkState.RETURNED, WorkState.NOT_YET, WorkState.DEMONSTRATED}
    came = sent if sent is not None else state in back
    return Work("id", "note", "Note", module, required, state, submitted_at=OPENS + DAY if came else None)


@pytest.mark.parametrize(
    ("state", "now", "expected"),
    [
        (WorkState.DEMONSTRATED, OPENS - MINUTE, Standing.LOCKED),
        (WorkState.NOT_STARTED, OPENS, Standing.OPEN),
        (WorkState.DRAFT, DUE - 2 * DAY, Standing.DUE_SOON),
        (WorkState.NOT_STARTED, DUE + MINUTE, Standing.LATE),
        (WorkState.NOT_STARTED, LATE + MINUTE, Standing.CLOSED),
        (WorkState.SUBMITTED, OPENS + DAY, Standing.WAITING),
        (WorkState.SUBMITTED, CLOSES + DAY, Standing.WAITING),
        (WorkState.RETURNED, LATE + DAY, Standing.ASKED_AGAIN),
        (WorkState.NOT_YET, OPENS + DAY, Standing.ASKED_AGAIN),
        (WorkState.NOT_YET, CLOSES + MINUTE, Standing.CLOSED),
        (WorkState.DEMONSTRATED, OPENS + DAY, Standing.COMPLETE),
        (WorkState.DEMONSTRATED, CLOSES + DAY, Standing.COMPLETE),
    ],
)
def test_standing_of_one_required_work(state: WorkState, now: datetime, expected: Standing) -> None:
    assert standing([work(state)], 1, DATES, (), now) is expected


def test_standing_draft_of_a_further_attempt_asks_again() -> None:
    assert standing([work(WorkState.DRAFT, sent=True)], 1, DATES, (), LATE + DAY) is Standing.ASKED_AGAIN


def test_standing_without_an_attempt_left_asks_for_nothing() -> None:
    used_up = replace(work(WorkState.NOT_YET), attempts_left=0)
    assert standing([used_up], 1, DATES, (), OPENS + DAY) is Standing.USED_UP
    assert (is_taken(used_up, DATES, OPENS + DAY), deadline(used_up, DATES, OPENS + DAY)) == (False, None)
    assert standing([used_up, work(WorkState.SUBMITTED)], 1, DATES, (), OPENS) is Standing.WAITING
    assert standing([used_up, work(WorkState.NOT_STARTED)], 1, DATES, (), OPENS) is Standing.OPEN
    one_left = replace(used_up, attempts_left=1)
    assert standing([one_left], 1, DATES, (), OPENS + DAY) is Standing.ASKED_AGAIN


def test_standing_lets_a_draft_that_was_begun_be_finished() -> None:
    begun = replace(work(WorkState.DRAFT, sent=True), attempts_left=0)
    assert standing([begun], 1, DATES, (), OPENS + DAY) is Standing.ASKED_AGAIN


def test_standing_waits_only_when_everything_required_waits() -> None:
    both = [work(WorkState.SUBMITTED), work(WorkState.NOT_STARTED)]
    assert standing(both, 1, DATES, (), OPENS) is Standing.OPEN
    optional = [work(WorkState.SUBMITTED), work(WorkState.NOT_STARTED, required=False)]
    assert standing(optional, 1, DATES, (), OPENS) is Standing.WAITING


def test_standing_looks_at_its_own_module_only() -> None:
    works = [work(WorkState.DEMONSTRATED, module=1), work(WorkState.NOT_STARTED, module=2)]
    assert standing(works, 1, DATES, (), OPENS) is Standing.COMPLETE
    assert standing(works, 2, DATES, (), OPENS) is Standing.OPEN
    assert standing([], 1, DATES, (), OPENS) is Standing.OPEN


@pytest.mark.parametrize(
    ("state", "now", "expected"),
    [
        (WorkState.NOT_STARTED, OPENS - MINUTE, None),
        (WorkState.NOT_STARTED, OPENS, (Until.DUE, DUE)),
        (WorkState.DRAFT, DUE, (Until.DUE, DUE)),
        (WorkState.DRAFT, DUE + MINUTE, (Until.LATE, LATE)),
        (WorkState.DRAFT, LATE + MINUTE, None),
        (WorkState.NOT_YET, OPENS + DAY, (Until.AGAIN, CLOSES)),
        (WorkState.RETURNED, CLOSES + MINUTE, None),
        (WorkState.SUBMITTED, OPENS + DAY, None),
        (WorkState.DEMONSTRATED, OPENS + DAY, None),
    ],
)
def test_deadline_says_what_ends_next(state: WorkState, now: datetime, expected: tuple[Until, datetime] | None) -> None:
    assert deadline(work(state), DATES, now) == expected


def test_without_dates_work_is_taken_and_nothing_ends() -> None:
    assert is_taken(work(WorkState.NOT_YET), NO_DATES, OPENS)
    assert deadline(work(WorkState.NOT_STARTED), NO_DATES, OPENS) is None
    assert deadline(work(WorkState.NOT_YET), NO_DATES, OPENS) is None
