"""What stands in the way of a save."""

from datetime import datetime

from assessments.grading.models import Purpose
from assessments.grading.rules import Scoring
from fourweek.errors import Conflict, Forbidden
from fourweek.language import N_, _
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """A grader's stored rating: `version` rises with each save; one that is `done` is not saved over.

    `note` is one for other graders that was being typed.
    """

    id: str
    version: int
    saved_at: datetime
    scoring: Scoring
    done: bool = False
    purpose: Purpose = Purpose.FIRST
    note: str = ""


class Clashed(Conflict):
    """A save that does not fit what is stored. Nothing was written; what was typed goes back to the page.

    `kept` is the grader's own stored rating; `over` its version where it may be replaced on purpose;
    `claimable` says that the submission is free and may be claimed again.
    """

    title = N_("This was not saved")

    def __init__(
        self, message: str, *, kept: Kept | None = None, over: int | None = None, claimable: bool = False
    ) -> None:
        self.kept = kept
        self.over = over
        self.claimable = claimable
        super().__init__(message, what_to_do=_("What you typed is still on this page."))


class NoGraderAnyMore(Forbidden):
    """Somebody who graded in a cohort and does not any more. What they typed goes back to them."""

    title = N_("You do not grade here any more")
    what_to_do = N_("Ask the person who leads the course if you think you should. What you typed stays yours.")

    def __init__(self) -> None:
        super().__init__(_("Your role in this cohort ended, so nothing was saved."))
