"""A cohort with a section, its learners, and those who may or may not write to them."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, update

from courses.cohorts.models import Section
from courses.enrolment.access import ENROLMENT
from fourweek.accounts.models import Role
from fourweek.database import Database, add, new_id, table
from fourweek.edge import House
from fourweek.outbox import OUTBOX
from tests import factories as make
from tests.courses.learning.school import School, build


@dataclass(slots=True)
class Hall:
    """Ivan teaches the cohort, Jade another; Alice is in the whole cohort, Erin in its section."""

    school: School
    db: Database
    section: str
    ivan: str
    jade: str
    erin: str

    @property
    def at(self) -> str:
        return self.school.at("/announcements")

    def rows(self, model: Any) -> list[Any]:
        wanted = table(model).select().order_by(table(model).c.id)
        return list(self.db.read_now(lambda conn: conn.execute(wanted).all()))

    def letters(self) -> list[tuple[str, str]]:
        """(person, subject's title) of every letter about an announcement, by key."""
        wanted = OUTBOX.select().where(OUTBOX.c.kind == "announcement").order_by(OUTBOX.c.key)
        found = self.db.read_now(lambda conn: conn.execute(wanted).all())
        return sorted((row.person_id, row.data["title"]) for row in found)


def _fill(conn: Connection) -> tuple[School, str, str, str, str]:
    school = build(conn)
    section = new_id()
    add(conn, Section(id=section, cohort_id=school.cohort, name="Evenings"))
    erin = make.person(conn, "Erin Brook")
    enrolment = make.enrol(conn, school.cohort, erin)
    conn.execute(update(ENROLMENT).where(ENROLMENT.c.id == enrolment).values(section_id=section))
    ivan = make.with_role(conn, Role.INSTRUCTOR, "Ivan Teach", school.cohort)
    jade = make.with_role(conn, Role.INSTRUCTOR, "Jade Other", school.other)
    return school, section, ivan, jade, erin


@pytest.fixture
def hall(house: House) -> Hall:
    school, section, ivan, jade, erin = house.db.write_now(_fill)
    return Hall(school, house.db, section, ivan, jade, erin)
