"""Reading credit from elsewhere. It never enters a total of ours. Who may see it is decided by the caller."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from assessments.stated.models import StatedCredit
from fourweek.database import table
from fourweek.light import dataclass
from fourweek.scanning.gate import verdict_of
from fourweek.scanning.models import ScanState

STATED = table(StatedCredit)
MOST_STATED = 2_000
"""A person has at most this many, so that a sum over all of them stays cheap."""

_NAMES = ("id", "title", "provider", "provider_number", "category", "mode", "place", "instructor", "completed_on")
_ROW: Select[Any] = select(
    *(STATED.c[name] for name in (*_NAMES, "minutes", "said", "evidence_name", "evidence_sha256")),
    verdict_of(STATED.c.evidence_sha256),
)
_BETWEEN = (
    _ROW.where(
        STATED.c.person_id == bindparam("person"),
        STATED.c.removed_at.is_(None),
        STATED.c.completed_on >= bindparam("first"),
        STATED.c.completed_on < bindparam("end"),
    )
    .order_by(STATED.c.completed_on, STATED.c.id)
    .limit(MOST_STATED)
)
_OF_EACH = (
    _ROW.add_columns(STATED.c.person_id)
    .where(STATED.c.person_id.in_(bindparam("people", expanding=True)), STATED.c.removed_at.is_(None))
    .order_by(STATED.c.completed_on, STATED.c.id)
)


@dataclass(frozen=True, slots=True)
class StatedRow:
    """One activity at another provider, as its learner states it. `said` is what its certificate says."""

    id: str
    title: str
    provider: str
    provider_number: str
    category: str
    mode: str
    place: str
    instructor: str
    completed_on: date
    minutes: int
    said: str
    evidence_name: str
    evidence_sha256: str
    verdict: ScanState | None = None


def stated_of(
    conn: Connection, person_id: str, first: date | None = None, end: date | None = None
) -> tuple[StatedRow, ...]:
    """What the person states from `first` up to but without `end`, in order of days; one statement."""
    rows = conn.execute(_BETWEEN, {"person": person_id, "first": first or date.min, "end": end or date.max})
    return tuple(StatedRow(*row) for row in rows)


def stated_of_each(conn: Connection, people: Collection[str]) -> Mapping[str, Sequence[StatedRow]]:
    """Everything that each of these people states, in order of days; one statement."""
    found: defaultdict[str, list[StatedRow]] = defaultdict(list)
    for *row, person_id in conn.execute(_OF_EACH, {"people": list(people)}):
        found[person_id].append(StatedRow(*row))
    return found
