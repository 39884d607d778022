"""Issuing a document of any kind within a request, each step where it may be slow."""

from dataclasses import dataclass
from functools import cache

import anyio
import anyio.to_thread
from fastapi import Request

from assessments.transcripts import service
from assessments.transcripts.service import Wanted
from fourweek.edge import house, read, write

AT_ONCE = 1


@dataclass(frozen=True, slots=True)
class Issued:
    """The number of the document. `fresh`: it was made now; else one that says exactly this was there already."""

    number: str
    fresh: bool


async def issue(request: Request, wanted: Wanted) -> Issued:
    """Issue what the visitor wants of their own record, once however often it is asked for. Raises as `draft` does.

    The document is made between two transactions, so that nobody waits for it who only wants to save.
    """
    ours = house(request)
    frozen = await read(request, service.draft, wanted, ours.settings)
    if frozen.same:
        return Issued(frozen.same, fresh=False)
    year = service.year_of(frozen.now, ours.settings)
    number = await write(request, service.next_number, year, wanted.maker.letter)
    made = await anyio.to_thread.run_sync(service.make, frozen, number, ours.settings, ours.store, limiter=_press())
    kept = await write(request, service.keep, frozen, made)
    return Issued(kept, fresh=kept == number)


@cache
def _press() -> anyio.CapacityLimiter:
    """Documents are made one at a time in a process: each takes a whole core for a while."""
    return anyio.CapacityLimiter(AT_ONCE)
