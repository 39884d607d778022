"""Places of awards in status lists: drawn at random, never given twice, kept by an award until its bit is set."""

import secrets
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, func, select, update

from assessments.badges.models import Award
from assessments.status.bits import SMALLEST
from assessments.status.models import StatusEntry, StatusList
from fourweek.database import add_once, lock, new_id, table
from fourweek.light import dataclass

SIZE: Final = SMALLEST
PURPOSE: Final = "revocation"

AWARD, ENTRY, LIST = table(Award), table(StatusEntry), table(StatusList)
_OTHER = ENTRY.alias("other")
NEWEST_PLACE = (
    select(_OTHER.c.id)
    .where(_OTHER.c.award_id == AWARD.c.id)
    .order_by(_OTHER.c.id.desc())
    .limit(1)
    .correlate(AWARD)
    .scalar_subquery()
)
"""For statements over awards: the id of the place that each took last."""

_AWARD: Select[Any] = select(AWARD.c.base_url, AWARD.c.revoked_at).where(AWARD.c.id == bindparam("award"))
_NEWEST: Select[Any] = (
    select(ENTRY.c.id, ENTRY.c.place, ENTRY.c.set_at, ENTRY.c.list_id, LIST.c.number, LIST.c.base_url)
    .join(LIST, LIST.c.id == ENTRY.c.list_id)
    .where(ENTRY.c.award_id == bindparam("award"))
    .order_by(ENTRY.c.id.desc())
    .limit(1)
)
_OPEN: Select[Any] = (
    select(LIST.c.id, LIST.c.number, LIST.c.size, LIST.c.taken)
    .where(LIST.c.base_url == bindparam("base"))
    .order_by(LIST.c.number.desc())
    .limit(1)
    .with_for_update()
)
_NUMBERS = select(func.coalesce(func.max(LIST.c.number), 0))


@dataclass(frozen=True, slots=True)
class Place:
    """The place of an award: bit `index` of list `number`, which lies under `base_url`."""

    entry_id: str
    number: int
    index: int
    is_set: bool
    base_url: str


def take_place(conn: Connection, award_id: str, now: datetime, base_url: str = "") -> Place:
    """The place that the award's next signed form names: its newest one, or a new one where that is used up.

    It lies under the address that the award is noted under, else under `base_url`. A revoked award keeps the place
    whose bit is set, and gets a new one set at once. Locks the award. `now` is the real clock.
    """
    lock(conn, AWARD, award_id)
    award = conn.execute(_AWARD, {"award": award_id}).one()
    found = newest_place(conn, award_id)
    if found is not None and (not found.is_set or award.revoked_at is not None):
        return found
    base = award.base_url or base_url
    open_list = _open_list(conn, base, now)
    entry = _draw(conn, open_list, award_id, now)
    conn.execute(update(LIST).where(LIST.c.id == open_list.id).values(taken=LIST.c.taken + 1))
    if award.revoked_at is not None:
        set_bit(conn, entry.id, now)
    return Place(entry.id, open_list.number, entry.place, award.revoked_at is not None, base)


def newest_place(conn: Connection, award_id: str) -> Place | None:
    """The place that the award took last; None while it has none."""
    row = conn.execute(_NEWEST, {"award": award_id}).first()
    return Place(row.id, row.number, row.place, row.set_at is not None, row.base_url) if row else None


def set_bit(conn: Connection, entry_id: str, now: datetime) -> bool:
    """Set the bit of a place, for good; its list is signed anew when it is next asked for. False if it was set."""
    setting = update(ENTRY).where(ENTRY.c.id == entry_id, ENTRY.c.set_at.is_(None)).values(set_at=now)
    list_id = conn.execute(setting.returning(ENTRY.c.list_id)).scalar()
    if list_id is None:
        return False
    conn.execute(update(LIST).where(LIST.c.id == list_id).values(changes=LIST.c.changes + 1))
    return True


def list_url(base_url: str, number: int) -> str:
    """Where a list is read, and its id."""
    return f"{base_url}/status/{number}"


def status_object(base_url: str, place: Place) -> dict[str, str]:
    """The `credentialStatus` of a badge; `base_url` is the address that its own id begins with."""
    address = list_url(base_url, place.number)
    return {
        "id": f"{address}#{place.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": PURPOSE,
        "statusListIndex": str(place.index),
        "statusListCredential": address,
    }


def _open_list(conn: Connection, base_url: str, now: datetime) -> Row[Any]:
    """The list under this address that still takes awards, locked: the newest, until it is half full."""
    found = conn.execute(_OPEN, {"base": base_url}).first()
    while found is None or found.taken >= found.size // 2:
        number = conn.execute(_NUMBERS).scalar_one() + 1
        # A list that another made before the number was read is found now; one made later has that number.
        again = conn.execute(_OPEN, {"base": base_url}).first()
        if (again and again.id) == (found and found.id):
            add_once(conn, StatusList(id=new_id(), number=number, base_url=base_url, size=SIZE, created_at=now))
            again = conn.execute(_OPEN, {"base": base_url}).first()
        found = again
    return found


def _draw(conn: Connection, open_list: Row[Any], award_id: str, now: datetime) -> StatusEntry:
    """A place that nobody had: in a list at most half full, two draws do on average."""
    while True:
        place = secrets.randbelow(open_list.size)
        entry = StatusEntry(id=new_id(), list_id=open_list.id, place=place, award_id=award_id, taken_at=now)
        if add_once(conn, entry):
            return entry
