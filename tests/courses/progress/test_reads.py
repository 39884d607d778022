"""Reading marks in the database."""

from sqlalchemy import Connection, select

from courses.catalogue.models import Lesson
from courses.progress.queries import reads, reads_of_many
from courses.progress.service import mark_read, mark_unread
from fourweek.database import table
from tests import factories as make

LESSON = table(Lesson)


def _lessons(conn: Connection, made: make.MadeCourse) -> list[str]:
    wanted = select(LESSON.c.id).where(LESSON.c.module_id == made.modules[0]).order_by(LESSON.c.position)
    return list(conn.execute(wanted).scalars())


def test_marks_are_kept_once_and_taken_back(conn: Connection) -> None:
    made = make.course(conn)
    cohort = make.cohort(conn, made)
    alice, bob = make.enrol(conn, cohort, make.person(conn)), make.enrol(conn, cohort, make.person(conn, "Bob"))
    first, second = _lessons(conn, made)
    mark_read(conn, alice, first, make.START)
    mark_read(conn, alice, first, make.START)
    mark_read(conn, alice, second, make.START)
    mark_read(conn, bob, second, make.START)
    assert reads(conn, alice) == {first, second}
    mark_unread(conn, alice, second)
    mark_unread(conn, alice, second)
    assert reads_of_many(conn, [alice, bob]) == {alice: {first}, bob: {second}}
    assert reads_of_many(conn, []) == {}
