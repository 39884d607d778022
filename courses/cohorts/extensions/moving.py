"""What a grant moves for whom. Pure: places and a grant in, moves out."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from courses.cohorts.extensions.forms import extension_id
from courses.cohorts.grid.pages import resolver
from courses.enrolment.access import Place
from courses.schedule.changes import Move, moves
from courses.schedule.terms import PersonDates
from courses.schedule.words import say_short
from courses.schedule.zones import zone
from fourweek.language import N_, _
from fourweek.light import dataclass

OPENS, DUE = N_("opens {new} (was {old})"), N_("due {new} (was {old})")
LATE, CLOSES = N_("late work until {new} (was {old})"), N_("closes {new} (was {old})")


@dataclass(frozen=True, slots=True)
class Moved:
    """What moves for one person. `waits`: nothing does yet, but a pause without an end will."""

    place: Place
    moves: tuple[Move, ...]
    waits: bool = False

    @property
    def is_something(self) -> bool:
        return self.waits or any(move.moved for move in self.moves)

    @property
    def numbers(self) -> list[int]:
        return [move.number for move in self.moves if move.moved]

    def lines(self, now: datetime) -> tuple[str, ...]:
        """What moves, in short words, with what it was; another zone than the cohort's is named."""
        here = zone((self.place.section and self.place.section.zone) or self.place.cohort.zone)
        said = tuple(_line(move, here, now) for move in self.moves if move.moved)
        if said and here.key != self.place.cohort.zone:
            said = (*said, _("Times are those of {zone}.", zone=here.key))
        return said if said or not self.waits else (_("Nothing yet; every day of the pause moves what follows."),)


def _line(move: Move, here: ZoneInfo, now: datetime) -> str:
    """Such as "Module 2: due … (was …)"."""

    def say(instant: datetime | None) -> str:
        return say_short(instant, here) if instant else _("at no date")

    opens, due, late, closes = move.pairs
    parts = [
        _(said, new=say(new), old=say(old))
        for said, (old, new) in ((OPENS, opens), (DUE, due), (LATE, late), (CLOSES, closes))
        if old != new and not (said is LATE and new in (due[1], closes[1]))
    ]
    what = _("; ").join(parts)
    if move.matters(now):
        return _("Module {number}: {what}", number=move.number, what=what)
    return _("Module {number}: {what}; it has passed all the same", number=move.number, what=what)


def granted(places: Iterable[Place], grant: PersonDates, now: datetime) -> list[Moved]:
    """What the grant, whose key is its act, moves for each of these places of one cohort.

    Who has it already by this very act is shown what it moved, so that a form sent again says the same.
    """
    waits = grant.pause_first is not None and grant.pause_last is None
    before, after = resolver(now), resolver(now)

    def moved(place: Place) -> Moved:
        own = extension_id(grant.key, place.enrolment_id)
        bare = replace(place, extensions=tuple(one for one in place.extensions if one.key != own))
        return Moved(place, moves(before(bare), after(replace(bare, extensions=(*bare.extensions, grant)))), waits)

    return [moved(place) for place in places]


def ended(places: Iterable[Place], keys: Mapping[str, frozenset[str]], now: datetime) -> list[Moved]:
    """What it moves when each place loses the extensions with these `keys`, by enrolment."""
    before, after = resolver(now), resolver(now)

    def without(place: Place) -> Place:
        gone = keys.get(place.enrolment_id, frozenset())
        return replace(place, extensions=tuple(one for one in place.extensions if one.key not in gone))

    return [Moved(place, moves(before(place), after(without(place)))) for place in places]
