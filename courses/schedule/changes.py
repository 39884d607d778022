"""What a change of rules does to dates: what moves, what it means for people, and what it must leave open. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum, auto

from courses.schedule.rules import EffectiveDates, all_dates, is_open
from courses.schedule.terms import CohortRules, KeptOpen, Pacing, SectionRules
from courses.schedule.walltime import WallTime, is_past, zone
from fourweek.light import dataclass


class Concern(Enum):
    """What somebody should know before a module's dates are changed."""

    OPENS_AT_ONCE = auto()
    OPENS_EARLIER = auto()
    DUE_AT_ONCE = auto()
    DUE_EARLIER = auto()
    CLOSES_AT_ONCE = auto()
    CLOSES_EARLIER = auto()


@dataclass(frozen=True, slots=True)
class Move:
    """The dates of one module before and after a change, for one person or for a whole group."""

    number: int
    before: EffectiveDates
    after: EffectiveDates

    @property
    def pairs(self) -> tuple[tuple[datetime | None, datetime | None], ...]:
        """Opening, due, end of late work and closing: each before and after."""
        return (
            (self.before.opens_at, self.after.opens_at),
            (self.before.due_at, self.after.due_at),
            (self.before.late_until, self.after.late_until),
            (self.before.closes_at, self.after.closes_at),
        )

    @property
    def moved(self) -> bool:
        return any(old != new for old, new in self.pairs)

    def matters(self, now: datetime) -> bool:
        """Whether a date moved that lies ahead or lay ahead: nobody is told of what was past and stays so."""
        return any(old != new and not (is_past(now, old) and is_past(now, new)) for old, new in self.pairs)


def moves(before: Sequence[EffectiveDates], after: Sequence[EffectiveDates]) -> tuple[Move, ...]:
    """One Move a module, in order; both must have the same modules."""
    pairs = zip(before, after, strict=True)
    return tuple(Move(number, old, new) for number, (old, new) in enumerate(pairs, 1))


def concerns(move: Move, now: datetime) -> Iterator[Concern]:
    """What to say of one module's change, worst last."""
    old, new = move.before, move.after
    if new.opens_at < old.opens_at and not is_open(old, now):
        yield Concern.OPENS_AT_ONCE if is_open(new, now) else Concern.OPENS_EARLIER
    for was, comes, at_once, earlier in (
        (old.closes_at, new.closes_at, Concern.CLOSES_AT_ONCE, Concern.CLOSES_EARLIER),
        (old.due_at, new.due_at, Concern.DUE_AT_ONCE, Concern.DUE_EARLIER),
    ):
        if comes is not None and (was is None or comes < was) and not is_past(now, was):
            yield at_once if is_past(now, comes) else earlier


def kept_open(
    old: CohortRules,
    new: CohortRules,
    now: datetime,
    *,
    old_section: SectionRules | None = None,
    new_section: SectionRules | None = None,
) -> tuple[KeptOpen, ...]:
    """What the new rules must keep open: modules that are open now by the old ones, and would be locked by the new.

    With pacing by enrolment there is nothing to keep for a group; what is open to each person is kept for that person.
    """
    if Pacing.ENROLMENT in (old.pacing, new.pacing):
        return ()
    bare = replace(new_section, kept_open=()) if new_section else None
    before = all_dates(old, now=now, section=old_section)
    after = all_dates(replace(new, kept_open=()), now=now, section=bare)
    where = zone((bare and bare.zone) or new.zone)
    return tuple(KeptOpen(one.number, WallTime.of(one.before.opens_at, where)) for one in locked(before, after, now))


def locked(before: Sequence[EffectiveDates], after: Sequence[EffectiveDates], now: datetime) -> Iterator[Move]:
    """Modules that are open now before the change and would not be after it."""
    return (one for one in moves(before, after) if is_open(one.before, now) and not is_open(one.after, now))
