"""Marking lessons as read. No act: it leaves no audit row and earns nothing."""

from datetime import datetime

from sqlalchemy import Connection, delete

from courses.progress.models import LessonRead
from courses.progress.queries import READ
from fourweek.database import add_once


def mark_read(conn: Connection, enrolment_id: str, lesson_id: str, now: datetime) -> None:
    """Note a lesson as read; the first time is kept. `now` is the school's clock."""
    add_once(conn, LessonRead(enrolment_id=enrolment_id, lesson_id=lesson_id, read_at=now))


def mark_unread(conn: Connection, enrolment_id: str, lesson_id: str) -> None:
    conn.execute(delete(READ).where(READ.c.enrolment_id == enrolment_id, READ.c.lesson_id == lesson_id))
