"""What may count for a licence: a person's ledger lines and what they state from elsewhere, in two statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Select, bindparam, select

from assessments.assignments.queries import MODULE
from assessments.credit.chain import EntryKind
from assessments.credit.ledger import ENTRY, LEDGER, parts_of
from assessments.licences.counting import OURS, REPEAT, TAKEN_BACK, Activity
from assessments.stated.queries import StatedRow, stated_of, stated_of_each
from courses.cohorts.models import DeliveryMode
from courses.cohorts.queries import COHORT, VERSION
from courses.enrolment.access import ENROLMENT
from fourweek.light import dataclass

LIVE_MODES: Final = frozenset({DeliveryMode.LIVE_ONLINE, DeliveryMode.IN_PERSON})
_NAMES = (
    "id",
    "kind",
    "reverses_id",
    "repeat_of_id",
    "format",
    "minutes",
    "category",
    "parts",
    "completed_at",
    "module_number",
)
LINES: Select[Any] = (
    select(LEDGER.c.person_id, *(ENTRY.c[name] for name in _NAMES))
    .add_columns(VERSION.c.title.label("course"), MODULE.c.title.label("module"), COHORT.c.mode)
    .join(LEDGER, LEDGER.c.id == ENTRY.c.ledger_id)
    .join(MODULE, MODULE.c.id == ENTRY.c.module_id)
    .join(VERSION, VERSION.c.id == MODULE.c.version_id)
    .join(ENROLMENT, ENROLMENT.c.id == ENTRY.c.enrolment_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .order_by(LEDGER.c.id, ENTRY.c.seq)
)
_OF_PERSON = LINES.where(LEDGER.c.person_id == bindparam("person"))
_OF_EACH = LINES.where(LEDGER.c.person_id.in_(bindparam("people", expanding=True)))


@dataclass(frozen=True, slots=True)
class Line:
    """A ledger entry that added credit. What became of it since is in `why_not`."""

    key: str
    title: str
    completed_at: datetime
    parts: tuple[tuple[str, int], ...]
    is_live: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class Earned:
    """Everything of one person that may count, whatever the licence."""

    lines: tuple[Line, ...]
    stated: tuple[StatedRow, ...]

    @classmethod
    def of(cls, entries: Iterable[Row[Any]], stated: Iterable[StatedRow]) -> Self:
        """From rows of `LINES` of one person, in order of the ledger."""
        rows = list(entries)
        taken_back = {row.reverses_id for row in rows if row.kind is EntryKind.REVERSAL}
        return cls(tuple(_line(row, taken_back) for row in rows if row.kind is not EntryKind.REVERSAL), tuple(stated))

    @property
    def minutes(self) -> int:
        """Counted minutes earned here, each once, however many licences they serve."""
        return sum(minutes for line in self.lines if not line.why_not for _category, minutes in line.parts)

    def activities(self, zone: ZoneInfo) -> tuple[Activity, ...]:
        """The newest first; days are those of `zone`, the licence's.

        Credit from elsewhere that is called and dated like a line of ours is that line, and never counts beside it.
        """
        own = [_own(line, zone) for line in self.lines]
        known = {(one.title.casefold(), one.day) for one in own}
        told = [_told(row, known) for row in self.stated]
        return tuple(sorted((*own, *told), key=lambda one: (one.day, one.key), reverse=True))


def earned_by(conn: Connection, person_id: str) -> Earned:
    """What the person earned here and states from elsewhere; two statements."""
    return Earned.of(conn.execute(_OF_PERSON, {"person": person_id}), stated_of(conn, person_id))


def earned_by_each(conn: Connection, people: Collection[str]) -> Mapping[str, Earned]:
    """The same for many people; two statements."""
    entries: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in conn.execute(_OF_EACH, {"people": list(people)}):
        entries[row.person_id].append(row)
    stated = stated_of_each(conn, people)
    return {person: Earned.of(entries[person], stated.get(person, ())) for person in people}


def _line(row: Row[Any], taken_back: set[str]) -> Line:
    return Line(
        key=row.id,
        title=f"{row.course}, {row.module_number} {row.module}",
        completed_at=row.completed_at,
        parts=tuple((part.category, part.minutes) for part in parts_of(row)),
        is_live=row.mode in LIVE_MODES,
        why_not=TAKEN_BACK if row.id in taken_back else REPEAT if row.repeat_of_id else "",
    )


def _own(line: Line, zone: ZoneInfo) -> Activity:
    return Activity(
        title=line.title,
        day=line.completed_at.astimezone(zone).date(),
        parts=line.parts,
        is_live=line.is_live,
        why_not=line.why_not,
        key=line.key,
    )


def _told(row: StatedRow, known: set[tuple[str, date]]) -> Activity:
    is_ours = (row.title.casefold(), row.completed_on) in known
    return Activity(
        title=f"{row.title}, {row.provider}",
        day=row.completed_on,
        parts=((row.category, row.minutes),),
        is_live=row.mode in LIVE_MODES,
        is_stated=True,
        why_not=OURS if is_ours else "",
        key=row.id,
    )
