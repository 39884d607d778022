"""Tries at the knowledge check of week 3: passed at once, passed later, and one that is not finished."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection

from assessments.checks.access import CheckDesk, my_check
from assessments.checks.answers import Answered, Sent, shown
from assessments.checks.models import QuestionKind
from assessments.checks.queries import sheet_of
from assessments.checks.questions import Question
from assessments.checks.service import begin_try, finish_try, save_answers
from assessments.evidence.access import Where
from fourweek.cli.seed.stage import Act, Stage
from fourweek.light import dataclass

CHECKED_WEEK: Final = 3
KEY, ASSIGNMENT = "check", "change-plan"
A_TRY = timedelta(minutes=8)
BEFORE_HANDING_IN = timedelta(minutes=50)

# learner: how many answers of each try are right, of five; four are needed
RIGHT: Final = {"kwame": (5,), "zaneta": (4,), "lukas": (3, 5), "olivia": (2, 3, 4)}


@dataclass(frozen=True, slots=True)
class Checking:
    """One learner at the check of a cohort."""

    learner: str
    cohort: str


def trying(learner: str, cohort: str, handed_in: datetime) -> list[Act]:
    """The tries of a learner before an assignment of the week with the check is handed in."""
    who, first = Checking(learner, cohort), handed_in - BEFORE_HANDING_IN
    return [
        Act(first + place * A_TRY, partial(finish, who, right)) for place, right in enumerate(RIGHT.get(learner, ()))
    ]


def finish(who: Checking, right: int, stage: Stage, at: datetime) -> None:
    """One try, finished with so many right answers."""
    sent = _answers(who, right, stage, at)
    done = stage.house.db.write_now(finish_try, stage.visitor(who.learner, at), _where(who, stage), KEY, sent).done
    if done is None or done.right != right:
        raise ValueError(f"the try of {who} came out as {done}")


def leave_open(who: Checking, answered: int, stage: Stage, at: datetime) -> None:
    """A try that is begun, with so many answers saved."""
    sent = _answers(who, answered, stage, at)
    some = Sent(sent.attempt, sent.number, sent.answers[:answered])
    stage.house.db.write_now(save_answers, stage.visitor(who.learner, at), _where(who, stage), KEY, some)


def _answers(who: Checking, right: int, stage: Stage, at: datetime) -> Sent:
    """A new try, and the form in which its first `right` questions are answered right."""
    db, me, where = stage.house.db, stage.visitor(who.learner, at), _where(who, stage)
    db.write_now(begin_try, me, where, KEY, f"{who.learner} {at}".encode())

    def fill(conn: Connection) -> Sent:
        return _form(conn, my_check(conn, me, where, KEY), right)

    return db.read_now(fill)


def _form(conn: Connection, check: CheckDesk, right: int) -> Sent:
    done = check.open_try
    if done is None:
        raise ValueError("no try is open")
    answers = []
    for place, (question_id, keys) in enumerate(sheet_of(conn, done.id).drawn, 1):
        question = check.pool.question(question_id)
        answer = _right(question) if place <= right else _wrong(question)
        answers.append(Answered(place, shown(question, keys, answer)))
    return Sent(done.attempt, done.number, tuple(answers))


def _right(question: Question) -> list[str]:
    return [f"{question.number:f}"] if question.kind is QuestionKind.NUMBER else sorted(question.right_keys)


def _wrong(question: Question) -> list[str]:
    """The answer of somebody who was out by a factor of four, or chose the first option that is not right."""
    if question.kind is QuestionKind.NUMBER:
        return [f"{question.number * 4:f}"]
    return [option.key for option in question.options if not option.right][:1]


def _where(who: Checking, stage: Stage) -> Where:
    return Where(stage.cohorts[who.cohort], CHECKED_WEEK, ASSIGNMENT)
