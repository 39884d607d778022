"""The story: one cohort that is over, one in its third week, one that starts next Monday. All acts, by date."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from fourweek.cli.seed import acts, badges, checks, coursework
from fourweek.cli.seed.calendar import (
    FRIDAY,
    MONDAY,
    SUNDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Calendar,
    When,
)
from fourweek.cli.seed.checks import CHECKED_WEEK, Checking, trying
from fourweek.cli.seed.coursework import Task
from fourweek.cli.seed.drills import DRILL, DRILLS, drills
from fourweek.cli.seed.finished import FINISHED_FIRST_WEEK, FINISHED_TASKS
from fourweek.cli.seed.live import live_acts
from fourweek.cli.seed.night_drills import night_drills
from fourweek.cli.seed.office import office_acts
from fourweek.cli.seed.people import LEARNERS, STAFF
from fourweek.cli.seed.places import places
from fourweek.cli.seed.professionals import professional_acts
from fourweek.cli.seed.records import record_acts
from fourweek.cli.seed.running import RUNNING_DECIDED, RUNNING_FIRST_WEEK, RUNNING_TASKS
from fourweek.cli.seed.second_looks import second_looks
from fourweek.cli.seed.sections import sections
from fourweek.cli.seed.series import WORDS, write_series
from fourweek.cli.seed.skills import import_skills
from fourweek.cli.seed.stage import Act
from fourweek.cli.seed.talk import talk
from fourweek.cli.seed.worksheets import EXAMPLES

SERVICES, WRITING = "reliable-services", "clear-technical-writing"
FINISHED, RUNNING, NEXT, WRITERS = "finished", "running", "next", "writers"
GRADERS = ("tom", "ingrid")
AT_THE_DESK = timedelta(minutes=25)
SWEEP = timedelta(minutes=1)
FIRST_END = -16
"""The first week in which a badge ends soon."""
ENROLLED = {
    FINISHED: ("zaneta", "kwame", "lukas", "olivia", "tunde", "sofia"),
    RUNNING: ("amara", "jonas", "priya", "daniela", "weiling", "marcus", "grace", "rafael", "huimin", "ananya"),
    NEXT: ("arjun", "leila", "emily"),
    WRITERS: ("olivia", "lukas"),
}
EXTENSION_REASON = "On call for the move of a data centre until the end of next week; asked on Thursday."


def story(calendar: Calendar) -> list[Act]:
    """Every act that lies behind `calendar.now`, in the order in which it happened."""
    every = [*_beginnings(calendar), *_finished(calendar), *_running(calendar), *_coming(calendar)]
    every += [*_evenings(calendar, every), *_ticks(calendar)]
    return sorted((act for act in every if act.at <= calendar.now), key=lambda act: act.at)


def _beginnings(calendar: Calendar) -> Iterator[Act]:
    """Staff, the courses, and the drills of half a year ago."""
    for minute, person in enumerate(STAFF):
        yield Act(calendar.at(When(-32, TUESDAY, f"10:0{minute}")), partial(acts.join, person))
    yield Act(calendar.at(When(-13, WEDNESDAY, "16:00")), partial(import_skills, "marta"))
    for week, code in ((-13, SERVICES), (-5, WRITING)):
        if (EXAMPLES / code / "course.toml").exists():
            published = calendar.at(When(week, THURSDAY, "11:30"))
            yield Act(published, partial(acts.publish, EXAMPLES / code, "marta"))
    stacked = calendar.at(When(-5, FRIDAY, "09:30"))
    yield Act(stacked, partial(write_series, (SERVICES, WRITING, DRILL), "marta"))
    rule = partial(badges.make_series_rule, WORDS.code, (SERVICES, WRITING, DRILL), "marta")
    yield Act(stacked + timedelta(minutes=25), rule)
    yield from drills(calendar, GRADERS)
    yield from night_drills(calendar, GRADERS)


def _finished(calendar: Calendar) -> Iterator[Act]:
    yield _opening(calendar, FINISHED, When(-12, TUESDAY, "10:00"), FINISHED_FIRST_WEEK)
    yield from _joining(calendar, FINISHED, When(-11, MONDAY, "12:10"))
    left = calendar.at(When(FINISHED_FIRST_WEEK + 1, WEDNESDAY, "19:40"))
    yield Act(left, partial(acts.withdraw, "sofia", FINISHED))
    for learner, week, work, handed_in, grader, decided in FINISHED_TASKS:
        if week == CHECKED_WEEK:
            yield from trying(learner, FINISHED, calendar.at(handed_in))
        yield _handing_in(calendar, Task(learner, FINISHED, week, work), handed_in)
        yield from _deciding(calendar.at(decided), learner, week, grader)
    for learner, when in (
        ("zaneta", When(-7, THURSDAY, "15:20")),
        ("zaneta", When(-4, MONDAY, "14:05")),
        ("olivia", When(-3, WEDNESDAY, "12:30")),
    ):
        yield Act(calendar.at(when), partial(acts.issue_transcript, learner))
    chosen = partial(badges.choose, "kwame", SERVICES, "An incident review: The review")
    yield Act(calendar.at(When(-4, WEDNESDAY, "20:15")), chosen)
    yield from record_acts(calendar)
    yield from professional_acts(calendar, SERVICES)
    yield from office_acts(calendar, FINISHED_FIRST_WEEK)


def _running(calendar: Calendar) -> Iterator[Act]:
    yield _opening(calendar, RUNNING, When(-6, TUESDAY, "10:30"), RUNNING_FIRST_WEEK)
    yield from _joining(calendar, RUNNING, When(-5, MONDAY, "08:45"))
    for learner, week, work, handed_in in RUNNING_TASKS:
        yield _handing_in(calendar, Task(learner, RUNNING, week, work), handed_in)
    for learner, week, grader, decided in RUNNING_DECIDED:
        yield from _deciding(calendar.at(decided), learner, week, grader)
    yield from _own_dates(calendar)
    yield from live_acts(calendar, RUNNING)
    yield from talk(calendar, RUNNING, RUNNING_FIRST_WEEK)
    yield from second_looks(calendar, RUNNING, NEXT)
    yield from _this_week(calendar)


def _own_dates(calendar: Calendar) -> Iterator[Act]:
    """One learner gets more time for week 2 and has begun it."""
    more = partial(acts.extend, "priya", RUNNING, 2, 10, EXTENSION_REASON)
    yield Act(calendar.at(When(-1, FRIDAY, "16:05")), more)
    begun = calendar.at(When(-1, SUNDAY, "10:40"))
    yield Act(begun, partial(coursework.read_lessons, "priya", RUNNING, 2, 3))
    yield Act(begun, partial(coursework.save_draft, Task("priya", RUNNING, 2, "alert-begun")))


def _this_week(calendar: Calendar) -> Iterator[Act]:
    """Whenever the school is filled in, this has happened since Monday's release."""
    yield Act(calendar.at(When(-2, MONDAY, "21:00")), partial(coursework.read_lessons, "marcus", RUNNING, 1, 1))
    yield Act(calendar.since_release(0.3), partial(coursework.read_lessons, "amara", RUNNING, 3, 2))
    yield Act(calendar.since_release(0.4), partial(checks.finish, Checking("amara", RUNNING), 3))
    yield Act(calendar.since_release(0.5), partial(checks.leave_open, Checking("amara", RUNNING), 2))
    draft = partial(coursework.save_draft, Task("amara", RUNNING, 3, "plan-begun"))
    yield Act(calendar.since_release(0.6), draft)
    yield from _deciding(calendar.ago(hours=2), "ananya", 2, "tom", post=False)
    yield Act(calendar.ago(minutes=9), partial(coursework.claim, "huimin", 2, "ingrid"))
    yield Act(calendar.ago(minutes=4), partial(coursework.begin_rating, "huimin", 2, "ingrid"))


