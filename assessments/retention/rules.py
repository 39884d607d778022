"""How long evidence is kept, and which of it is over its period. Pure."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from assessments.evidence.models import SubmissionState
from courses.schedule.words import say_day
from fourweek.language import N_, _, n_
from fourweek.light import dataclass
from fourweek.words import say_whole

STAYS = N_("The receipt, what was decided and your record stay.")


class Keeps(StrEnum):
    """Why evidence stays although its period may be over."""

    PERIOD = "its period is not over"
    HOLD = "a legal hold"
    WAITS = "a decision that is not posted"
    COACHING = "a coaching that is open"
    APPEAL = "an appeal that is open"
    RUNNING = "a course that is still going on"


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides about one attempt. `last` is when it was last touched: saved, handed in or taken back.

    `judged`: a decision is posted, and none waits to be. `running`: the enrolment is active, and its cohort not over.
    """

    state: SubmissionState
    last: datetime
    judged: bool
    held: bool
    coached: bool
    running: bool
    appealed: bool = False

    @property
    def waits(self) -> bool:
        """Whether somebody has yet to judge it, or to say what was decided."""
        if self.state is SubmissionState.DECIDED:
            return not self.judged
        return self.state is SubmissionState.SUBMITTED


def kept_until(last: datetime, kept_days: int, where: ZoneInfo) -> date:
    """The last day, in this zone, on which evidence is kept that was handed in (a draft: last saved) at `last`."""
    return last.astimezone(where).date() + timedelta(days=kept_days)


def keeps(facts: Facts, now: datetime, kept_days: int, where: ZoneInfo) -> Keeps | None:
    """Why an attempt's evidence stays; None when its content is to go."""
    if now.astimezone(where).date() <= kept_until(facts.last, kept_days, where):
        return Keeps.PERIOD
    if facts.held:
        return Keeps.HOLD
    if facts.waits:
        return Keeps.WAITS
    if facts.coached:
        return Keeps.COACHING
    if facts.appealed:
        return Keeps.APPEAL
    return Keeps.RUNNING if facts.running else None


@dataclass(frozen=True, slots=True)
class Period:
    """What a learner is told about: when it was handed in (None: not yet), in which zone, and whether it is `gone`."""

    handed_in: datetime | None
    now: datetime
    where: ZoneInfo
    gone: bool = False

    def words(self, kept_days: int) -> str:
        """Such as "Until 22 November 2029. The receipt, what was decided and your record stay."

        What stays beyond its day is said to, without a reason: nobody is told of a legal hold by a page.
        """
        if self.handed_in is None:
            days = n_("{days} day", "{days} days", kept_days, days=say_whole(kept_days))
            return _(
                "For {days} after you hand it in; a draft, for {days} after it was last saved. {stays}",
                days=days,
                stays=_(STAYS),
            )
        until = kept_until(self.handed_in, kept_days, self.where)
        if self.gone:
            return _(
                "Its period ended with {until}; its content was removed. {stays}", until=say_day(until), stays=_(STAYS)
            )
        if self.now.astimezone(self.where).date() > until:
            return _(
                "It was to be kept until {until}, and is still there. {stays}", until=say_day(until), stays=_(STAYS)
            )
        return _("Until {until}. {stays}", until=say_day(until), stays=_(STAYS))
