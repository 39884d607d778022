"""The thread of an appeal: both sides write while it is open, and read it ever after."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from assessments.appeals.access import Case, case_of, my_attempt
from assessments.appeals.errors import AtRest
from assessments.appeals.models import AppealMessage
from assessments.appeals.queries import written_since
from assessments.appeals.rules import message_problems
from assessments.evidence.access import Where
from fourweek.accounts.access import Visitor
from fourweek.database import add, new_id
from fourweek.errors import Forbidden, Invalid
from fourweek.language import _
from fourweek.outbox import post

DAY = timedelta(days=1)


def say_as_learner(conn: Connection, visitor: Visitor, where: Where, number: int, appeal_id: str, text: str) -> None:
    """Add a message of the learner's. Raises AtRest once the appeal is over, and Invalid."""
    mine = my_attempt(conn, visitor, where, number, deciding=True)
    appeal = next((one for one in mine.appeals if one.id == appeal_id), None)
    if appeal is None or appeal.told:
        raise AtRest(_("This appeal is over, so nothing is added to it."))
    _say(conn, visitor, appeal.id, text)
    if appeal.given_to:
        data = {"title": mine.title, "course": mine.course_title, "path": f"/grading/appeals/{appeal.id}"}
        _tell(conn, visitor, appeal.id, appeal.given_to, data)


def say_as_staff(conn: Connection, visitor: Visitor, appeal_id: str, text: str) -> None:
    """Add a message of the appeal's grader or of a lead. Raises AtRest once the appeal is over, and Invalid."""
    case = case_of(conn, visitor, appeal_id, deciding=True)
    if not may_say(case):
        raise Forbidden(_("Take this appeal first."))
    if not case.appeal.runs:
        raise AtRest(_("This appeal is over, so nothing is added to it."))
    _say(conn, visitor, case.appeal.id, text)
    found = case.found
    at = f"/cohorts/{found.cohort_id}/modules/{found.module_number}/assignments/{found.assignment_key}"
    data = {
        "title": found.title,
        "course": found.course_title,
        "path": f"{at}/attempts/{found.attempt}/appeal",
    }
    _tell(conn, visitor, case.appeal.id, case.appeal.opened_by, data)


def may_say(case: Case) -> bool:
    """Whether somebody of the staff takes part in the thread; that is for the grader and leads."""
    return case.mine or case.found.may_review


def write(conn: Connection, visitor: Visitor, appeal_id: str, text: str) -> None:
    row = AppealMessage(
        id=new_id(), appeal_id=appeal_id, author_id=visitor.me.id, text=text, written_at=visitor.now.school
    )
    add(conn, row)


def _say(conn: Connection, visitor: Visitor, appeal_id: str, text: str) -> None:
    lately = written_since(conn, appeal_id, visitor.me.id, visitor.now.school - DAY)
    if problems := message_problems(text, lately):
        raise Invalid(problems)
    write(conn, visitor, appeal_id, text.strip())


def _tell(conn: Connection, visitor: Visitor, appeal_id: str, person_id: str, data: dict[str, str]) -> None:
    """One letter a day and reader, however much is written."""
    key = f"appeal_message:{appeal_id}:{person_id}:{_day(visitor.now.real)}"
    post(conn, key, "appeal_message", person_id, now=visitor.now.real, data=data)


def _day(real: datetime) -> str:
    return real.date().isoformat()
