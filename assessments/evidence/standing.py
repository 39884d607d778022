"""How a learner stands with one assignment, from its attempts. Pure; knows posted decisions only."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from assessments.evidence.models import SubmissionState
from assessments.grading.models import Outcome
from courses.coursework import WorkState
from fourweek.light import dataclass

WAITING, DRAFT = WorkState.SUBMITTED, WorkState.DRAFT
BY_OUTCOME = {
    Outcome.DEMONSTRATED: WorkState.DEMONSTRATED,
    Outcome.NOT_YET: WorkState.NOT_YET,
    Outcome.RETURNED_INCOMPLETE: WorkState.RETURNED,
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt; `outcome` is of the decision that holds and is posted, None while there is none.

    `withdrawn_at` is when its learner took it back.
    """

    number: int
    state: SubmissionState
    submitted_at: datetime | None = None
    late: bool = False
    outcome: Outcome | None = None
    withdrawn_at: datetime | None = None

    @property
    def is_draft(self) -> bool:
        return self.state is SubmissionState.DRAFT

    @property
    def is_withdrawn(self) -> bool:
        return self.state is SubmissionState.WITHDRAWN

    @property
    def counts(self) -> bool:
        """Whether it was handed in and not taken back."""
        return not (self.is_draft or self.is_withdrawn)


def as_of(attempt: Attempt, now: datetime) -> Attempt:
    """The attempt as it stood at `now`: what was handed in after it was a draft then, what was taken back waited."""
    if attempt.submitted_at is None or attempt.submitted_at <= now:
        waited = attempt.withdrawn_at is not None and attempt.withdrawn_at > now
        return replace(attempt, state=SubmissionState.SUBMITTED, withdrawn_at=None) if waited else attempt
    return replace(attempt, state=SubmissionState.DRAFT, submitted_at=None, late=False, withdrawn_at=None)


def standing(attempts: Sequence[Attempt]) -> WorkState:
    """The state of an assignment with these attempts, oldest first. What was once demonstrated stays so."""
    attempts = [attempt for attempt in attempts if not attempt.is_withdrawn]
    if not attempts:
        return WorkState.NOT_STARTED
    if any(attempt.outcome is Outcome.DEMONSTRATED for attempt in attempts):
        return WorkState.DEMONSTRATED
    newest = attempts[-1]
    if newest.is_draft:
        return WorkState.DRAFT
    return WorkState.SUBMITTED if newest.outcome is None else BY_OUTCOME[newest.outcome]


def used(attempts: Sequence[Attempt]) -> int:
    """How many attempts were used up: all that were handed in, but those returned incomplete or taken back."""
    handed_in = [attempt for attempt in attempts if attempt.counts]
    return sum(attempt.outcome is not Outcome.RETURNED_INCOMPLETE for attempt in handed_in)


def last_handed_in(attempts: Sequence[Attempt]) -> Attempt | None:
    """The newest attempt that was handed in and not taken back."""
    return next((attempt for attempt in reversed(attempts) if attempt.counts), None)


def is_first(attempts: Sequence[Attempt], number: int) -> bool:
    """Whether attempt `number` is the first by the dates: what was taken back before it changes nothing of that."""
    return not any(attempt.counts for attempt in attempts if attempt.number < number)


def may_begin(attempts: Sequence[Attempt], max_attempts: int | None) -> bool:
    """Whether another attempt may be begun: none yet, or the newest came back and the limit is not reached."""
    if standing(attempts) not in (WorkState.NOT_STARTED, WorkState.RETURNED, WorkState.NOT_YET):
        return False
    return max_attempts is None or used(attempts) < max_attempts


def limit_with(max_attempts: int | None, granted: int) -> int | None:
    """The limit of attempts with those that were granted beyond it; None where there is none."""
    return None if max_attempts is None else max_attempts + granted


def is_at_end(attempts: Sequence[Attempt], limit: int | None) -> bool:
    """Whether all attempts are used and the newest posted outcome is not demonstrated: a coaching comes next."""
    came_back = standing(attempts) in (WorkState.RETURNED, WorkState.NOT_YET)
    return came_back and limit is not None and used(attempts) >= limit
