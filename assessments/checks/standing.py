"""How a learner stands with a knowledge check, from the tries of every attempt. Pure."""

from collections.abc import Sequence
from datetime import datetime

from assessments.evidence.models import SubmissionState
from assessments.evidence.standing import Attempt
from fourweek.language import _, n_
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Done:
    """One try; `attempt` is of the submission it belongs to. `right` and `passed` once it is finished."""

    id: str
    submission_id: str
    attempt: int
    number: int
    begun_at: datetime
    finished_at: datetime | None
    asked: int
    needed: int
    right: int | None
    passed: bool | None

    @property
    def result(self) -> str:
        """The result as receipts name it, in English; "" while it is not finished."""
        if self.finished_at is None:
            return ""
        return f"{self.right} of {self.asked} right, try {self.number}"

    @property
    def verdict(self) -> str:
        """The result in whole sentences."""
        if self.finished_at is None:
            return _("Not finished.")
        return n_(
            "{right} of {asked} right; {count} is needed.",
            "{right} of {asked} right; {count} are needed.",
            self.needed,
            right=self.right,
            asked=self.asked,
        )


@dataclass(frozen=True, slots=True)
class CheckStanding:
    """`passed_by` is the first try that passed, in this or an earlier attempt; `open` the try that is worked on.

    `next` numbers the try that would begin; `left` is None where there is no limit.
    """

    passed_by: Done | None
    open: Done | None
    last: Done | None
    next: int
    left: int | None

    @property
    def may_begin(self) -> bool:
        """Whether another try may begin, as far as the tries decide it."""
        return self.passed_by is None and self.open is None and self.left != 0

    @property
    def settled(self) -> Done | None:
        """The try that stands in the evidence: the one that passed, or the last one when no more may be begun."""
        if self.passed_by is not None:
            return self.passed_by
        return self.last if self.left == 0 and self.open is None else None

    @property
    def words(self) -> str:
        """What stands now, for the learner: "6 of 8 right; 7 are needed. 2 tries left."."""
        if (one := self.passed_by) is not None:
            return _(
                "Passed: {right} of {asked} right, try {number}.", right=one.right, asked=one.asked, number=one.number
            )
        if self.open is not None:
            return _("Try {number} is begun and not checked yet.", number=self.open.number)
        if self.last is None:
            return _("Not begun.")
        return f"{self.last.verdict} {say_left(self.left)}".rstrip()


def say_left(left: int | None) -> str:
    """How many tries are left, in words; "" where there is no limit."""
    if left is None:
        return ""
    return n_("{count} try left.", "{count} tries left.", left) if left else _("All tries are used.")


def standing(tries: Sequence[Done], attempts: Sequence[Attempt], number: int, max_tries: int | None) -> CheckStanding:
    """How things stand in attempt `number`, from all tries and attempts of one person, oldest first.

    Passing once is enough for every later attempt. The limit holds for each attempt; one that was withdrawn was not
    judged, so that its tries count in the one that follows.
    """
    known = [one for one in tries if one.attempt <= number]
    judged = _judged_before(attempts, number)
    counted = [one for one in known if one.attempt > judged]
    finished = [one for one in counted if one.finished_at is not None]
    passed = next((one for one in known if one.passed), None)
    mine = [one for one in counted if one.attempt == number]
    is_open = mine[-1] if mine and mine[-1].finished_at is None else None
    left = None if max_tries is None else max(0, max_tries - len(finished) - (is_open is not None))
    newest = counted[-1].number if counted else 0
    return CheckStanding(passed, is_open, finished[-1] if finished else None, newest + 1, left)


def _judged_before(attempts: Sequence[Attempt], number: int) -> int:
    """The last attempt before this one that was not withdrawn, 0 for none."""
    before = (one.number for one in attempts if one.number < number and one.state is not SubmissionState.WITHDRAWN)
    return max(before, default=0)
