"""Live sessions of the demonstration: one an evening each week, and who was there."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Final

from sqlalchemy import select

from assessments.coursework import AssessmentsCoursework
from courses.enrolment.access import LIVE
from courses.live.attendance.rules import Entry
from courses.live.attendance.service import save_list
from courses.live.forms import SessionForm
from courses.live.models import Presence
from courses.live.service import plan_sessions
from fourweek.cli.seed.acts import enrolment_id
from fourweek.cli.seed.calendar import TUESDAY, WEDNESDAY, Calendar, When
from fourweek.cli.seed.running import RUNNING_FIRST_WEEK
from fourweek.cli.seed.stage import Act, Stage
from fourweek.database import new_id

TEACHER, WEEKS = "marta", 4
HELD: Final[tuple[tuple[tuple[str, ...], dict[str, str], tuple[str, ...]], ...]] = (
    (
        ("amara", "jonas", "priya", "daniela", "weiling", "grace", "rafael", "huimin"),
        {"ananya": "Watched the recording and sent her answers to the questions."},
        ("marcus",),
    ),
    (("amara", "daniela", "grace", "rafael", "huimin", "ananya"), {}, ("marcus", "jonas", "priya", "weiling")),
)
"""For each session that was held: who was present, who made it up and how, who was absent."""


def live_acts(calendar: Calendar, cohort: str) -> Iterator[Act]:
    """Sessions every Tuesday evening, and the lists of those that lie behind."""
    first = calendar.day(RUNNING_FIRST_WEEK, TUESDAY)
    yield Act(calendar.at(When(-5, WEDNESDAY, "11:10")), partial(plan, cohort, first))
    for week, (present, made_up, absent) in enumerate(HELD, RUNNING_FIRST_WEEK):
        at = calendar.at(When(week, TUESDAY, "19:10"))
        yield Act(at, partial(record, cohort, calendar.day(week, TUESDAY), (*present, *absent), absent))
        for learner, how in made_up.items():
            later = calendar.at(When(week, WEDNESDAY, "20:30"))
            yield Act(later, partial(make_up, cohort, calendar.day(week, TUESDAY), learner, how))


def plan(cohort: str, first: date, stage: Stage, at: datetime) -> None:
    """The instructor plans the sessions of the whole course in one go."""
    form = SessionForm(
        key=new_id(),
        title="Clinic: your evidence of this week",
        on=first.isoformat(),
        at="18:00",
        minutes="60",
        weekdays=str(TUESDAY),
        weeks=str(WEEKS),
        instructor="Marta Lindqvist",
        join_url="https://meet.harbour.example/clinic",
    )
    stage.house.db.write_now(
        plan_sessions, stage.visitor(TEACHER, at), AssessmentsCoursework(), stage.cohorts[cohort], form
    )


def record(
    cohort: str, day: date, learners: tuple[str, ...], absent: tuple[str, ...], stage: Stage, at: datetime
) -> None:
    """The instructor goes through the list after the session."""
    entries = [
        Entry(enrolment_id(stage, one, cohort), Presence.ABSENT if one in absent else Presence.PRESENT, was="")
        for one in learners
    ]
    _save(cohort, day, entries, stage, at)


def make_up(cohort: str, day: date, learner: str, how: str, stage: Stage, at: datetime) -> None:
    _save(cohort, day, [Entry(enrolment_id(stage, learner, cohort), Presence.MADE_UP, how, was="")], stage, at)


def _save(cohort: str, day: date, entries: list[Entry], stage: Stage, at: datetime) -> None:
    cohort_id = stage.cohorts[cohort]
    wanted = select(LIVE.c.id).where(LIVE.c.cohort_id == cohort_id, LIVE.c.on == day)
    session_id: str = stage.house.db.read_now(lambda conn: conn.execute(wanted).scalar_one())
    stage.house.db.write_now(save_list, stage.visitor(TEACHER, at), cohort_id, session_id, entries)
