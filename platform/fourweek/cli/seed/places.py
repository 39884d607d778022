"""Two cohorts to come: one by approval with requests to answer, one that is full, with people in line."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final

from courses.cohorts.models import EnrolmentWay
from courses.enrolment import service as enrolment
from courses.enrolment.rules import Step
from fourweek.cli.seed import acts
from fourweek.cli.seed.calendar import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY, Calendar, When
from fourweek.cli.seed.stage import Act, Stage

ASKED, FULL = "asked", "full"
ASKED_FIRST_WEEK, FULL_FIRST_WEEK = 6, 5
REQUESTS: Final = (
    (
        "tunde",
        "I took part in September and had to stop after week 2. I have the time now, and a label service to try it on.",
        When(-1, THURSDAY, "08:20"),
    ),
    (
        "sofia",
        "Last time I moved house. My team keeps the booking desk of a clinic.",
        When(-1, FRIDAY, "15:45"),
    ),
)
PLACES: Final = (
    ("kwame", Step.ENROL, When(-2, WEDNESDAY, "09:10")),
    ("zaneta", Step.ENROL, When(-2, THURSDAY, "12:30")),
    ("emily", Step.ENROL, When(-1, MONDAY, "07:55")),
    ("amara", Step.WAIT, When(-1, TUESDAY, "13:15")),
    ("leila", Step.WAIT, When(-1, WEDNESDAY, "20:40")),
)


def places(calendar: Calendar, services: str, writing: str, graders: tuple[str, ...]) -> Iterator[Act]:
    """The two cohorts, and who came so far."""
    approval = {"way": EnrolmentWay.APPROVAL.value, "capacity": "12"}
    yield _opening(calendar, ASKED, services, ASKED_FIRST_WEEK, graders, approval)
    for learner, message, when in REQUESTS:
        yield Act(calendar.at(when), partial(come, learner, ASKED, Step.ASK, message))
    line = {"capacity": "3", "waitlist": "1"}
    yield _opening(calendar, FULL, writing, FULL_FIRST_WEEK, graders, line)
    for learner, step, when in PLACES:
        yield Act(calendar.at(when), partial(come, learner, FULL, step, ""))


def come(learner: str, cohort: str, step: Step, message: str, stage: Stage, at: datetime) -> None:
    """A learner takes the step towards a place."""
    stage.house.db.write_now(enrolment.enrol, stage.visitor(learner, at), stage.cohorts[cohort], step, message)


def _opening(
    calendar: Calendar, key: str, code: str, week: int, graders: tuple[str, ...], changes: dict[str, str]
) -> Act:
    planned = partial(acts.open_cohort, key, code, calendar.day(week), graders, changes=changes)
    return Act(calendar.at(When(-3, THURSDAY, "11:00" if key == ASKED else "11:20")), planned)
