"""What somebody was called, and which of it may be shown. Pure."""

from collections.abc import Sequence
from datetime import date, datetime

from assessments.names.models import NameChangeKind
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """An approved change: `former` was the name before it, `at` is when it was approved (real clock)."""

    kind: NameChangeKind
    former: str
    at: datetime
    suppress: bool = False


@dataclass(frozen=True, slots=True)
class FormerName:
    """A legal name that held up to `until`, the day on which it was changed (UTC)."""

    name: str
    until: date


def shown_steps(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The changes whose former name may be shown; `steps` stand in the order in which they were approved.

    A name that was never right is not a former name. A change that suppresses its former name suppresses every name
    before it too: an older name leads to the same person.
    """
    last = max((at for at, step in enumerate(steps) if step.suppress), default=-1)
    hidden = {step.former.casefold() for step in steps if step.suppress}
    return tuple(
        step
        for step in steps[last + 1 :]
        if step.kind is NameChangeKind.CHANGE and step.former.casefold() not in hidden
    )


def former_names(steps: Sequence[Step], now_called: str) -> tuple[FormerName, ...]:
    """The former names that may be shown, oldest first, without the one that is the legal name (again)."""
    shown = (FormerName(step.former, step.at.date()) for step in shown_steps(steps))
    return tuple(one for one in shown if one.name != now_called)


def name_on(steps: Sequence[Step], now_called: str, day: date) -> str:
    """The legal name on a day, as far as it may be shown; `now_called` where it may not.

    On the day of a change the new name holds already.
    """
    shown = shown_steps(steps)
    step = next((step for step in steps if step.kind is NameChangeKind.CHANGE and step.at.date() > day), None)
    if step is None or step not in shown:
        return now_called
    return step.former
