"""What stands in somebody's calendar, from dates that are worked out already. Pure.

Every entry knows when something last happened that it follows from. That one instant gives its SEQUENCE, LAST-MODIFIED
and DTSTAMP: they stand still while nothing happens, grow with every change and never fall, since the past stays.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time

from courses.cohorts.queries import CohortFacts
from courses.enrolment.access import Place
from courses.live.rules import Meeting
from courses.schedule.reasons import Reason, ReasonKind
from courses.schedule.rules import EffectiveDates, is_open
from courses.schedule.terms import PersonDates
from courses.schedule.walltime import local_day, local_instant
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.language import N_, _
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass

TITLES = {
    "opens": N_("Opens: Module {number}, {title} ({course})"),
    "due": N_("Due: Module {number}, {title} ({course})"),
    "closes": N_("Closes: Module {number}, {title} ({course})"),
    "grading": N_("To grade: Module {number}, {title} ({course})"),
}
"""What an entry of each kind is called."""
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
ORDINARY = frozenset({ReasonKind.COHORT, ReasonKind.ENROLMENT, ReasonKind.NO_DATE})


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `uid` is the part before the host; with a `zone` it stands on that wall clock, without one in UTC.

    An instant of the schedule takes one minute: "23:59" lasts through 23:59:59.
    """

    uid: str
    title: str
    starts_at: datetime
    lines: tuple[str, ...]
    path: str
    changed_at: datetime
    minutes: int = 1
    zone: str = ""
    join_url: str = ""
    busy: bool = False
    cancelled: bool = False

    @property
    def sequence(self) -> int:
        """Whole seconds, which fit into 31 bits until 2088."""
        return max(0, int((self.changed_at - FIRST).total_seconds()))


@dataclass(frozen=True, slots=True)
class Modules:
    """A version's modules: their titles in order, which are public, and the numbers of those that ask for evidence."""

    titles: tuple[str, ...]
    asking: frozenset[int]


