"""Calls of the store from the loop: in few threads of their own, so that a slow store holds up nothing else."""

from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

import anyio
import anyio.to_thread

from fourweek.errors import Busy
from fourweek.language import _

T = TypeVar("T")
Args = TypeVarTuple("Args")
READERS, KEEPERS = anyio.CapacityLimiter(16), anyio.CapacityLimiter(4)
WAIT = 10.0
"""Seconds that a call waits for its turn; what runs is bounded by the store's own patience."""


async def read_aside(call: Callable[[*Args], T], *args: *Args) -> T:
    """What reads from the store. Raises Busy when all readers are held up."""
    return await _in_turn(READERS, call, *args)


async def keep_aside(call: Callable[[*Args], T], *args: *Args) -> T:
    """What keeps files in the store. Raises Busy when all keepers are held up."""
    return await _in_turn(KEEPERS, call, *args)


async def _in_turn(limiter: anyio.CapacityLimiter, call: Callable[[*Args], T], *args: *Args) -> T:
    """A call that has begun is waited for; only waiting for a turn ends."""
    try:
        with anyio.fail_after(WAIT):
            return await anyio.to_thread.run_sync(call, *args, limiter=limiter)
    except TimeoutError:
        raise Busy(_("Too many files are being read or kept just now.")) from None
