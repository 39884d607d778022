"""What a change of rules moves, for the cohort, its sections and each person. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from courses.cohorts.rules.standing import Standing
from courses.enrolment.access import Place
from courses.schedule.changes import Move, kept_open, locked, moves
from courses.schedule.rules import EffectiveDates, all_dates
from courses.schedule.terms import CohortRules, PersonDates, SectionRules
from courses.schedule.walltime import local_day, zone
from fourweek.language import _
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class NewRules:
    """The rules that are to hold: of the cohort, and of each section by its id."""

    rules: CohortRules
    sections: Mapping[str, SectionRules]

    def section(self, section_id: str | None) -> SectionRules | None:
        return self.sections[section_id] if section_id else None


@dataclass(frozen=True, slots=True)
class GroupMoves:
    """The cohort itself (section_id "") or a section: how many people are in it, and what moves for it."""

    section_id: str
    name: str
    zone: str
    people: int
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class PersonMoves:
    """What moves for one person; `kept` are modules that would be locked again, and stay open for this person alone."""

    place: Place
    zone: str
    moves: tuple[Move, ...]
    kept: tuple[int, ...]

    def matters(self, now: datetime) -> bool:
        return any(move.matters(now) for move in self.moves)


def settled(known: Standing, rules: CohortRules, sections: Mapping[str, SectionRules], now: datetime) -> NewRules:
    """The new rules with what they must leave open, for the cohort and for each section."""
    old = {one.id: one.rules for one in known.sections}
    return NewRules(
        replace(rules, kept_open=kept_open(known.rules, rules, now)),
        {
            key: replace(own, kept_open=kept_open(known.rules, rules, now, old_section=old.get(key), new_section=own))
            for key, own in sections.items()
        },
    )


def group_moves(known: Standing, new: NewRules, now: datetime) -> tuple[GroupMoves, ...]:
    """The cohort first, then its sections by name."""
    return tuple(_group(known, new, now, key, name) for key, name in _groups(known))


def person_moves(
    known: Standing, new: NewRules, now: datetime, moved_to: Mapping[str, str | None] | None = None
) -> list[PersonMoves]:
    """What moves for everybody. `moved_to` gives the new section of those who change theirs, by enrolment.

    It is worked out once for all who share what their dates hang on.
    """
    shared: dict[_Key, tuple[tuple[Move, ...], tuple[int, ...]]] = {}
    found = []
    for place in known.places:
        section = new.section((moved_to or {}).get(place.enrolment_id, place.section_id))
        will = replace(place, cohort=replace(place.cohort, rules=new.rules), section=section)
        key = (place.section, section, place.extensions, _joined(place), _joined(will))
        if key not in shared:
            shared[key] = _moves(place.all_dates(now), will.all_dates(now), now)
        found.append(PersonMoves(place, (section and section.zone) or new.rules.zone, *shared[key]))
    return found


def apart(people: Sequence[PersonMoves], groups: Sequence[GroupMoves], now: datetime) -> list[PersonMoves]:
    """Those for whom something moves otherwise than for their group: extensions, late joiners."""
    usual = {group.section_id: [move.pairs for move in group.moves] for group in groups}
    return [
        one
        for one in people
        if one.matters(now) and [move.pairs for move in one.moves] != usual[one.place.section_id or ""]
    ]


def _groups(known: Standing) -> Iterator[tuple[str, str]]:
    yield "", _("The cohort")
    yield from ((one.id, _("Section {name}", name=one.name)) for one in known.sections)


def _group(known: Standing, new: NewRules, now: datetime, section_id: str, name: str) -> GroupMoves:
    old, section = known.section(section_id), new.section(section_id)
    return GroupMoves(
        section_id=section_id,
        name=name,
        zone=(section and section.zone) or new.rules.zone,
        people=sum((place.section_id or "") == section_id for place in known.places),
        moves=moves(
            all_dates(known.rules, now=now, section=old.rules if old else None),
            all_dates(new.rules, now=now, section=section),
        ),
    )


_Key = tuple[SectionRules | None, SectionRules | None, tuple[PersonDates, ...], date, date]


def _joined(place: Place) -> date:
    """The day of enrolment in the zone of this person's dates."""
    return local_day(place.enrolled_at, zone((place.section and place.section.zone) or place.cohort.zone))


def _moves(
    before: Sequence[EffectiveDates], after: Sequence[EffectiveDates], now: datetime
) -> tuple[tuple[Move, ...], tuple[int, ...]]:
    """What would be locked again stays open as it was: a grant of its own sees to it when the change is kept."""
    kept = tuple(move.number for move in locked(before, after, now))
    stays = [
        replace(will, opens_at=was.opens_at, opens_why=was.opens_why) if number in kept else will
        for number, (was, will) in enumerate(zip(before, after, strict=True), 1)
    ]
    return moves(before, stays), kept