def _coming(calendar: Calendar) -> Iterator[Act]:
    yield _opening(calendar, NEXT, When(-3, TUESDAY, "11:00"), 1)
    yield from sections(calendar, NEXT)
    yield from _joining(calendar, NEXT, When(-2, TUESDAY, "07:30"))
    if (EXAMPLES / WRITING / "course.toml").exists():
        yield _opening(calendar, WRITERS, When(-2, WEDNESDAY, "11:00"), 3, code=WRITING)
        yield from _joining(calendar, WRITERS, When(-1, MONDAY, "18:00"))
        yield from places(calendar, SERVICES, WRITING, GRADERS)


def _opening(calendar: Calendar, key: str, when: When, first_week: int, *, code: str = SERVICES) -> Act:
    start = calendar.day(first_week)
    return Act(calendar.at(when), partial(acts.open_cohort, key, code, start, GRADERS))


def _joining(calendar: Calendar, cohort: str, first: When) -> Iterator[Act]:
    """Learners get an account in the hour before their first enrolment, one every day or so."""
    people = {person.key: person for person in LEARNERS}
    known = {drill.learner for drill in DRILLS} | (set(ENROLLED[FINISHED]) if cohort == WRITERS else set())
    for place, learner in enumerate(ENROLLED[cohort]):
        when = calendar.at(first.later(place)) + timedelta(minutes=37 * place)
        if learner not in known:
            yield Act(when - timedelta(minutes=12), partial(acts.join, people[learner]))
        yield Act(when, partial(acts.enrol, learner, cohort))


def _handing_in(calendar: Calendar, task: Task, when: When) -> Act:
    return Act(calendar.at(when), partial(coursework.hand_in, task))


def _deciding(at: datetime, learner: str, week: int, grader: str, *, post: bool = True) -> Iterator[Act]:
    yield Act(at - AT_THE_DESK, partial(coursework.claim, learner, week, grader))
    yield Act(at, partial(coursework.decide, learner, week, grader, post))
    if post:
        yield Act(at + SWEEP, acts.settle)


def _evenings(calendar: Calendar, every: list[Act]) -> Iterator[Act]:
    """In the evening of every day on which something happened the letters leave."""
    for evening in sorted({calendar.evening(act.at) for act in every}):
        yield Act(evening, acts.send_mail)


def _ticks(calendar: Calendar) -> Iterator[Act]:
    """The worker: just after each release, when reminders are due, and now; every noon it looks for badges that end."""
    for day in range(FIRST_END * 7, 7):
        yield Act(calendar.at(When(0, MONDAY, "12:10").later(day)), acts.remind)
    weeks = (*range(FINISHED_FIRST_WEEK, FINISHED_FIRST_WEEK + 5), *range(RUNNING_FIRST_WEEK, 1))
    for week in weeks:
        for weekday, clock in ((MONDAY, "09:01"), (WEDNESDAY, "12:00"), (FRIDAY, "08:00"), (SUNDAY, "08:00")):
            yield Act(calendar.at(When(week, weekday, clock)), acts.tick)
    yield Act(calendar.now, acts.tick)
