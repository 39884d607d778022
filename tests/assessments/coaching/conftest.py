"""Alice has used her only attempt; Lena leads her cohort, Bob's is another one."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, update

from assessments.assignments.models import Assignment
from assessments.grading.models import Outcome
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from fourweek.database import table
from fourweek.edge import House
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.evidence.school import NOON, School, build, decide, set_clock


@dataclass(slots=True)
class Ended:
    """`lena` and `otto` lead the cohort, `nora` another one."""

    school: School
    lena: str
    otto: str
    nora: str

    @property
    def ask_at(self) -> str:
        return f"{self.school.at}/coaching"

    def lead(self, person_id: str) -> Visitor:
        return make.visitor(person_id, NOON, (Role.LEAD, self.school.cohort))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"demo": True})


@pytest.fixture
def ended(app: FastAPI, house: House) -> Ended:
    made = house.db.write_now(_build)
    set_clock(house.db, NOON)
    return made


def _build(conn: Connection) -> Ended:
    school = build(conn)
    conn.execute(update(table(Assignment)).values(max_attempts=1))
    lena, otto = (make.with_role(conn, Role.LEAD, name, school.cohort) for name in ("Lena Lund", "Otto Ohm"))
    nora = make.with_role(conn, Role.LEAD, "Nora Nest", make.cohort(conn, school.made))
    come_back(conn, school)
    return Ended(school, lena, otto, nora)


def come_back(conn: Connection, school: School, attempt: int = 1, outcome: Outcome = Outcome.NOT_YET) -> str:
    sent = make.submission(conn, school.made, school.enrolment, attempt=attempt, at=NOON - timedelta(hours=3))
    decide(conn, school, sent, outcome, NOON - timedelta(hours=1))
    return sent
