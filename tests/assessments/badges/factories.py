"""Courses that are met, and badges awarded for them."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from assessments.badges.keys import load_keys
from assessments.badges.models import Achievement
from assessments.badges.queries import AWARD, ISSUE
from assessments.badges.service import award_due_badges
from assessments.credit.service import record_due_credit
from fourweek.clock import Now
from fourweek.database import Database, add, new_id
from fourweek.edge import House
from tests import factories as make
from tests.assessments.credit.factories import NOW, Learning, demonstrate_all, learning


def achievement(conn: Connection, course: make.MadeCourse, name: str = "Runs a Reliable Service") -> str:
    row = Achievement(
        id=new_id(),
        version_id=course.version_id,
        name=name,
        description="Runs a service that keeps its promise.",
        criteria="Evidence for all four weeks was judged.\n\nEvery required criterion was demonstrated.",
        created_at=make.BEFORE,
    )
    add(conn, row)
    return row.id


def ready(conn: Connection, name: str = "Alice Brook") -> Learning:
    """Somebody whose whole course was demonstrated; credit is not recorded yet."""
    who = learning(conn, name=name)
    achievement(conn, who.course)
    demonstrate_all(conn, who)
    return who


def sweep(house: House, now: Now = NOW) -> int:
    """What the worker does for badges; returns how many were signed."""
    record_due_credit(house.db, now)
    return award_due_badges(house.db, house.store, load_keys(house.settings.keys), house.settings, now)


@dataclass(frozen=True, slots=True)
class Awarded:
    who: Learning
    award_id: str
    slug: str
    document: bytes
    picture_sha256: str


def awarded(house: House, name: str = "Alice Brook") -> Awarded:
    """A badge awarded and signed by the sweep."""
    who = house.db.write_now(ready, name)
    assert sweep(house) == 1
    return of_person(house.db, who)


def of_person(db: Database, who: Learning) -> Awarded:
    wanted = select(AWARD.c.id, AWARD.c.slug, ISSUE.c.document, ISSUE.c.picture_sha256)
    joined = wanted.join(ISSUE, ISSUE.c.award_id == AWARD.c.id).where(AWARD.c.person_id == who.person_id)
    row = db.read_now(lambda conn: conn.execute(joined).one())
    return Awarded(who, row.id, row.slug, row.document, row.picture_sha256)
