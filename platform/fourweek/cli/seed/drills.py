"""Two drills of half a year ago. Their badge holds for six months: one is over by now, the other ends soon."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from assessments.evidence.access import Where
from assessments.evidence.forms import Typed, text_answer
from assessments.evidence.queries import SUBMISSION
from assessments.evidence.service import hand_in, new_receipt
from assessments.grading import claims, decisions
from assessments.grading import forms as grading
from assessments.grading.rules import Scoring
from fourweek.cli.seed import acts
from fourweek.cli.seed.calendar import FRIDAY, MONDAY, SUNDAY, THURSDAY, TUESDAY, Calendar, When
from fourweek.cli.seed.coursework import read_lessons
from fourweek.cli.seed.people import LEARNERS
from fourweek.cli.seed.stage import Act, Sent, Stage
from fourweek.light import dataclass

DRILL: Final = "incident-drill"
PACKAGE: Final = Path(__file__).parent / "packages" / DRILL
NO_WEEK: Final = 0
"""Where the stage remembers what was handed in: the weeks from 1 on are those of the long course."""
LASTS, AT_ONCE = timedelta(minutes=45), timedelta(0)


@dataclass(frozen=True, slots=True)
class Drill:
    """One learner's drill: the week in which it was, the account of it, and what the grader gave and wrote."""

    learner: str
    week: int
    grader: str
    account: str
    scoring: Scoring

    @property
    def cohort(self) -> str:
        return f"drill{self.week}"


DRILLS: Final = (
    Drill(
        "tunde",
        -29,
        "tom",
        "The drill: labels stop being printed at 10:00, with two lorries at the gate.\n\n"
        "10:02 I said that I lead; Chidi wrote the log. 10:05 I decided to send both lorries with lists written by "
        "hand, before we knew the cause. 10:09 Amaka found that the certificate of the print server had ended at "
        "10:00. 10:11 I decided to take the spare one, which holds for another month. 10:20 the first label came out "
        "of the printer, and I handed over to Amaka in two sentences. 10:31 she ended the incident.\n\n"
        "We lost four minutes since nobody knew who may use the spare certificate. The change: the runbook names two "
        "people who may. I write that until Friday. In the next drill whoever leads finds both names within a minute, "
        "or it did not help.",
        Scoring(
            {"lead": "meets", "change": "meets"},
            {"lead": "Every decision has your name and a minute.", "change": "One page, one person, one test of it."},
            "Sending the lorries before the cause was known is what a drill is for.",
        ),
    ),
    Drill(
        "kwame",
        -24,
        "ingrid",
        "The drill: from 15:00 on every third payment is refused, and only with one of two providers.\n\n"
        "15:01 I took the lead, Efua kept the log. 15:04 I decided to send all payments to the other provider; what we "
        "knew then was the share of refusals by provider, not the reason. 15:07 refusals were back to the usual. 15:12 "
        "Yaw reported that our address had been changed at the provider in the morning; we learned that after we had "
        "decided. 15:20 I handed over to Yaw, who repeated it and left out that refunds still went the old way. I "
        "corrected him. 15:40 he ended it.\n\n"
        "The change: the switch between providers gets a line for refunds on its board. Efua adds it until the end of "
        "the month. We will see in the next drill whether the one who takes over names refunds unasked.",
        Scoring(
            {"lead": "exceeds", "change": "meets"},
            {
                "lead": "What you knew at 15:04 and what you learned at 15:12 are told apart.",
                "change": "Small, dated, and the next drill will show whether it helps.",
            },
            "The handover that left something out is the best part of this account.",
        ),
    ),
)


def drills(calendar: Calendar, graders: tuple[str, ...]) -> Iterator[Act]:
    """The course, both drills, and the cohort that is open to those whose badge ends."""
    yield Act(calendar.at(When(-31, THURSDAY, "11:30")), partial(acts.publish, PACKAGE, "marta"))
    people = {person.key: person for person in LEARNERS}
    for drill in DRILLS:
        start, week = calendar.day(drill.week), drill.week
        for when, play in (
            (When(week - 1, TUESDAY, "10:00"), partial(acts.open_cohort, drill.cohort, DRILL, start, graders)),
            (When(week - 1, THURSDAY, "12:10"), partial(acts.join, people[drill.learner])),
            (When(week - 1, THURSDAY, "12:25"), partial(acts.enrol, drill.learner, drill.cohort)),
            (When(week, FRIDAY, "17:15"), partial(tell, drill)),
            (When(week + 1, MONDAY, "10:40"), partial(judge, drill)),
            (When(week + 1, MONDAY, "10:41"), acts.settle),
        ):
            yield Act(calendar.at(when), play)
    coming = partial(acts.open_cohort, "drill", DRILL, calendar.day(4), graders)
    yield Act(calendar.at(When(-4, SUNDAY, "17:30")), coming)


def tell(drill: Drill, stage: Stage, at: datetime) -> None:
    """The learner hands in the account of the drill."""
    db, me = stage.house.db, stage.visitor(drill.learner, at)
    read_lessons(drill.learner, drill.cohort, 1, 1, stage, at)
    typed = Typed(1, (text_answer("account", drill.account, ""),), (), integrity=True)
    handed = db.write_now(hand_in, me, Where(stage.cohorts[drill.cohort], 1, "account"), typed, new_receipt())
    if not handed.receipt:
        raise ValueError(f"{drill.learner}'s drill was not taken: {handed.missing} {handed.wrong} {handed.others}")
    row = db.read_now(
        lambda conn: conn.execute(SUBMISSION.select().where(SUBMISSION.c.receipt == handed.receipt)).one()
    )
    stage.sent[drill.learner, NO_WEEK] = [Sent(row.id, row.rubric_id, 1, "", {})]


def judge(drill: Drill, stage: Stage, at: datetime) -> None:
    """A grader takes it and decides."""
    db, me, sent = stage.house.db, stage.visitor(drill.grader, at), stage.newest(drill.learner, NO_WEEK)
    db.write_now(claims.claim, me, sent.submission_id, LASTS)
    typed = grading.Typed(sent.submission_id, sent.attempt, sent.rubric_id, 0, drill.scoring)
    db.write_now(decisions.decide, me, sent.submission_id, typed, lasts=LASTS, post_after=AT_ONCE)
