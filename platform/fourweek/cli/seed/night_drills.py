"""Two further drills, of people who write their names in many scripts: one repeats it, one was not checked yet."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from assessments.grading.rules import Scoring
from courses.cohorts.models import DeliveryMode
from fourweek.cli.seed import acts
from fourweek.cli.seed.calendar import FRIDAY, MONDAY, THURSDAY, TUESDAY, Calendar, When
from fourweek.cli.seed.drills import DRILL, Drill, judge, tell
from fourweek.cli.seed.people import LEARNERS
from fourweek.cli.seed.stage import Act

FIRST, SECOND = -7, -4
"""The weeks of the drills, from the one in which the story is told."""
REPEATING, TWICE_HERE, SECOND_ACCOUNT = "eleni", "minjun", "minjun2"
_ON_TIME: Final = Scoring(
    {"lead": "meets", "change": "meets"},
    {"lead": "Each decision has a minute and a name.", "change": "It can be tried in the next drill."},
    "Short, and complete.",
)

NIGHT_DRILLS: Final = (
    Drill(
        "anh",
        FIRST,
        "tom",
        "The drill: at 02:00 the pumps of the east basin report no level any more.\n\n"
        "02:03 I took the lead and said so in the channel; Olena kept the log. 02:06 I decided to send the guard to "
        "read the gauge by eye every ten minutes, since an alarm that nobody believes is worse than none. 02:15 the "
        "first reading was normal. 02:24 Hanako found that a switch had lost its power with the corridor's lights. "
        "02:31 levels were back, and I ended the incident.\n\n"
        "The change: the switch moves to the line of the pumps. The electrician has the order; in the next drill the "
        "lights go out first.",
        _ON_TIME,
    ),
    Drill(
        "eleni",
        FIRST,
        "ingrid",
        "The drill: passengers at gate 4 see yesterday's ferries on the board.\n\n"
        "18:01 I led. 18:04 I decided to switch the board off and to put a person with a list at the gate: a dark "
        "board sends nobody to the wrong quay. 18:10 Mohammed found that the clock of its computer stood at midnight. "
        "18:19 he set it and we watched three departures change by themselves. 18:30 I handed over to him; he repeated "
        "what was open, which was why the clock stood still.\n\n"
        "The change: the board shows in a corner when it last heard from the timetable. I ask its maker by Thursday.",
        _ON_TIME,
    ),
    Drill(
        "eleni",
        SECOND,
        "tom",
        "The drill, my second one: cards are refused at every ticket machine, and only there.\n\n"
        "09:00 I led again, since our team has two new people. 09:02 I decided to let everybody through the gates "
        "without a ticket until 09:30, which the manager of the quay had allowed beforehand. 09:07 Olena saw that the "
        "machines asked an address which the bank had moved. 09:16 the old address answered again, and 09:20 I closed "
        "the gates. 09:34 I ended it and thanked the bank.\n\n"
        "The change: the permission to open the gates hangs at the desk, with the hours for which it holds.",
        _ON_TIME,
    ),
    Drill(
        "minjun",
        SECOND,
        "ingrid",
        "The drill: the scales at the weighbridge show twice what a lorry weighs.\n\n"
        "11:00 I led and Anh wrote the log. 11:03 I decided to stop weighing and to park the lorries on lane 2; two "
        "drivers were angry, and the rule was clear. 11:09 we weighed the test load: right to the kilogram. 11:14 I "
        "learned that the new software adds both axles twice when a lorry rolls on slowly. 11:22 we went back to the "
        "old version and weighed the five lorries again.\n\n"
        "The change: nobody installs software at the bridge without weighing the test load twice, slow and fast.",
        _ON_TIME,
    ),
)
COMING: Final = ("mohammed", "hanako", "olena")
"""Who joins with them and has a place in the drill that comes next."""


def night_drills(calendar: Calendar, graders: tuple[str, ...]) -> Iterator[Act]:
    """Two cohorts that ask for an identity check, and what was handed in there."""
    people = {person.key: person for person in LEARNERS}
    for week in (FIRST, SECOND):
        changes = {"identity_check": "1", "mode": DeliveryMode.LIVE_ONLINE.value}
        opening = partial(acts.open_cohort, f"drill{week}", DRILL, calendar.day(week), graders, changes=changes)
        yield Act(calendar.at(When(week - 1, TUESDAY, "10:20")), opening)
    joined: set[str] = set()
    for minute, drill in enumerate(NIGHT_DRILLS):
        if drill.learner not in joined:
            joined.add(drill.learner)
            yield Act(
                calendar.at(When(drill.week - 1, THURSDAY, f"13:1{minute}")), partial(acts.join, people[drill.learner])
            )
        for when, play in (
            (When(drill.week - 1, THURSDAY, f"13:3{minute}"), partial(acts.enrol, drill.learner, drill.cohort)),
            (When(drill.week, FRIDAY, f"17:2{minute}"), partial(tell, drill)),
            (When(drill.week + 1, MONDAY, f"11:1{minute}"), partial(judge, drill)),
            (When(drill.week + 1, MONDAY, f"11:2{minute}"), acts.settle),
        ):
            yield Act(calendar.at(when), play)
    second = partial(acts.join, people[SECOND_ACCOUNT])
    yield Act(calendar.at(When(-3, TUESDAY, "08:00")), second)
    for minute, learner in enumerate(COMING):
        yield Act(calendar.at(When(-3, THURSDAY, f"08:0{minute}")), partial(acts.join, people[learner]))
        yield Act(calendar.at(When(-3, THURSDAY, f"08:2{minute}")), partial(acts.enrol, learner, "drill"))
