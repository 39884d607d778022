"""The table works dates out once for many and asks the database who may differ: it says what each place says alone."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from courses.cohorts.grid.pages import reasons
from courses.cohorts.grid.queries import grid_table
from courses.cohorts.models import Extension, Section
from courses.enrolment.access import ENROLMENT, Place, places
from courses.enrolment.models import Enrolment
from courses.schedule.terms import Pacing
from fourweek.accounts.models import Role
from fourweek.database import Database, add, new_id
from tests import factories

PEOPLE = 40
DAY = timedelta(days=1)
ZONES = (None, "Asia/Kolkata", "Pacific/Apia", "America/Los_Angeles")


@pytest.mark.parametrize("pacing", Pacing)
@pytest.mark.parametrize("seed", range(3))
def test_table_says_what_each_place_says_alone(db: Database, seed: int, pacing: Pacing) -> None:
    chance = random.Random(seed)  # noqa: S311 a chance that is the same every time
    lead = db.write_now(factories.with_role, Role.LEAD, "Lara Lead")
    cohort = db.write_now(_fill, chance, pacing)
    visitor = factories.visitor(lead, factories.START + chance.randint(0, 30) * DAY, (Role.LEAD, ""))
    alone = {one.enrolment_id: one for one in db.read_now(places, ENROLMENT.c.cohort_id == cohort)}
    own = {key: one.all_dates(visitor.now.school) for key, one in alone.items()}
    usual = {key: _usual(one).all_dates(visitor.now.school) for key, one in alone.items()}
    _, everybody = db.read_now(grid_table, visitor, cohort, ("", "", False))
    assert {one.enrolment_id: one.dates.own for one in everybody} == own
    _, differing = db.read_now(grid_table, visitor, cohort, ("", "", True))
    wanted = {key for key in own if any(map(reasons, own[key], usual[key]))}
    assert {one.enrolment_id for one in differing} == wanted
    assert 0 < len(wanted) < PEOPLE


def _usual(place: Place) -> Place:
    """Somebody without anything of their own; with one pace for all, who was there from the start."""
    changes: dict[str, Any] = {"section": None, "extensions": ()}
    if place.cohort.rules.pacing is Pacing.COHORT:
        changes["enrolled_at"] = factories.BEFORE
    return Place(**{name: getattr(place, name) for name in Place.__slots__} | changes)


def _fill(conn: Connection, chance: random.Random, pacing: Pacing) -> str:
    made = factories.course(conn)
    cohort = factories.cohort(conn, made, zone=chance.choice(ZONES) or "UTC", pacing=pacing)
    sections = [
        Section(id=new_id(), cohort_id=cohort, name=f"Section {n}", zone=zone, shift_days=chance.choice((0, 0, 2)))
        for n, zone in enumerate(ZONES)
    ]
    add(conn, *sections)
    rows = [
        Enrolment(
            id=new_id(),
            cohort_id=cohort,
            person_id=factories.person(conn, f"Learner {n}"),
            section_id=chance.choice((None, None, *(one.id for one in sections))),
            enrolled_at=factories.BEFORE + chance.choice((0, 0, 0, 8 * 24, 20 * 24, chance.randint(0, 700))) * DAY / 24,
        )
        for n in range(PEOPLE)
    ]
    add(conn, *rows)
    add(conn, *(_extension(row.id, chance) for row in chance.sample(rows, 8)))
    return cohort


def _extension(enrolment_id: str, chance: random.Random) -> Extension:
    return Extension(
        id=new_id(),
        enrolment_id=enrolment_id,
        module_number=chance.choice((None, 2)),
        shift_days=chance.choice((0, 3)),
        opens_all=chance.choice((True, False)),
        reason="Ill.",
        granted_at=factories.BEFORE,
    )
