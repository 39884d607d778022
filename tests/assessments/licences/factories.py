"""Licences for tests."""

from datetime import date
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Connection

from assessments.licences.models import Licence
from fourweek.database import add, new_id
from tests.factories import BEFORE

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


def licence(conn: Connection, /, person_id: str, **values: Any) -> str:
    """A Florida licence whose window ends on 28 February 2027, unless said otherwise; returns its id."""
    given: dict[str, Any] = {
        "board": "us-fl-pe",
        "profession": "Professional engineer",
        "jurisdiction": "US-FL",
        "number": "0071482",
        "ends_on": date(2027, 2, 28),
        "zone": "America/New_York",
    }
    made = Licence(id=new_id(), person_id=person_id, made_at=BEFORE, **(given | values))
    add(conn, made)
    return made.id
