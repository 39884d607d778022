"""Exemplars are public as the rubric is: on the course page, beside the learner's work and on the grader's screen."""

import re
from typing import Any

import pytest
from sqlalchemy import Connection, update

from assessments.rubrics.models import Level
from fourweek.accounts.models import Role
from fourweek.database import table
from fourweek.edge import House
from tests import factories as make

EXAMPLE = "<p>“The pump ran <em>two</em> days.”</p>"
LEVEL = table(Level)
FOLDED = re.compile(rf'<details class="exemplar" hx-disable><summary>[^\n]*</summary>\s*{re.escape(EXAMPLE)}</details>')


@pytest.fixture
def places(house: House) -> dict[str, str]:
    """Where a rubric with one exemplar is shown, and who looks: {person or "": path}."""

    def fill(conn: Connection) -> dict[str, str]:
        made = make.course(conn, 1)
        level = made.levels[made.criteria[0][0]][1]
        conn.execute(update(LEVEL).where(LEVEL.c.id == level).values(exemplar=EXAMPLE, exemplar_source="“The …”"))
        cohort = make.cohort(conn, made)
        learner, grader = make.person(conn), make.with_role(conn, Role.GRADER)
        submission = make.submission(conn, made, make.enrol(conn, cohort, learner))
        return {
            "": f"/courses/{made.code}",
            learner: f"/cohorts/{cohort}/modules/1/assignments/note-1",
            grader: f"/grading/{submission}",
        }

    return house.db.write_now(fill)


def test_exemplar_is_folded_beside_its_level(places: dict[str, str], browser: Any) -> None:
    for person, path in places.items():
        page = (browser(person) if person else browser()).get(path)
        assert page.status_code == 200, path
        assert len(FOLDED.findall(page.text)) == 1, path
