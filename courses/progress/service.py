"""Marking lessons as read and where reading stopped. No acts: they leave no audit row and earn nothing."""

from datetime import datetime

from sqlalchemy import Connection, delete, update

from courses.progress.models import LessonRead, ReadingPlace
from courses.progress.queries import READ, STOPPED
from fourweek.database import add_once


def mark_read(conn: Connection, enrolment_id: str, lesson_id: str, now: datetime) -> None:
    """Note a lesson as read; the first time is kept. `now` is the school's clock."""
    add_once(conn, LessonRead(enrolment_id=enrolment_id, lesson_id=lesson_id, read_at=now))


def mark_unread(conn: Connection, enrolment_id: str, lesson_id: str) -> None:
    conn.execute(delete(READ).where(READ.c.enrolment_id == enrolment_id, READ.c.lesson_id == lesson_id))


def keep_place(conn: Connection, enrolment_id: str, lesson_id: str, heading: str, now: datetime) -> None:
    """Note where reading stopped; the last word counts. `now` is the school's clock."""
    place = ReadingPlace(enrolment_id=enrolment_id, lesson_id=lesson_id, heading=heading, at=now)
    mine = update(STOPPED).where(STOPPED.c.enrolment_id == enrolment_id)
    changed = mine.values(lesson_id=lesson_id, heading=heading, at=now)
    if not conn.execute(changed).rowcount and not add_once(conn, place):
        conn.execute(changed)
