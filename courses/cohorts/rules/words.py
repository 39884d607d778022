"""What a change of dates is called: for those who make it, and in the mail to those it concerns."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from courses.schedule.changes import Concern, Move, concerns
from courses.schedule.reasons import ReasonKind
from courses.schedule.walltime import is_past
from courses.schedule.words import say_instant
from fourweek.language import N_, _

CONCERNS = {
    Concern.OPENS_AT_ONCE: N_("Module {number} would open at once."),
    Concern.OPENS_EARLIER: N_("Module {number} would open earlier than it was said."),
    Concern.CLOSES_AT_ONCE: N_("Module {number} would be closed at once: nothing more can be handed in."),
    Concern.CLOSES_EARLIER: N_("Module {number} would close earlier."),
    Concern.DUE_AT_ONCE: N_("The due date of module {number} would be past at once, and what comes in now late."),
    Concern.DUE_EARLIER: N_("Work of module {number} would be due earlier."),
}

LATE = "late work until"


def warnings(moves: tuple[Move, ...], now: datetime) -> Iterator[str]:
    for move in moves:
        yield from (CONCERNS[concern].format(number=move.number) for concern in concerns(move, now))


def stay_open(moves: tuple[Move, ...]) -> str:
    """Which modules stay open although the new rule opens them later; "" where there are none."""
    kept = [str(move.number) for move in moves if move.after.opens_why.kind is ReasonKind.KEPT_OPEN]
    if not kept:
        return ""
    *first, last = kept
    which = (
        _("Modules {first} and {last} are", first=", ".join(first), last=last)
        if first
        else _("Module {last} is", last=last)
    )
    return _("{which} open already and {first} open.", which=which, first="stay" if first else "stays")


def moved_line(move: Move, where: ZoneInfo, viewer: ZoneInfo, now: datetime) -> str:
    """Such as "Module 2: opens …; due …", with the dates that moved and still matter; "" where none does."""
    parts = [
        f"{verb} {say_instant(new, where, viewer) if new else nothing}"
        for (old, new), verb, nothing in zip(
            move.pairs,
            ("opens", "due", LATE, "closes"),
            ("", "at no date", "no date", "at no date"),
            strict=True,
        )
        if old != new
        and not (is_past(now, old) and is_past(now, new))
        and not (verb == LATE and new == move.after.due_at)
    ]
    return _("Module {number}: {parts}", number=move.number, parts="; ".join(parts)) if parts else ""
