"""Reading a professional's licences. Who may see them is decided by the caller."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from assessments.licences.models import Licence
from fourweek.database import table
from fourweek.light import dataclass

LICENCE = table(Licence)
MOST_LICENCES = 50
"""A person has at most this many, so that a list of all of them stays short."""

_OF_PERSON: Select[Any] = (
    select(*(LICENCE.c[name] for name in ("id", "profession", "jurisdiction", "number", "checked_on")))
    .where(LICENCE.c.person_id == bindparam("person"), LICENCE.c.removed_at.is_(None))
    .order_by(LICENCE.c.id)
    .limit(MOST_LICENCES)
)


@dataclass(frozen=True, slots=True)
class LicenceRow:
    """A licence as a document prints it. `source` is "stated" or, once staff checked it with the board, "checked"."""

    id: str
    profession: str
    jurisdiction: str
    number: str
    source: str
    checked_on: date | None


def licences_of(conn: Connection, person_id: str) -> tuple[LicenceRow, ...]:
    """The person's licences that were not removed, the oldest first; one statement."""
    rows = conn.execute(_OF_PERSON, {"person": person_id})
    return tuple(
        LicenceRow(
            id=row.id,
            profession=row.profession,
            jurisdiction=row.jurisdiction,
            number=row.number,
            source="checked" if row.checked_on else "stated",
            checked_on=row.checked_on,
        )
        for row in rows
    )
