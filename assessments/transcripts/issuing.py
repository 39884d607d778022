"""Issuing a document of any kind within a request, each step where it may be slow."""

from functools import cache
from typing import Final

import anyio
import anyio.to_thread
from fastapi import Request
from sqlalchemy import Connection

from assessments.transcripts import service
from assessments.transcripts.service import Wanted
from fourweek.accounts.access import Visitor
from fourweek.edge import house, read, write
from fourweek.language import N_
from fourweek.light import dataclass
from fourweek.limits.keys import hidden
from fourweek.limits.rules import Limit
from fourweek.limits.service import need
from fourweek.settings import Settings

AT_ONCE = 1
DOCUMENTS: Final = Limit("document", 60, 3600)
"""Of one person."""
TOO_MANY: Final = N_("You issued many documents within an hour. Those are ready to download.")


@dataclass(frozen=True, slots=True)
class Issued:
    """The number of the document. `fresh`: it was made now; else one that says exactly this was there already."""

    number: str
    fresh: bool


async def issue(request: Request, wanted: Wanted) -> Issued:
    """Issue what the visitor wants of their own record, once however often it is asked for.

    The document is made between two transactions, so that nobody waits for it who only wants to save. Raises as
    `draft` does, and TooMany.
    """
    ours = house(request)
    frozen = await read(request, service.draft, wanted, ours.settings)
    if frozen.same:
        return Issued(frozen.same, fresh=False)
    year = service.year_of(frozen.now, ours.settings)
    number = await write(request, numbered, ours.settings, year, wanted.maker.letter)
    made = await anyio.to_thread.run_sync(service.make, frozen, number, ours.settings, ours.store, limiter=_press())
    kept = await write(request, service.keep, frozen, made)
    return Issued(kept, fresh=kept == number)


def numbered(conn: Connection, visitor: Visitor, settings: Settings, year: int, letter: str) -> str:
    """The next number, counted for whoever asks: each document is kept for years. Raises TooMany."""
    need(conn, DOCUMENTS, hidden(settings, f"person {visitor.me.id}"), visitor.now.real, TOO_MANY)
    return service.next_number(conn, visitor, year, letter)


@cache
def _press() -> anyio.CapacityLimiter:
    """Documents are made one at a time in a process: each takes a whole core for a while."""
    return anyio.CapacityLimiter(AT_ONCE)
