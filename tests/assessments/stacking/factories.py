"""Series with a rule, and badges of their courses."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from assessments.badges.awarding import new_slug
from assessments.badges.identity import new_salt
from assessments.badges.models import Achievement, Award
from assessments.badges.queries import achievement_shown
from assessments.badges.snapshot import AwardSnapshot
from assessments.stacking.models import SeriesRule, SeriesRuleCourse, StackKind
from courses.series.models import Series, SeriesCourse
from fourweek.clock import Now
from fourweek.database import add, new_id
from tests import factories as make
from tests.assessments.badges.factories import achievement

LONG_AGO = make.BEFORE - timedelta(days=4000)
TODAY = make.START + timedelta(days=60)
NOW = Now(real=TODAY, school=TODAY)


@dataclass(slots=True)
class MadeSeries:
    """A public series of courses with one week each; `achievements` are those of the courses."""

    id: str
    code: str
    courses: list[make.MadeCourse] = field(default_factory=list)
    cohorts: list[str] = field(default_factory=list)
    achievements: list[str] = field(default_factory=list)
    rule_id: str = ""
    achievement_id: str = ""


def series(conn: Connection, count: int = 3, code: str = "steps") -> MadeSeries:
    made = MadeSeries(new_id(), code)
    row = Series(id=made.id, code=code, title="Steps", summary="One by one.", created_at=make.BEFORE)
    row.published_at = make.BEFORE
    add(conn, row)
    for number in range(1, count + 1):
        course = make.course(conn, weeks=1, minutes=120, title=f"Step {number}")
        made.courses.append(course)
        made.cohorts.append(make.cohort(conn, course))
        made.achievements.append(achievement(conn, course, f"Took step {number}"))
        add(conn, SeriesCourse(series_id=made.id, course_id=course.course_id, position=number))
    return made


def rule(conn: Connection, made: MadeSeries, /, needed: int = 0, number: int = 1, **changes: Any) -> str:
    """A rule of all the series' courses, or of `needed` of them; returns its achievement's id. Months: `months`."""
    months, since = changes.pop("months", 0), changes.pop("since", LONG_AGO)
    made.rule_id, made.achievement_id = new_id(), new_id()
    row = SeriesRule(
        id=made.rule_id,
        series_id=made.id,
        number=number,
        kind=StackKind.SOME if needed else StackKind.ALL,
        needed=needed or len(made.courses),
        within_months=months,
        made_at=since,
    )
    add(conn, row)
    places = enumerate(made.courses, 1)
    add(conn, *(SeriesRuleCourse(rule_id=row.id, course_id=one.course_id, position=at) for at, one in places))
    said = {"name": "Walks in steps", "description": "Walks well.", "criteria": "Every step was taken."}
    badge = Achievement(id=made.achievement_id, series_rule_id=row.id, created_at=make.BEFORE, **{**said, **changes})
    add(conn, badge)
    return made.achievement_id


def badge(conn: Connection, made: MadeSeries, place: int, person_id: str, day: int = 0, /, **changes: Any) -> str:
    """Somebody's badge of the course at this place, from 0, awarded so many days after the start; returns its id."""
    shown = achievement_shown(conn, made.achievements[place])
    assert shown is not None
    at = make.START + timedelta(days=day)
    enrolment = changes.pop("enrolment_id", None) or make.enrol(conn, made.cohorts[place], person_id)
    said = AwardSnapshot(
        holder="Alice Brook",
        institution="Test Institute",
        achievement=shown,
        minutes=120,
        ceu_tenths=2,
        completed_on=at.date(),
        zone="UTC",
        evidence=(),
    )
    row = Award(
        id=new_id(),
        slug=new_slug(),
        person_id=person_id,
        achievement_id=shown.id,
        enrolment_id=enrolment,
        awarded_at=at,
        subject_id=f"urn:uuid:{uuid.uuid4()}",
        salt=new_salt(),
        snapshot=said.stored(),
        recorded_at=at,
    )
    for name, value in changes.items():
        setattr(row, name, value)
    add(conn, row)
    return row.id


def at_day(day: int) -> datetime:
    return make.START + timedelta(days=day)
