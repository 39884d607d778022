"""Reading identity checks."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from assessments.identity_checks.models import CheckMethod, IdentityCheck
from courses.paging import PER_PAGE, offset
from fourweek.accounts.access import PERSON
from fourweek.database import table
from fourweek.light import dataclass

CHECK = table(IdentityCheck)
_OF_PERSON: Select[Any] = (
    select(CHECK, PERSON.c.display_name.label("recorder"))
    .join(PERSON, PERSON.c.id == CHECK.c.recorded_by)
    .where(CHECK.c.person_id == bindparam("person"))
    .order_by(CHECK.c.checked_on.desc(), CHECK.c.id.desc())
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
)
_NUMBER = select(func.count()).select_from(CHECK).where(CHECK.c.person_id == bindparam("person"))


@dataclass(frozen=True, slots=True)
class Check:
    """One check of who somebody is. `recorded_at` is the real clock's, `recorder` whoever wrote it down."""

    id: str
    method: CheckMethod
    checked_on: date
    passed: bool
    note: str
    recorder: str
    recorded_at: datetime


def newest_check(conn: Connection, person_id: str) -> Check | None:
    """The check that counts: of the latest day, and of several on it the one recorded last. One statement."""
    row = conn.execute(_OF_PERSON, {"person": person_id, "most": 1, "skipped": 0}).first()
    return _check(row) if row else None


def checks_of(conn: Connection, person_id: str, number: int = 1) -> tuple[tuple[Check, ...], int]:
    """One page of a person's checks, the one that counts first, and how many there are; two statements."""
    rows = conn.execute(_OF_PERSON, {"person": person_id, "most": PER_PAGE, "skipped": offset(number)})
    return tuple(_check(row) for row in rows), conn.execute(_NUMBER, {"person": person_id}).scalar_one()


def _check(row: Row[Any]) -> Check:
    return Check(row.id, row.method, row.checked_on, row.passed, row.note, row.recorder, row.recorded_at)
