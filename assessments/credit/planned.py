"""How the counted minutes of a course version divide by category."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from assessments.assignments.queries import MODULE
from assessments.credit.amounts import Part, joined_parts
from assessments.credit.chain import EntryKind
from assessments.credit.ledger import parts_of
from courses.catalogue.models import Activity
from fourweek.database import table

ACTIVITY = table(Activity)
_COUNTED = (
    select(MODULE.c.number, ACTIVITY.c.category, ACTIVITY.c.minutes)
    .join(ACTIVITY, ACTIVITY.c.module_id == MODULE.c.id)
    .where(MODULE.c.version_id == bindparam("version"), ACTIVITY.c.countable)
    .order_by(MODULE.c.number)
)


def module_parts(conn: Connection, version_id: str, category: str) -> dict[int, tuple[Part, ...]]:
    """The parts of each module by its number; an activity that names no category is of the given one."""
    rows = conn.execute(_COUNTED, {"version": version_id}).all()
    return {
        number: joined_parts((row.category or category, row.minutes) for row in group)
        for number, group in groupby(rows, key=lambda row: row.number)
    }


def as_recorded(planned: Mapping[int, tuple[Part, ...]], rows: Iterable[Row[Any]]) -> dict[int, tuple[Part, ...]]:
    """The same with what an enrolment's entries that stand say: a correction can divide a module otherwise."""
    found = list(rows)
    gone = {row.reverses_id for row in found}
    stands = [row for row in found if row.kind is not EntryKind.REVERSAL and row.id not in gone]
    return {**planned, **{row.module_number: parts_of(row) for row in stands}}
