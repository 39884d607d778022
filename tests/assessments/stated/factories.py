"""Credit from elsewhere for tests."""

from datetime import date
from typing import Any

from sqlalchemy import Connection

from assessments.stated.models import StatedCredit
from fourweek.database import add, new_id
from tests.factories import BEFORE


def stated(conn: Connection, /, person_id: str, **values: Any) -> str:
    """Ninety technical minutes at another provider on 1 June 2026, unless said otherwise; returns the id."""
    made = new_id()
    given: dict[str, Any] = {
        "title": "Bridge inspection refresher",
        "provider": "Steel Society",
        "category": "technical",
        "mode": "in_person",
        "completed_on": date(2026, 6, 1),
        "minutes": 90,
        "row_key": made,
        "entered_by": person_id,
        "entered_at": BEFORE,
    }
    add(conn, StatedCredit(id=made, person_id=person_id, **(given | values)))
    return made
