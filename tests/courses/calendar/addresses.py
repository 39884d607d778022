"""Calendar addresses for tests."""

import secrets

from sqlalchemy import Connection

from courses.calendar.models import CalendarAddress
from fourweek.accounts.service import digest
from fourweek.database import add, new_id
from tests.factories import BEFORE


def give_address(conn: Connection, person_id: str, /) -> str:
    """Gives somebody a calendar address; returns its path."""
    token = secrets.token_urlsafe(32)
    add(conn, CalendarAddress(id=new_id(), person_id=person_id, token_hash=digest(token), created_at=BEFORE))
    return f"/calendar/{token}.ics"
