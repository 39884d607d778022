"""Awards that are not signed, for tests of their places and of what is done with them."""

from typing import Any

from sqlalchemy import Connection

from tests.assessments.badges.factories import an_award
from tests.assessments.credit.factories import learning

BASE = "https://badges.example"


def award(conn: Connection, /, name: str = "Alice Brook", **changes: Any) -> str:
    """An award of a course of its own, under an address that is noted; returns the id."""
    return an_award(conn, learning(conn, weeks=1, name=name), **{"base_url": BASE, **changes})
