"""What home says to graders: how much waits for them."""

from sqlalchemy import Connection

from assessments.appeals.listing import told_of
from assessments.grading.counted import MOST, counts
from assessments.grading.parts import Part
from assessments.grading.queue import queue_values, say_free
from fourweek.accounts.access import Visitor
from fourweek.language import _, n_


def to_grade(conn: Connection, visitor: Visitor) -> str:
    """What waits in the visitor's queue, in sentences; two statements. Raises NotFound for people who grade nowhere."""
    found = counts(conn, queue_values(visitor))
    said = (
        say_free(found) or _("Nothing waits for a grader."),
        _say_overdue(found[Part.OVERDUE]),
        _say_mine(found[Part.MINE]),
        _say_appeals(told_of(conn, visitor).waiting),
    )
    return " ".join(filter(None, said))


def _say_overdue(count: int) -> str:
    if count > MOST:
        return _("More than {count} are overdue.", count=MOST)
    return n_("{count} is overdue.", "{count} are overdue.", count) if count else ""


def _say_mine(count: int) -> str:
    return n_("{count} is on your desk.", "{count} are on your desk.", count) if count else ""


def _say_appeals(count: int) -> str:
    return n_("{count} appeal waits to be judged.", "{count} appeals wait to be judged.", count) if count else ""
