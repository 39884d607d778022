"""Ratings, decisions and appeals as CSV and JSON, written while they are read."""

import json
from collections.abc import AsyncIterator

from assessments.exports.access import Exported
from assessments.exports.queries import Wanted, piece_of
from assessments.exports.records import RECORDS, Record, cells, heads, say
from fourweek.database import Database
from fourweek.spreadsheets import written, written_rows

FORMAT = 1


async def as_csv(db: Database, what: str, wanted: Wanted) -> AsyncIterator[bytes]:
    """A row for each criterion of each record."""
    yield written(heads(what), ())
    async for records in _pieces(db, what, wanted):
        yield written_rows(row for record in records for row in cells(what, record))


async def as_json(db: Database, what: str, wanted: Wanted, cohort: Exported) -> AsyncIterator[bytes]:
    """One object; its records stand in a list named as `what`."""
    yield (json.dumps(about(wanted, cohort), ensure_ascii=False)[:-1] + f', "{what}": [').encode()
    between = "\n"
    async for records in _pieces(db, what, wanted):
        yield (between + ",\n".join(json.dumps(record, ensure_ascii=False) for record in records)).encode()
        between = ",\n"
    yield b"\n]}\n"


def about(wanted: Wanted, cohort: Exported) -> Record:
    """What an export is of."""
    return {
        "format": FORMAT,
        "course": cohort.code,
        "cohort": cohort.name,
        "assignment": wanted.assignment or None,
        "as_of": say(wanted.now),
    }


async def _pieces(db: Database, what: str, wanted: Wanted) -> AsyncIterator[list[Record]]:
    after, found = await db.read(piece_of, what, wanted, "")
    while after:
        if found:
            yield [RECORDS[what](row, lines, wanted.now) for row, lines in found]
        after, found = await db.read(piece_of, what, wanted, after)
