"""What others made of a grader's levels: second ratings, agreed on or settled, and appeals; and anonymous grading."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from assessments.appeals import closing, giving, opening, rating
from assessments.appeals.forms import Weighing
from assessments.appeals.queries import APPEAL
from assessments.appeals.rules import Arguments
from assessments.evidence.access import Where
from assessments.grading import claims, decisions
from assessments.grading.forms import Typed
from assessments.grading.queries import current_decision
from assessments.grading.rules import Scoring
from assessments.second.asked import ask_by_hand
from assessments.second.reconciling import reconcile
from assessments.terms.service import keep_terms, terms_page
from fourweek.cli.seed.calendar import MONDAY, SUNDAY, TUESDAY, WEDNESDAY, Calendar, When
from fourweek.cli.seed.coursework import ASSIGNMENTS
from fourweek.cli.seed.stage import Act, Stage
from fourweek.cli.seed.works import read_judgement

LEAD, FIRST, SECOND = "rosa", "tom", "ingrid"
LASTS, AT_ONCE = timedelta(minutes=45), timedelta(0)
LOWER: Final = {"policy": "not-yet"}
DOUBT = "It says who is told when the budget is spent, not what then stops."
SETTLED = (
    "The note names the one who may stop changes and for how long, so the policy can be acted on. Both read with care."
)
GRACE = "The note says how long the front door was up in three months. That is an indicator that users feel, is it not?"
ANSWER = (
    "Uptime of the machine is measured where it stands, not where people use the service: they saw errors while it "
    "was up. The lesson on indicators shows how to count answers instead; your next attempt can build on this note."
)
DANIELA = (
    "The alert is on the queue that people wait in, described in the second paragraph. Please read that once more."
)


def second_looks(calendar: Calendar, running: str, coming: str) -> Iterator[Act]:
    """One pair of ratings that a lead settled, one second rating to come; one appeal answered, one still open."""
    week = -1
    yield Act(calendar.at(When(-3, TUESDAY, "11:20")), partial(hide_names, coming))
    for when, act in (
        (When(week, TUESDAY, "10:20"), partial(ask, "daniela", 1)),
        (When(week, TUESDAY, "14:30"), partial(rate_second, "daniela", 1, LOWER)),
        (When(week, TUESDAY, "16:05"), partial(settle, "daniela", 1)),
        (When(week, TUESDAY, "19:20"), partial(appeal, "grace", running, 1, "indicator", GRACE)),
        (When(week, WEDNESDAY, "15:40"), partial(answer, "grace", 1, "indicator", "not-yet")),
        (When(week, SUNDAY, "12:15"), partial(appeal, "daniela", running, 2, "symptom", DANIELA)),
    ):
        yield Act(calendar.at(when), act)
    yield Act(calendar.at(When(0, MONDAY, "08:10")), partial(ask, "rafael", 2))
    yield Act(calendar.at(When(0, MONDAY, "08:30")), partial(rate_first, "rafael", 2))


def hide_names(cohort: str, stage: Stage, at: datetime) -> None:
    """The lead sets the terms of a cohort: its graders read pseudonyms."""
    db, me, cohort_id = stage.house.db, stage.visitor(LEAD, at), stage.cohorts[cohort]
    form = db.read_now(terms_page, me, cohort_id).typed
    db.write_now(keep_terms, me, cohort_id, replace(form, values={**form.values, "anonymous": "1"}))


def ask(learner: str, week: int, stage: Stage, at: datetime) -> None:
    """The lead asks for a second rating."""
    stage.house.db.write_now(ask_by_hand, stage.visitor(LEAD, at), stage.newest(learner, week).submission_id)


def rate_first(learner: str, week: int, stage: Stage, at: datetime) -> None:
    _rate(learner, week, FIRST, {}, stage, at)


def rate_second(learner: str, week: int, lower: dict[str, str], stage: Stage, at: datetime) -> None:
    """Another grader rates it blind, and gives other levels on some criteria."""
    _rate(learner, week, SECOND, lower, stage, at)


def settle(learner: str, week: int, stage: Stage, at: datetime) -> None:
    """The lead reads both ratings and decides as the first one says."""
    me, typed = stage.visitor(LEAD, at), _typed(learner, week, {}, stage)
    typed = replace(typed, scoring=replace(typed.scoring, comment=SETTLED))
    stage.house.db.write_now(reconcile, me, typed.submission_id, typed, lasts=LASTS, post_after=AT_ONCE)


def appeal(learner: str, cohort: str, week: int, key: str, words: str, stage: Stage, at: datetime) -> None:
    """The learner appeals one criterion of the newest decision; a grader without a part in it gets it."""
    db, sent = stage.house.db, stage.newest(learner, week)
    decision = db.read_now(current_decision, sent.submission_id)
    if decision is None:
        raise ValueError(f"nothing was decided of {learner}'s week {week}")
    typed = opening.Typed(decision.id, Arguments(frozenset({key}), {key: words}))
    where = Where(stage.cohorts[cohort], week, ASSIGNMENTS[week])
    db.write_now(opening.open_appeal, stage.visitor(learner, at), where, sent.attempt, typed)
    db.write_now(giving.give, stage.visitor(LEAD, at), _appeal_of(stage, sent.submission_id), stage.people[FIRST].id)


def answer(learner: str, week: int, key: str, level: str, stage: Stage, at: datetime) -> None:
    """The grader rates the criterion without the first reasoning, then reads it and answers."""
    db, me, sent = stage.house.db, stage.visitor(FIRST, at), stage.newest(learner, week)
    appeal_id, decision = _appeal_of(stage, sent.submission_id), db.read_now(current_decision, sent.submission_id)
    scoring = Scoring({key: level}, {key: "The machine's uptime says nothing of the answers that people got."})
    db.write_now(rating.done, me, appeal_id, Weighing(0, scoring))
    said = Weighing(1, scoring, decision_id=decision.id if decision else "", answer=ANSWER)
    db.write_now(closing.close, me, appeal_id, said, AT_ONCE)


def _rate(learner: str, week: int, grader: str, other: dict[str, str], stage: Stage, at: datetime) -> None:
    me, typed = stage.visitor(grader, at), _typed(learner, week, other, stage)
    stage.house.db.write_now(claims.claim, me, typed.submission_id, LASTS)
    stage.house.db.write_now(decisions.decide, me, typed.submission_id, typed, lasts=LASTS)


def _typed(learner: str, week: int, other: dict[str, str], stage: Stage) -> Typed:
    """A form with the judgement beside the work, but for the levels in `other`."""
    sent = stage.newest(learner, week)
    said = read_judgement(sent.work).scoring
    comments = {**said.comments, **dict.fromkeys(other, DOUBT)}
    scoring = Scoring({**said.levels, **other}, comments, said.comment)
    return Typed(sent.submission_id, sent.attempt, sent.rubric_id, 0, scoring)


def _appeal_of(stage: Stage, submission_id: str) -> str:
    wanted = APPEAL.select().with_only_columns(APPEAL.c.id).where(APPEAL.c.submission_id == submission_id)
    found: str = stage.house.db.read_now(lambda conn: conn.execute(wanted).scalar_one())
    return found
