"""Awards that are not signed, for tests of their places and of what is done with them."""

import uuid
from typing import Any

from sqlalchemy import Connection

from assessments.badges.awarding import new_slug
from assessments.badges.models import Award
from fourweek.database import add, new_id
from tests import factories as make
from tests.assessments.badges.factories import achievement

BASE = "https://badges.example"


def award(conn: Connection, person_id: str = "", name: str = "Alice Brook", **changes: Any) -> str:
    """An award of a course of its own, without a signed form; returns the id."""
    course = make.course(conn, weeks=1)
    who = person_id or make.person(conn, name)
    values: dict[str, Any] = {
        "id": new_id(),
        "slug": new_slug(),
        "person_id": who,
        "achievement_id": achievement(conn, course),
        "enrolment_id": make.enrol(conn, make.cohort(conn, course), who),
        "awarded_at": make.START,
        "subject_id": f"urn:uuid:{uuid.uuid4()}",
        "salt": "salt",
        "base_url": BASE,
        "recorded_at": make.START,
    }
    row = Award(**(values | changes))
    add(conn, row)
    return row.id
