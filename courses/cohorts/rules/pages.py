"""What is shown before a change of dates is kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from courses.cohorts.forms import CohortForm
from courses.cohorts.rules.moves import GroupMoves, PersonMoves, apart
from courses.cohorts.rules.words import stay_open, warnings
from courses.schedule.changes import Move
from courses.schedule.rules import EffectiveDates
from courses.schedule.words import Said, say_date, say_instant, say_time
from courses.schedule.zones import zone
from fourweek.language import N_, _, n_
from fourweek.light import dataclass

MOST_PEOPLE = 20
NO_DATE, NOT_TAKEN, NEVER = N_("No date"), N_("Not taken"), N_("Never")
WAS = {NO_DATE: N_("was no date"), NOT_TAKEN: N_("was not taken"), NEVER: N_("was never")}


@dataclass(frozen=True, slots=True)
class ShownDate:
    """A date as it is to be, words where there is none; where it moves, what it was, such as "was Monday 7 December
    2026, 09:00", on the same wall clock."""

    now: Said | str
    was: str | None


@dataclass(frozen=True, slots=True)
class ShownModule:
    """`dates`: opens, due, late work until, closes."""

    number: int
    title: str
    dates: tuple[ShownDate, ...]


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """The cohort or a section; `people` such as "12 people"."""

    name: str
    people: str
    moved: bool
    modules: tuple[ShownModule, ...]
    warnings: tuple[str, ...]
    stays: str


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """One person, with the modules whose dates move."""

    name: str
    modules: tuple[ShownModule, ...]


@dataclass(frozen=True, slots=True)
class ChangePreview:
    """What moves for whom. `people` are those for whom it differs from their group, `more` how many are not named."""

    groups: tuple[ShownGroup, ...]
    affected: str
    people: tuple[ShownPerson, ...]
    more: int

    @property
    def moved(self) -> bool:
        return any(group.moved for group in self.groups) or bool(self.people)


@dataclass(frozen=True, slots=True)
class RulesPage:
    """`seen` is the fingerprint of what the preview shows. `choices` are the (value, label) of the selects by name."""

    cohort_id: str
    cohort_name: str
    course_title: str
    typed: CohortForm
    choices: Mapping[str, tuple[tuple[str, ...], ...]]
    zones: tuple[str, ...]
    errors: Mapping[str, str]
    preview: ChangePreview | None = None
    seen: str = ""
    again: bool = False

    @property
    def summary(self) -> tuple[tuple[str | None, str], ...]:
        return tuple((f"field-{field}" if field else None, words) for field, words in self.errors.items())


def unusual(people: Sequence[PersonMoves], groups: Sequence[GroupMoves], now: datetime) -> list[PersonMoves]:
    """Those to be named, at most MOST_PEOPLE of them."""
    return apart(people, groups, now)[:MOST_PEOPLE]


def say_change(
    titles: Sequence[str],
    groups: Sequence[GroupMoves],
    people: Sequence[PersonMoves],
    names: Mapping[str, str],
    now: datetime,
) -> ChangePreview:
    """The preview in words; `names` of those for whom it differs, by person."""
    different = apart(people, groups, now)
    usual = {group.section_id: group.moves for group in groups}
    affected = sum(one.matters(now) for one in people)
    return ChangePreview(
        groups=tuple(_group(titles, one, now) for one in groups),
        affected=_say_affected(affected, len(people)) if people else _("Nobody is enrolled yet."),
        people=tuple(
            show_person(names[one.place.person_id], titles, one, now, usual[one.place.section_id or ""])
            for one in different[:MOST_PEOPLE]
        ),
        more=max(0, len(different) - MOST_PEOPLE),
    )


def say_people(count: int) -> str:
    return n_("{count} person", "{count} people", count)


def _say_affected(count: int, total: int) -> str:
    return n_("Dates move for {count} person of {all}.", "Dates move for {count} people of {all}.", count, all=total)


def show_person(
    name: str, titles: Sequence[str], one: PersonMoves, now: datetime, usual: Sequence[Move] = ()
) -> ShownPerson:
    """What moves for one person; with the `usual` moves of the group, only where it differs from them."""
    known = {move.number: move.pairs for move in usual}
    wanted = (move for move in one.moves if move.matters(now) and move.pairs != known.get(move.number))
    return ShownPerson(name, tuple(_module(titles[move.number - 1], move, one.zone) for move in wanted))


def _group(titles: Sequence[str], one: GroupMoves, now: datetime) -> ShownGroup:
    return ShownGroup(
        name=one.name,
        people=say_people(one.people),
        moved=any(move.moved for move in one.moves),
        modules=tuple(_module(title, move, one.zone) for title, move in zip(titles, one.moves, strict=True)),
        warnings=tuple(warnings(one.moves, now)),
        stays=stay_open(one.moves),
    )


def _module(title: str, move: Move, zone_name: str) -> ShownModule:
    here = zone(zone_name)
    pairs = zip(_dates(move.before), _dates(move.after), strict=True)
    return ShownModule(move.number, title, tuple(_shown(old, new, here) for old, new in pairs))


def _dates(dates: EffectiveDates) -> tuple[datetime | str, ...]:
    """Opens, due, late work until, closes: each an instant, or the key of what to say where there is none."""
    late = dates.late_until if dates.late_until != dates.due_at else None
    return (
        dates.opens_at,
        dates.due_at or NO_DATE,
        late or (NOT_TAKEN if dates.late_until else NO_DATE),
        dates.closes_at or NEVER,
    )


def _shown(old: datetime | str, new: datetime | str, here: ZoneInfo) -> ShownDate:
    now = _(new) if isinstance(new, str) else say_instant(new, here)
    if old == new:
        return ShownDate(now, None)
    if isinstance(old, str):
        return ShownDate(now, _(WAS[old]))
    local = old.astimezone(here)
    return ShownDate(now, _("was {date}, {time}", date=say_date(local.date()), time=say_time(local.time())))
