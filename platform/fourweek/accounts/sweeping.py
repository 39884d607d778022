"""What the worker clears away of accounts, at each tick."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, or_

from fourweek.accounts import known_devices
from fourweek.accounts.service import clear_ended
from fourweek.outbox import OUTBOX

UNSENT_FOR: Final = timedelta(days=7)
"""How long a letter that never left stays, when it is for an address that somebody only typed."""


def sweep(conn: Connection, now: datetime) -> int:
    """Sign-ins, links and wishes that are over, browsers unseen for a year, and letters to addresses without a person.

    `now` is the real clock's. Whatever was typed of people who have no account is gone with that. Returns how many
    sign-ins went.
    """
    gone = clear_ended(conn, now)
    known_devices.clear_old(conn, now)
    left = or_(OUTBOX.c.sent_at.is_not(None), OUTBOX.c.created_at <= now - UNSENT_FOR)
    conn.execute(delete(OUTBOX).where(OUTBOX.c.person_id.is_(None), left))
    return gone