@dataclass(frozen=True, slots=True)
class Group:
    """A section whose dates are told apart from its cohort's."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class _Module:
    """One module of a cohort, whose entries end on `key`; `of` is what titles call the cohort."""

    cohort: CohortFacts
    of: str
    number: int
    title: str
    key: str
    path: str
    changed_at: datetime

    def entry(self, kind: str, at: datetime, said: str, why: Reason) -> Entry:
        lines = (said, _where(self.cohort), *([] if why.kind in ORDINARY else [why.words]))
        title = _(TITLES[kind], number=self.number, title=self.title, course=self.of)
        return Entry(f"{kind}-{self.key}", title, at, lines, self.path, self.changed_at)


def last_change(place: Place, acted_at: datetime | None, now: datetime) -> datetime:
    """When something last happened that the dates of a place follow from.

    `acted_at` is the last act on its cohort, section, enrolment or extensions. Time alone changes dates too: an
    extension comes into force or expires, and a pause without an end takes one day more.
    """
    where = zone((place.section and place.section.zone) or place.cohort.zone)
    instants = [place.enrolled_at, acted_at]
    for grant in place.extensions:
        instants += [grant.granted_at, grant.expires_at]
        if _takes_days(grant, now):
            instants.append(local_instant(local_day(now, where), time(), where))
    return max((one for one in instants if one is not None and one <= now), default=FIRST)


def _takes_days(grant: PersonDates, now: datetime) -> bool:
    is_open_pause = grant.pause_first is not None and grant.pause_last is None
    return is_open_pause and grant.holds(grant.module_number or 0, now)


def learner_entries(
    place: Place, modules: Modules, dates: Sequence[EffectiveDates], changed_at: datetime
) -> Iterator[Entry]:
    """What opens, is due and closes for one person."""
    cohort = place.cohort
    for number, (title, own) in enumerate(zip(modules.titles, dates, strict=True), 1):
        path = f"/cohorts/{cohort.id}/modules/{number}"
        module = _Module(cohort, cohort.course_title, number, title, f"{place.enrolment_id}-{number}", path, changed_at)
        yield module.entry("opens", own.opens_at, _("Its lessons can be read from now on."), own.opens_why)
        if number not in modules.asking:
            continue
        if own.due_at is not None:
            yield module.entry("due", own.due_at, _say_due(own.due_at, own.late_until, cohort.zone), own.due_why)
        if own.closes_at is not None:
            said = _("The last minute in which evidence is taken.")
            yield module.entry("closes", own.closes_at, said, own.closes_why)


def grading_entries(
    cohort: CohortFacts,
    modules: Modules,
    dates: Sequence[EffectiveDates],
    changed_at: datetime,
    section: Group | None = None,
) -> Iterator[Entry]:
    """When evidence comes in that is to be graded, by the dates of the cohort or of one section."""
    of = in_a_row((_among(cohort), section.name)) if section else _among(cohort)
    key = section.id if section else cohort.id
    for number, (title, own) in enumerate(zip(modules.titles, dates, strict=True), 1):
        if number in modules.asking and own.due_at is not None:
            module = _Module(cohort, of, number, title, f"{key}-{number}", "/grading", changed_at)
            said = _("What was handed in waits to be graded.")
            yield module.entry("grading", own.due_at, said, own.due_why)


def learner_session(
    meeting: Meeting, place: Place, dates: Sequence[EffectiveDates], changed_at: datetime, now: datetime
) -> Entry:
    """A live session as it concerns one person; the link to join comes once its module is open (law 1)."""
    number = meeting.module_number
    opened = [own.opens_at for n, own in enumerate(dates, 1) if n == number and is_open(own, now)]
    changed_at = max(changed_at, meeting.changed_at, *opened)
    may_join = number is None or bool(opened)
    return _session(meeting, place.cohort, place.cohort.course_title, changed_at, may_join=may_join)


def taught_session(meeting: Meeting, cohort: CohortFacts, changed_at: datetime) -> Entry:
    """A live session as those who teach see it."""
    return _session(meeting, cohort, _among(cohort), max(changed_at, meeting.changed_at), may_join=True)


def _session(meeting: Meeting, cohort: CohortFacts, of: str, changed_at: datetime, *, may_join: bool) -> Entry:
    lines = [_("With {name}.", name=meeting.instructor)] if meeting.instructor else []
    lines += [_("For {section}.", section=meeting.section)] if meeting.section else []
    lines += [_("Part of module {number}.", number=meeting.module_number)] if meeting.module_number else []
    title = f"{meeting.title} ({of})"
    return Entry(
        uid=f"session-{meeting.id}",
        title=_("Cancelled: {title}", title=title) if meeting.cancelled_at else title,
        starts_at=meeting.starts_at,
        minutes=meeting.minutes,
        zone=meeting.zone,
        lines=(*lines, _where(cohort)),
        path=f"/cohorts/{cohort.id}/sessions/{meeting.id}",
        changed_at=changed_at,
        join_url=meeting.join_url if may_join and meeting.cancelled_at is None else "",
        busy=meeting.cancelled_at is None,
        cancelled=meeting.cancelled_at is not None,
    )


def _among(cohort: CohortFacts) -> str:
    """A cohort's name for those who may have several of the same course."""
    return in_a_row((cohort.course_title, cohort.name))


def _where(cohort: CohortFacts) -> str:
    return _("{course}, cohort {cohort}.", course=cohort.course_title, cohort=cohort.name)


def _say_due(due_at: datetime, late_until: datetime | None, zone_name: str) -> str:
    when = say_instant(due_at, zone(zone_name)).words
    if late_until is None:
        return _("Evidence is on time through {when}. Late evidence is taken.", when=when)
    if late_until == due_at:
        return _("Evidence is on time through {when}. No late evidence is taken.", when=when)
    until = say_instant(late_until, zone(zone_name)).words
    return _("Evidence is on time through {when}. Late evidence is taken through {until}.", when=when, until=until)
