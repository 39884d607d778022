"""Who writes which course."""

from typing import Any

from sqlalchemy import Row

from fourweek.accounts.access import Permission, Visitor
from fourweek.errors import NotFound


def of_a_writer(visitor: Visitor, row: Row[Any] | None) -> Row[Any]:
    """What was read of a course, with its `course_id`, for whoever writes that course.

    Forbidden for those who write none, NotFound for another's course and where nothing was read.
    """
    me = visitor.need_anywhere(Permission.PUBLISH_COURSE)
    if row is None or not me.may(Permission.PUBLISH_COURSE, row.course_id):
        raise NotFound
    return row
