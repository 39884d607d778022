"""How a learner stands with a module: from its dates and the posted state of its work. Pure."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from courses.coursework import Work, WorkState, module_complete
from courses.schedule.rules import EffectiveDates, ModuleState, is_open, state, takes_attempt
from courses.schedule.walltime import is_past
from fourweek.language import N_


class Standing(StrEnum):
    """Where a module stands for one person, in words that are said with `_` where they are shown."""

    LOCKED = N_("Not open yet")
    OPEN = N_("Open")
    DUE_SOON = N_("Due soon")
    LATE = N_("Late work is still taken")
    CLOSED = N_("Closed")
    USED_UP = N_("No attempt is left")
    ASKED_AGAIN = N_("More evidence is asked for")
    WAITING = N_("Waiting for a grader")
    ATTENDANCE = N_("Attendance is still missing")
    COMPLETE = N_("Complete")


class Until(StrEnum):
    """What ends at a deadline, in words that stand before the date, said as those of `Standing`."""

    DUE = N_("Due")
    LATE = N_("Late work is taken until")
    AGAIN = N_("Another attempt is taken until")


BY_DATE = {
    ModuleState.LOCKED: Standing.LOCKED,
    ModuleState.OPEN: Standing.OPEN,
    ModuleState.DUE_SOON: Standing.DUE_SOON,
    ModuleState.LATE: Standing.LATE,
    ModuleState.CLOSED: Standing.CLOSED,
}
WITH_OTHERS = frozenset({WorkState.SUBMITTED, WorkState.DEMONSTRATED})
CAME_BACK = frozenset({WorkState.NOT_YET, WorkState.RETURNED})


def of_module(works: Sequence[Work], module_number: int) -> tuple[Work, ...]:
    return tuple(work for work in works if work.module_number == module_number)


def is_used_up(work: Work) -> bool:
    """Whether every attempt came back and the limit is reached; a draft that was begun may still be handed in."""
    return work.attempts_left == 0 and work.state in CAME_BACK


def is_to_do(work: Work) -> bool:
    """Whether it is the learner's turn: nothing waits with a grader, it is not demonstrated, an attempt is left."""
    return work.state not in WITH_OTHERS and not is_used_up(work)


def is_again(work: Work) -> bool:
    """Whether it is the learner's turn after an attempt that came back."""
    return is_to_do(work) and work.submitted_at is not None


def is_taken(work: Work, dates: EffectiveDates, now: datetime) -> bool:
    """Whether evidence for it may be handed in now."""
    return is_to_do(work) and takes_attempt(dates, now, first=not is_again(work))


def standing(
    works: Sequence[Work], module_number: int, dates: EffectiveDates, unattended: Collection[int], now: datetime
) -> Standing:
    """How a person with these works (of the whole course) and dates (of this module) stands at `now`.

    `unattended` as `module_complete` wants it.
    """
    if not is_open(dates, now):
        return Standing.LOCKED
    if module_complete(works, module_number, unattended):
        return Standing.COMPLETE
    if module_complete(works, module_number, ()):
        return Standing.ATTENDANCE
    required = [work for work in of_module(works, module_number) if work.required]
    left = [work for work in required if work.state is not WorkState.DEMONSTRATED]
    if any(is_again(work) and is_taken(work, dates, now) for work in left):
        return Standing.ASKED_AGAIN
    if left and not any(is_to_do(work) for work in left):
        return Standing.USED_UP if all(is_used_up(work) for work in left) else Standing.WAITING
    return BY_DATE[state(dates, now)]


def deadline(work: Work, dates: EffectiveDates, now: datetime) -> tuple[Until, datetime] | None:
    """What the learner has to reckon with next for this work; None when nothing is taken or no end is set."""
    if not is_taken(work, dates, now):
        return None
    if is_again(work):
        until, instant = Until.AGAIN, dates.closes_at
    elif is_past(now, dates.due_at):
        until, instant = Until.LATE, dates.late_until
    else:
        until, instant = Until.DUE, dates.due_at
    return None if instant is None else (until, instant)
