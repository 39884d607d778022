"""Browsers that somebody has signed in with before: what others try upon the account does not slow them."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, update

from fourweek.accounts.models import KnownDevice
from fourweek.accounts.service import digest
from fourweek.database import add_once, new_id, table
from fourweek.light import dataclass

DEVICE: Final = table(KnownDevice)
KNOWN_FOR: Final = timedelta(days=365)
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Device:
    """The browser that asks: what it calls itself, and the value of the cookie that we know it by."""

    name: str
    token: str


def remember(conn: Connection, person_id: str, device: Device, now: datetime) -> None:
    """Note that the person has signed in with this browser. One browser may be known for several people."""
    known, name = digest(device.token), device.name[:_LONGEST]
    mine = update(DEVICE).where(DEVICE.c.token_hash == known, DEVICE.c.person_id == person_id)
    if not conn.execute(mine.values(seen_at=now, name=name)).rowcount:
        row = KnownDevice(id=new_id(), token_hash=known, person_id=person_id, name=name, made_at=now, seen_at=now)
        add_once(conn, row)


def forget(conn: Connection, person_id: str) -> None:
    """Know none of the person's browsers any more."""
    conn.execute(delete(DEVICE).where(DEVICE.c.person_id == person_id))


def clear_old(conn: Connection, now: datetime) -> None:
    """Forget browsers that nobody signed in with for a year. For the worker."""
    conn.execute(delete(DEVICE).where(DEVICE.c.seen_at <= now - KNOWN_FOR))
