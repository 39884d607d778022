"""Courses that are met, and badges awarded for them."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from assessments.badges.awarding import new_slug
from assessments.badges.identity import new_salt
from assessments.badges.keys import load_keys
from assessments.badges.models import Achievement, Award
from assessments.badges.queries import AWARD, ISSUE, achievement_shown
from assessments.badges.service import award_due_badges
from assessments.badges.snapshot import AwardSnapshot, EvidenceShown
from assessments.credit.service import record_due_credit
from fourweek.clock import Now
from fourweek.database import Database, add, new_id
from fourweek.edge import House
from tests import factories as make
from tests.assessments.credit.factories import LATER, NOW, Learning, demonstrate_all, learning


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


def an_award(conn: Connection, /, who: Learning | None = None, **changes: Any) -> str:
    """A row of an award that is not signed, without the work for it; returns its id."""
    who = who or learning(conn, weeks=1)
    shown = achievement_shown(conn, achievement(conn, who.course))
    assert shown is not None
    reached = replace(shown, rubric=tuple(replace(entry, reached=entry.required_level) for entry in shown.rubric))
    snapshot = AwardSnapshot(
        holder="Alice Brook",
        institution="Test Institute",
        achievement=reached,
        minutes=shown.minutes,
        ceu_tenths=shown.ceu_tenths,
        completed_on=LATER.date(),
        zone="UTC",
        evidence=(EvidenceShown(name="Note 1: Report", narrative="A text for week 1.", sha256="ab" * 32),),
    )
    row = {
        "id": new_id(),
        "slug": new_slug(),
        "person_id": who.person_id,
        "achievement_id": shown.id,
        "enrolment_id": who.enrolment_id,
        "awarded_at": LATER,
        "subject_id": f"urn:uuid:{uuid.uuid4()}",
        "salt": new_salt(),
        "snapshot": snapshot.stored(),
        "recorded_at": LATER,
    }
    made = Award(**{**row, **changes})
    add(conn, made)
    return made.id


def sweep(house: House, now: Now = NOW) -> int:
    """What the worker does for badges; returns how many were signed."""
    record_due_credit(house.db, now)
    return award_due_badges(house.db, house.store, load_keys(house.settings), house.settings, now)


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
