"""What a change of dates is called: for those who make it, and in the mail to those it concerns."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from courses.schedule.changes import Concern, Move, concerns
from courses.schedule.reasons import ReasonKind
from courses.schedule.walltime import is_past
from courses.schedule.words import say_instant
from fourweek.language import N_, _
from fourweek.language.lists import all_of

CONCERNS = {
    Concern.OPENS_AT_ONCE: N_("Module {number} would open at once."),
    Concern.OPENS_EARLIER: N_("Module {number} would open earlier than it was said."),
    Concern.CLOSES_AT_ONCE: N_("Module {number} would be closed at once: nothing more can be handed in."),
    Concern.CLOSES_EARLIER: N_("Module {number} would close earlier."),
    Concern.DUE_AT_ONCE: N_("The due date of module {number} would be past at once, and what comes in now late."),
    Concern.DUE_EARLIER: N_("Work of module {number} would be due earlier."),
}

OPENS, DUE = (N_("opens {when}"), ""), (N_("due {when}"), N_("due at no date"))
LATE, CLOSES = (
    (N_("late work until {when}"), N_("late work until no date")),
    (N_("closes {when}"), N_("closes at no date")),
)
"""What is said of a date that moved, and where there is none any more."""


def warnings(moves: tuple[Move, ...], now: datetime) -> Iterator[str]:
    for move in moves:
        yield from (_(CONCERNS[concern], number=move.number) for concern in concerns(move, now))


def stay_open(moves: tuple[Move, ...]) -> str:
    """Which modules stay open although the new rule opens them later; "" where there are none."""
    kept = [str(move.number) for move in moves if move.after.opens_why.kind is ReasonKind.KEPT_OPEN]
    if not kept:
        return ""
    if len(kept) == 1:
        return _("Module {number} is open already and stays open.", number=kept[0])
    return _("Modules {numbers} are open already and stay open.", numbers=all_of(kept))


def moved_line(move: Move, where: ZoneInfo, viewer: ZoneInfo, now: datetime) -> str:
    """Such as "Module 2: opens …; due …", with the dates that moved and still matter; "" where none does."""
    parts = [
        _(said[0], when=say_instant(new, where, viewer)) if new else _(said[1])
        for (old, new), said in zip(move.pairs, (OPENS, DUE, LATE, CLOSES), strict=True)
        if old != new
        and not (is_past(now, old) and is_past(now, new))
        and not (said is LATE and new == move.after.due_at)
    ]
    return _("Module {number}: {what}", number=move.number, what=_("; ").join(parts)) if parts else ""
