"""Who judges an appeal: given on opening to whoever has the fewest, taken from the list, or given by a lead."""

from typing import Any

from sqlalchemy import Connection, update

from assessments.appeals.access import Case, case_of
from assessments.appeals.errors import AtRest
from assessments.appeals.models import AppealState
from assessments.appeals.queries import APPEAL, candidates
from assessments.coaching.asking import leads_of
from assessments.grading.access import need_lead
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.errors import Conflict, Invalid
from fourweek.outbox import Mail, post, post_all


def give_first(conn: Connection, visitor: Visitor, appeal_id: str, about: dict[str, Any], cohort_id: str) -> None:
    """Give a new appeal to whoever may judge it and has the fewest open; where nobody may, the leads are told."""
    able = candidates(conn, appeal_id)
    if able:
        _give(conn, visitor, appeal_id, able[0][0], about)
        return
    mails = [Mail(f"appeal_unassigned:{appeal_id}:{lead}", lead, about) for lead in leads_of(conn, cohort_id)]
    post_all(conn, "appeal_unassigned", mails, now=visitor.now.real)


def take(conn: Connection, visitor: Visitor, appeal_id: str) -> None:
    """Take an appeal that nobody has. Raises AtRest when somebody was quicker; taking one's own again is nothing."""
    case = case_of(conn, visitor, appeal_id, deciding=True, taking=True)
    if case.mine and case.appeal.runs:
        return
    if not case.may_take:
        raise AtRest("Somebody has this appeal already." if case.appeal.runs else "This appeal is closed.")
    _note(conn, visitor, case.appeal.id, visitor.me.id)


def give(conn: Connection, visitor: Visitor, appeal_id: str, grader_id: str) -> None:
    """Give an appeal to somebody, whoever has it now: leads only, and only to those who had no part in the decision.

    What a former grader rated stays as it was; the new one begins blind.
    """
    case = case_of(conn, visitor, appeal_id, deciding=True)
    need_lead(case.found)
    if not case.appeal.runs:
        raise AtRest("This appeal is closed.")
    if grader_id == case.appeal.given_to and case.held:
        return
    if grader_id not in {person for person, _ in candidates(conn, case.appeal.id)}:
        raise Invalid({"grader": "Choose somebody who grades here and had no part in the decision."})
    _give(conn, visitor, case.appeal.id, grader_id, about_of(case))


def about_of(case: Case) -> dict[str, Any]:
    """What the letters to staff say of an appeal: no name, so that it can be anonymous."""
    found = case.found
    return letter(case.appeal.id, found.title, found.course_title, found.cohort_name)


def letter(appeal_id: str, title: str, course: str, cohort: str) -> dict[str, Any]:
    return {"title": title, "course": course, "cohort": cohort, "path": f"/grading/appeals/{appeal_id}"}


def _give(conn: Connection, visitor: Visitor, appeal_id: str, grader_id: str, about: dict[str, Any]) -> None:
    _note(conn, visitor, appeal_id, grader_id)
    if grader_id != visitor.me.id:
        key = f"appeal_given:{appeal_id}:{grader_id}:{visitor.now.real.timestamp():.0f}"
        post(conn, key, "appeal_given", grader_id, now=visitor.now.real, data=about)


def _note(conn: Connection, visitor: Visitor, appeal_id: str, grader_id: str) -> None:
    given = {"given_to": grader_id, "state": AppealState.OPEN}
    done = conn.execute(
        update(APPEAL)
        .where(APPEAL.c.id == appeal_id, APPEAL.c.state.in_((AppealState.OPEN, AppealState.RATED)))
        .values(given)
    )
    if done.rowcount != 1:
        raise Conflict
    at, me, detail = visitor.now.real, visitor.me.id, {"grader": grader_id}
    record(conn, "appeal.given", "appeal", appeal_id, at=at, actor_id=me, detail=detail)
