"""Reading legal names and their approved changes."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, exists, func, or_, select, true

from assessments.names.models import NameChange, NameChangeKind
from assessments.names.rules import FormerName, Step, former_names, name_on
from fourweek.accounts.access import PERSON
from fourweek.database import table
from fourweek.light import dataclass
from fourweek.searching import holds

CHANGE = table(NameChange)

_STEPS: Select[Any] = (
    select(PERSON.c.id, PERSON.c.legal_name, *(CHANGE.c[name] for name in ("kind", "former", "decided_at", "suppress")))
    .outerjoin(CHANGE, (CHANGE.c.person_id == PERSON.c.id) & CHANGE.c.approved)
    .where(PERSON.c.id.in_(bindparam("people", expanding=True)))
    .order_by(PERSON.c.id, CHANGE.c.decided_at, CHANGE.c.id)
)
_SINCE = select(func.count()).where(
    CHANGE.c.person_id == bindparam("person"), CHANGE.c.approved, CHANGE.c.decided_at > bindparam("since")
)
_SETTLED = (
    select(CHANGE.c.id)
    .where(
        CHANGE.c.person_id == bindparam("person"),
        CHANGE.c.approved,
        or_(CHANGE.c.suppress, CHANGE.c.kind == NameChangeKind.CORRECTION),
    )
    .order_by(CHANGE.c.id)
)
_CORRECTED = _SINCE.where(CHANGE.c.kind == NameChangeKind.CORRECTION)
_SUPPRESSED = _SINCE.where(CHANGE.c.suppress)


def is_suppressed(person_id: Any, since: Any) -> ColumnElement[bool]:
    """Whether the name as of the column `since` of the person in the column `person_id` is shown nowhere any more."""
    at = (CHANGE.c.person_id == person_id, CHANGE.c.approved, CHANGE.c.suppress, CHANGE.c.decided_at > since)
    return exists(select(CHANGE.c.id).where(*at).correlate(person_id.table, since.table))


def formerly(words: Sequence[str]) -> ColumnElement[bool]:
    """Whether a person of `PERSON` had a name that holds every word, and that may be shown."""
    hushing = CHANGE.alias("hushing")
    at = (hushing.c.person_id == CHANGE.c.person_id, hushing.c.approved, hushing.c.suppress)
    hushed = exists(select(hushing.c.id).where(*at, hushing.c.decided_at >= CHANGE.c.decided_at).correlate(CHANGE))
    said = and_(true(), *(holds(word, CHANGE.c.former) for word in words))
    found = select(CHANGE.c.id).where(CHANGE.c.person_id == PERSON.c.id, CHANGE.c.approved, said, ~hushed)
    return exists(found.correlate(PERSON))


@dataclass(frozen=True, slots=True)
class Called:
    """A person's legal name and the approved changes before it, in order."""

    name: str
    steps: tuple[Step, ...]

    @property
    def former(self) -> tuple[FormerName, ...]:
        """Former names that may be shown, oldest first."""
        return former_names(self.steps, self.name)

    def on(self, day: date) -> str:
        """The legal name on a day as far as it may be shown."""
        return name_on(self.steps, self.name, day)


def called(conn: Connection, people: Collection[str]) -> dict[str, Called]:
    """Names of a page of people, by id; one statement."""
    found: dict[str, list[Row[Any]]] = {}
    for row in conn.execute(_STEPS, {"people": list(people)}) if people else ():
        found.setdefault(row.id, []).append(row)
    return {person_id: _called(rows) for person_id, rows in found.items()}


def names_of(conn: Connection, person_id: str) -> tuple[FormerName, ...]:
    """The person's former names that may be shown, oldest first, each with the day on which it was changed."""
    return called(conn, [person_id])[person_id].former


def name_at(conn: Connection, person_id: str, day: date) -> str:
    """The person's legal name on a day; the name as of now where the one of then is not to be shown."""
    return called(conn, [person_id])[person_id].on(day)


def corrected(conn: Connection, person_id: str, since: datetime) -> bool:
    """Whether a correction of the person's name was approved after `since`: documents before it say a wrong name."""
    return bool(conn.execute(_CORRECTED, {"person": person_id, "since": since}).scalar())


def settled(conn: Connection, person_id: str) -> tuple[str, ...]:
    """Ids of the approved changes after which no document from before is the one to use, whatever it says."""
    return tuple(conn.execute(_SETTLED, {"person": person_id}).scalars())


def suppressed(conn: Connection, person_id: str, since: datetime) -> bool:
    """Whether the person's name as of `since` is to be shown nowhere any more."""
    return bool(conn.execute(_SUPPRESSED, {"person": person_id, "since": since}).scalar())


def _called(rows: list[Row[Any]]) -> Called:
    steps = (Step(row.kind, row.former, row.decided_at, row.suppress) for row in rows if row.decided_at is not None)
    return Called(rows[0].legal_name, tuple(steps))
