"""Pictures of badges: an achievement's own pair from the store, or drawn; the baked ones from the store."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import anyio
import anyio.to_thread
from sqlalchemy import Connection, bindparam, select, update

from assessments.badges.picture import BadgePicture, draw_png, draw_svg
from assessments.badges.queries import ACHIEVEMENT
from fourweek.database import Database
from fourweek.errors import NotFound
from fourweek.settings import Settings
from fourweek.storage import Store

_AT_ONCE = 1
_PICTURED = select(
    ACHIEVEMENT.c.id, ACHIEVEMENT.c.name, ACHIEVEMENT.c.icon, ACHIEVEMENT.c.picture_sha256, ACHIEVEMENT.c.svg_sha256
).where(ACHIEVEMENT.c.id == bindparam("achievement"))


@dataclass(frozen=True, slots=True)
class Pictures:
    """One picture in two forms, unbaked."""

    png: bytes
    svg: bytes


def achievement_pictures(db: Database, store: Store, settings: Settings, achievement_id: str) -> Pictures:
    """The achievement's pictures; drawn and kept when they are first needed, or the store has lost one.

    Slow: not on the loop, not in a transaction. Raises NotFound for an unknown achievement.
    """
    row = db.read_now(_pictured, achievement_id)
    if all(sha256 and store.has(sha256) for sha256 in (row.picture_sha256, row.svg_sha256)):
        return Pictures(read_picture(store, row.picture_sha256), read_picture(store, row.svg_sha256))
    made = _drawn_pair(badge_picture(settings, row.name, row.icon))
    digests = {"picture_sha256": store.keep_bytes(made.png).sha256, "svg_sha256": store.keep_bytes(made.svg).sha256}
    db.write_now(_note, achievement_id, digests)
    return made


def badge_picture(settings: Settings, name: str, icon: str) -> BadgePicture:
    """What is drawn for a badge of this name in the institution's colours."""
    return BadgePicture(
        title=name,
        institution=settings.institution,
        colour=settings.institution_colour,
        accent=settings.institution_accent,
        icon=icon,
    )


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


@lru_cache(maxsize=32)
def _drawn_pair(picture: BadgePicture) -> Pictures:
    return Pictures(draw_png(picture), draw_svg(picture).encode())


@lru_cache(maxsize=64)
def _drawn(picture: BadgePicture) -> bytes:
    return draw_png(picture)


def _pictured(conn: Connection, achievement_id: str) -> Any:
    row = conn.execute(_PICTURED, {"achievement": achievement_id}).first()
    if row is None:
        raise NotFound
    return row


def _note(conn: Connection, achievement_id: str, digests: dict[str, str]) -> None:
    conn.execute(update(ACHIEVEMENT).where(ACHIEVEMENT.c.id == achievement_id).values(digests))
