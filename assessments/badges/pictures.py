"""Pictures of badges: an achievement's own pair from the store, or drawn; the baked ones from the store."""

from functools import cache, lru_cache
from typing import Any

import anyio
import anyio.to_thread
from sqlalchemy import Connection, Select, bindparam, select, update

from assessments.badges.models import OwnPicture
from assessments.badges.picture import MICROCREDENTIAL, SERIES, BadgePicture, draw_png, draw_svg
from assessments.badges.queries import ACHIEVEMENT
from courses.cohorts.queries import COURSE
from fourweek.accounts.access import Visitor
from fourweek.database import Database
from fourweek.edge import House
from fourweek.errors import NotFound
from fourweek.light import dataclass
from fourweek.settings import Settings
from fourweek.storage import Store
from fourweek.storage.aside import read_aside

_AT_ONCE = 1
_PICTURED: Select[Any] = select(
    *(ACHIEVEMENT.c[name] for name in ("name", "icon", "own_picture", "picture_sha256", "svg_sha256")),
    ACHIEVEMENT.c.series_rule_id.is_not(None).label("of_series"),
)
_OF_ONE = _PICTURED.where(ACHIEVEMENT.c.id == bindparam("achievement"))
_OF_COURSE = _PICTURED.join(COURSE, COURSE.c.current_version_id == ACHIEVEMENT.c.version_id).where(
    COURSE.c.code == bindparam("code")
)


@dataclass(frozen=True, slots=True)
class Pictures:
    """One picture in two forms, unbaked."""

    png: bytes
    svg: bytes


@dataclass(frozen=True, slots=True)
class Pictured:
    """What an achievement's picture is drawn from, and where both forms are kept; "" while they are not."""

    name: str
    icon: str
    own_picture: OwnPicture
    picture_sha256: str
    svg_sha256: str
    of_series: bool

    def drawing(self, settings: Settings) -> BadgePicture:
        return badge_picture(settings, self.name, self.icon, of_series=self.of_series)


def achievement_pictures(db: Database, store: Store, settings: Settings, achievement_id: str) -> Pictures:
    """The achievement's pictures; drawn and kept when they are first needed, or the store has lost one.

    Slow: not on the loop, not in a transaction. Raises NotFound for an unknown achievement, and for an author's picture
    that the store has lost: nobody can draw that again.
    """
    found = db.read_now(_pictured, _OF_ONE, {"achievement": achievement_id})
    try:
        return Pictures(read_picture(store, found.picture_sha256), read_picture(store, found.svg_sha256))
    except NotFound:
        if found.own_picture is not OwnPicture.DRAWN:
            raise
    made = _drawn(found.drawing(settings))
    digests = {"picture_sha256": store.keep_bytes(made.png).sha256, "svg_sha256": store.keep_bytes(made.svg).sha256}
    db.write_now(_note, achievement_id, digests)
    return made


def pictured(conn: Connection, _visitor: Visitor, achievement_id: str) -> Pictured:
    """The picture of an achievement. Raises NotFound."""
    return _pictured(conn, _OF_ONE, {"achievement": achievement_id})


def pictured_of_course(conn: Connection, _visitor: Visitor, code: str) -> Pictured:
    """The picture of what one earns in a course as it is taught now. Raises NotFound."""
    return _pictured(conn, _OF_COURSE, {"code": code})


async def shown(house: House, found: Pictured, *, svg: bool = False) -> bytes:
    """The achievement's picture for a page: the one that is kept, else drawn and not kept. Raises NotFound."""
    if found.picture_sha256 and found.svg_sha256:
        return await read_aside(read_picture, house.store, found.svg_sha256 if svg else found.picture_sha256)
    made = await drawn(found.drawing(house.settings))
    return made.svg if svg else made.png


def badge_picture(settings: Settings, name: str, icon: str, *, of_series: bool = False) -> BadgePicture:
    """What is drawn for a badge of this name in the institution's colours."""
    return BadgePicture(
        title=name,
        institution=settings.institution,
        colour=settings.institution_colour,
        accent=settings.institution_accent,
        icon=icon,
        note=SERIES if of_series else MICROCREDENTIAL,
    )


def read_picture(store: Store, sha256: str) -> bytes:
    """A picture from the store; not on the loop. Raises NotFound."""
    if not sha256:
        raise NotFound
    with store.open(sha256) as file:
        return file.read()


async def drawn(picture: BadgePicture) -> Pictures:
    """The picture, drawn in a thread and one at a time."""
    return await anyio.to_thread.run_sync(_drawn, picture, limiter=_pen())


@cache
def _pen() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(_AT_ONCE)


@lru_cache(maxsize=64)
def _drawn(picture: BadgePicture) -> Pictures:
    return Pictures(draw_png(picture), draw_svg(picture).encode())


def _pictured(conn: Connection, wanted: Select[Any], by: dict[str, str]) -> Pictured:
    row = conn.execute(wanted, by).first()
    if row is None:
        raise NotFound
    return Pictured(*row)


def _note(conn: Connection, achievement_id: str, digests: dict[str, str]) -> None:
    conn.execute(update(ACHIEVEMENT).where(ACHIEVEMENT.c.id == achievement_id).values(digests))
