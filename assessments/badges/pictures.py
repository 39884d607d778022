"""Pictures of badges for the web: the baked ones from the store, the unbaked ones drawn and kept in the process."""

from functools import cache, lru_cache

import anyio
import anyio.to_thread

from assessments.badges.picture import BadgePicture, draw_png
from fourweek.storage import Store

_AT_ONCE = 1


def read_picture(store: Store, sha256: str) -> bytes:
    """A picture from the store; not on the loop. Raises NotFound."""
    with store.open(sha256) as file:
        return file.read()


async def drawn(picture: BadgePicture) -> bytes:
    """The picture as PNG, drawn in a thread and one at a time."""
    return await anyio.to_thread.run_sync(_drawn, picture, limiter=_pen())


@cache
def _pen() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(_AT_ONCE)


@lru_cache(maxsize=64)
def _drawn(picture: BadgePicture) -> bytes:
    return draw_png(picture)
