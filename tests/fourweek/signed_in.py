"""A visitor with the roles that the database holds."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from fourweek.accounts.access import Visit, Visitor, identify
from fourweek.accounts.models import SignIn
from fourweek.database import add, new_id


def visitor_of(conn: Connection, person_id: str, at: datetime) -> Visitor:
    """The person at `at`, found as a request finds them, through a sign-in of their own."""
    token, ends = new_id(), at + timedelta(days=1)
    add(
        conn,
        SignIn(id=new_id(), token_hash=token, person_id=person_id, created_at=at, seen_at=at, ends_at=ends),
    )
    return identify(conn, Visit(real=at, token_hash=token), at - timedelta(hours=1))
