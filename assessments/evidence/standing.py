"""How a learner stands with one assignment, from its attempts. Pure; knows posted decisions only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assessments.evidence.models import SubmissionState
from assessments.grading.models import Outcome
from courses.coursework import WorkState

WAITING, DRAFT = WorkState.SUBMITTED, WorkState.DRAFT
BY_OUTCOME = {
    Outcome.DEMONSTRATED: WorkState.DEMONSTRATED,
    Outcome.NOT_YET: WorkState.NOT_YET,
    Outcome.RETURNED_INCOMPLETE: WorkState.RETURNED,
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt; `outcome` is of the decision that holds and is posted, None while there is none."""

    number: int
    state: SubmissionState
    submitted_at: datetime | None = None
    late: bool = False
    outcome: Outcome | None = None

    @property
    def is_draft(self) -> bool:
        return self.state is SubmissionState.DRAFT


def as_of(attempt: Attempt, now: datetime) -> Attempt:
    """The attempt as it stood at `now`: what was handed in after it was a draft then."""
    if attempt.submitted_at is None or attempt.submitted_at <= now:
        return attempt
    return replace(attempt, state=SubmissionState.DRAFT, submitted_at=None, late=False)


def standing(attempts: Sequence[Attempt]) -> WorkState:
    """The state of an assignment with these attempts, oldest first. What was once demonstrated stays so."""
    if not attempts:
        return WorkState.NOT_STARTED
    if any(attempt.outcome is Outcome.DEMONSTRATED for attempt in attempts):
        return WorkState.DEMONSTRATED
    newest = attempts[-1]
    if newest.is_draft:
        return WorkState.DRAFT
    return WorkState.SUBMITTED if newest.outcome is None else BY_OUTCOME[newest.outcome]


def used(attempts: Sequence[Attempt]) -> int:
    """How many attempts were used up: all that were handed in, but those returned incomplete."""
    handed_in = [attempt for attempt in attempts if not attempt.is_draft]
    return sum(attempt.outcome is not Outcome.RETURNED_INCOMPLETE for attempt in handed_in)


def last_handed_in(attempts: Sequence[Attempt]) -> Attempt | None:
    return next((attempt for attempt in reversed(attempts) if not attempt.is_draft), None)


def may_begin(attempts: Sequence[Attempt], max_attempts: int | None) -> bool:
    """Whether another attempt may be begun: none yet, or the newest came back and the limit is not reached."""
    if standing(attempts) not in (WorkState.NOT_STARTED, WorkState.RETURNED, WorkState.NOT_YET):
        return False
    return max_attempts is None or used(attempts) < max_attempts
