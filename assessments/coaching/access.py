"""A coaching as whoever leads its cohort may hold it: fetched and authorised in one step."""

from typing import Any

from sqlalchemy import Connection

from assessments.coaching.granted import COACHING
from assessments.coaching.queries import TALK
from assessments.grading.access import serves
from fourweek.accounts.access import Permission, Visitor
from fourweek.database import lock
from fourweek.errors import NotFound


def talk_of(conn: Connection, visitor: Visitor, coaching_id: str, *, deciding: bool = False) -> Any:
    """The coaching with its learner, cohort and assignment. Raises NotFound for everybody else, and for one's own.

    With `deciding` it stays locked until the transaction ends.
    """
    values = serves(visitor, Permission.REVIEW_GRADES) | {"coaching": coaching_id.replace("\0", "")}
    if deciding:
        lock(conn, COACHING, values["coaching"])
    row = conn.execute(TALK, values).first()
    if row is None:
        raise NotFound
    return row
