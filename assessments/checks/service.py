"""Tries at a knowledge check: begun, answered, and checked once."""

from dataclasses import field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from assessments.checks.access import CheckDesk, my_check, with_tries
from assessments.checks.answers import Sent, mark_of, refused, shown, stored
from assessments.checks.errors import NoTry, TryOver
from assessments.checks.marking import answer_problem, draw, mark
from assessments.checks.models import CheckTry
from assessments.checks.queries import TRY, Sheet, sheet_of
from assessments.checks.questions import Question
from assessments.checks.settling import settle
from assessments.checks.standing import Done
from assessments.evidence.access import Where
from assessments.evidence.drafts import begin, begun
from assessments.evidence.models import SubmissionState
from assessments.evidence.queries import SUBMISSION
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add, new_id
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving answers, by the place of their questions: why one was not taken, what another window saved.

    `sheet` is what the try holds then; `done` its result once it is checked.
    """

    check: CheckDesk
    sheet: Sheet | None = None
    wrong: dict[int, str] = field(default_factory=dict)
    others: dict[int, tuple[str, ...]] = field(default_factory=dict)
    done: Done | None = None

    @property
    def clean(self) -> bool:
        return not (self.wrong or self.others)


def begin_try(
    conn: Connection, visitor: Visitor, where: Where, key: str, seed: bytes, *, arrived: datetime | None = None
) -> None:
    """Draw the questions of the next try from a secret seed; the first one begins the draft where there is none.

    Where a try is open already, it stays. Raises NotFound, and NoTry where none may begin.
    """
    check = my_check(conn, visitor, where, key, deciding=True, arrived=arrived)
    if check.open_try is not None:
        return
    if not check.may_begin:
        raise NoTry
    desk = check.desk
    draft = desk.draft or begun(desk)
    if desk.draft is None:
        begin(conn, desk, draft)
    rules = check.pool.rules
    row = CheckTry(
        id=new_id(),
        submission_id=draft.id,
        requirement_id=check.slot.id,
        number=check.stands.next,
        drawn=[list(one) for one in draw(check.pool, seed)],
        begun_at=desk.now,
        saved_at=desk.now,
        asked=rules.ask,
        needed=rules.needed,
    )
    add(conn, row)
    _touch(conn, draft.id, desk.now)


def save_answers(conn: Connection, visitor: Visitor, where: Where, key: str, sent: Sent) -> Saved:
    """Keep answers of the open try. One that another window changed since this form was made stays as it is.

    Raises NotFound, and TryOver where the try takes no more answers.
    """
    check = my_check(conn, visitor, where, key, deciding=True)
    return _save(conn, check, _open(check, sent), sent)


def finish_try(
    conn: Connection, visitor: Visitor, where: Where, key: str, sent: Sent, *, arrived: datetime | None = None
) -> Saved:
    """Keep what was sent and check the try, once: `done` holds its result, the same for a form that is sent twice.

    Without `done`, something must be seen to first: an answer is missing or not readable, or another window saved
    something else. Raises NotFound, TryOver, and NoTry once the time for handing in is over.
    """
    check = my_check(conn, visitor, where, key, deciding=True, arrived=arrived)
    earlier = _sent_for(check, sent)
    if earlier is not None and earlier.finished_at is not None:
        return Saved(check, done=earlier)
    found = _open(check, sent)
    saved = _save(conn, check, found, sent)
    assert saved.sheet is not None  # noqa: S101
    problems = _unanswered(check, saved.sheet) | saved.wrong
    if problems or saved.others:
        return replace(saved, wrong=problems)
    if not check.desk.takes:
        raise NoTry
    return replace(saved, done=_finish(conn, visitor, check, found, saved.sheet))


def _sent_for(check: CheckDesk, sent: Sent) -> Done | None:
    """The try that a form was made for."""
    return next((one for one in check.tries if (one.attempt, one.number) == (sent.attempt, sent.number)), None)


def _open(check: CheckDesk, sent: Sent) -> Done:
    found = _sent_for(check, sent)
    if found is None or found != check.open_try:
        raise TryOver
    return found


def _save(conn: Connection, check: CheckDesk, found: Done, sent: Sent) -> Saved:
    """Keep what may be kept. Nothing is written where nothing changed."""
    sheet = sheet_of(conn, found.id)
    answers = dict(sheet.answers)
    wrong: dict[int, str] = {}
    others: dict[int, tuple[str, ...]] = {}
    for one in sent.answers:
        if one.place > len(sheet.drawn):
            continue
        question_id, keys = sheet.drawn[one.place - 1]
        question = check.pool.question(question_id)
        new, old = stored(question, keys, one.values), sheet.answers.get(question_id, [])
        if new == old:
            continue
        if words := refused(new, question):
            wrong[one.place] = words
        elif one.seen != mark_of(shown(question, keys, old)):
            others[one.place] = shown(question, keys, old)
        else:
            answers[question_id] = new
    if answers != sheet.answers:
        _change(conn, found, {"answers": answers, "saved_at": check.desk.now})
        _touch(conn, found.submission_id, check.desk.now)
    return Saved(check, replace(sheet, answers=answers), wrong, others)


def _unanswered(check: CheckDesk, sheet: Sheet) -> dict[int, str]:
    """What stands in the way of checking, by the place of the question."""
    questions: list[tuple[int, Question]] = [
        (place, check.pool.question(one)) for place, (one, _) in enumerate(sheet.drawn, 1)
    ]
    problems = ((place, answer_problem(one, sheet.answers.get(one.id, ()))) for place, one in questions)
    return {place: words for place, words in problems if words}


def _finish(conn: Connection, visitor: Visitor, check: CheckDesk, found: Done, sheet: Sheet) -> Done:
    now = check.desk.now
    result = mark(check.pool, sheet.drawn, sheet.answers)
    done = replace(found, finished_at=now, right=result.right, passed=result.right >= found.needed)
    _change(conn, found, {"finished_at": now, "right": done.right, "passed": done.passed, "saved_at": now})
    _touch(conn, found.submission_id, now)
    settled = with_tries(check, done).stands.settled
    if settled is not None:
        settle(conn, found.submission_id, check.slot.id, settled, now)
    detail = {"requirement": check.slot.asked.key, "try": done.number, "right": done.right, "asked": done.asked}
    at, me = visitor.now.real, visitor.me.id
    record(conn, "check.finish", "submission", done.submission_id, at=at, actor_id=me, detail=detail)
    return done


def _change(conn: Connection, found: Done, values: dict[str, Any]) -> None:
    """Write to a try that is not finished; the lock on the enrolment keeps it so."""
    unfinished = update(TRY).where(TRY.c.id == found.id, TRY.c.finished_at.is_(None))
    if conn.execute(unfinished.values(values)).rowcount != 1:
        raise TryOver


def _touch(conn: Connection, submission_id: str, now: datetime) -> None:
    """The draft was worked on."""
    still = update(SUBMISSION).where(SUBMISSION.c.id == submission_id, SUBMISSION.c.state == SubmissionState.DRAFT)
    if conn.execute(still.values(saved_at=now)).rowcount != 1:
        raise TryOver
