"""Who judges an appeal: given to whoever has the fewest, taken from the list, or given by a lead."""

from typing import Any

from sqlalchemy import Connection, select, update

from assessments.appeals.access import Case, case_of
from assessments.appeals.errors import AtRest
from assessments.appeals.models import AppealState
from assessments.appeals.queries import APPEAL, HELD, RUNS, candidates
from assessments.coaching.asking import leads_of
from assessments.grading.access import ASSIGNMENT, COHORT, SOURCE, SUBMISSION, VERSION, need_lead
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.clock import Now
from fourweek.database import Database, lock
from fourweek.errors import Conflict, Invalid
from fourweek.language import _
from fourweek.outbox import Mail, post, post_all

_ASTRAY = (
    select(
        APPEAL.c.id,
        APPEAL.c.given_to,
        APPEAL.c.submission_id,
        ASSIGNMENT.c.title,
        VERSION.c.title.label("course_title"),
        COHORT.c.id.label("cohort_id"),
        COHORT.c.name.label("cohort_name"),
    )
    .select_from(SOURCE.join(APPEAL, APPEAL.c.submission_id == SUBMISSION.c.id))
    .where(APPEAL.c.state.in_(RUNS), ~HELD)
    .order_by(APPEAL.c.id)
)


def give_first(
    conn: Connection, now: Now, appeal_id: str, about: dict[str, Any], cohort_id: str, actor_id: str | None
) -> None:
    """Give an appeal to whoever may judge it and has the fewest open; where nobody may, the leads are told."""
    able = candidates(conn, appeal_id)
    _note(conn, now, appeal_id, able[0][0] if able else None, actor_id)
    if able:
        _tell(conn, now, appeal_id, able[0][0], about)
        return
    mails = [Mail(f"appeal_unassigned:{appeal_id}:{lead}", lead, about) for lead in leads_of(conn, cohort_id)]
    post_all(conn, "appeal_unassigned", mails, now=now.real)


def give_again(db: Database, now: Now) -> int:
    """Give appeals that nobody has, or whose grader may not judge them any more, to somebody who may; how many moved.

    Where nobody may, one whose grader is gone is with nobody, and the leads are told. One read while all is well.
    """
    return sum(db.write_now(_give_again, now, appeal_id) for appeal_id in db.read_now(_astray))


def take(conn: Connection, visitor: Visitor, appeal_id: str) -> None:
    """Take an appeal that nobody has. Raises AtRest when somebody was quicker; taking one's own again is nothing."""
    case = case_of(conn, visitor, appeal_id, deciding=True, taking=True)
    if case.mine and case.appeal.runs:
        return
    if not case.may_take:
        raise AtRest(_("Somebody has this appeal already.") if case.appeal.runs else _("This appeal is closed."))
    _note(conn, visitor.now, case.appeal.id, visitor.me.id, visitor.me.id)


def give(conn: Connection, visitor: Visitor, appeal_id: str, grader_id: str) -> None:
    """Give an appeal to somebody, whoever has it now: leads only, and only to those who had no part in the decision.

    What a former grader rated stays as it was; the new one begins blind.
    """
    case = case_of(conn, visitor, appeal_id, deciding=True)
    need_lead(case.found)
    if not case.appeal.runs:
        raise AtRest(_("This appeal is closed."))
    if grader_id == case.appeal.given_to and case.held:
        return
    if grader_id not in {person for person, _name in candidates(conn, case.appeal.id)}:
        raise Invalid({"grader": _("Choose somebody who grades here and had no part in the decision.")})
    _note(conn, visitor.now, case.appeal.id, grader_id, visitor.me.id)
    if grader_id != visitor.me.id:
        _tell(conn, visitor.now, case.appeal.id, grader_id, about_of(case))


def about_of(case: Case) -> dict[str, Any]:
    """What the letters to staff say of an appeal: no name, so that it can be anonymous."""
    found = case.found
    return letter(case.appeal.id, found.title, found.course_title, found.cohort_name)


def letter(appeal_id: str, title: str, course: str, cohort: str) -> dict[str, Any]:
    return {"title": title, "course": course, "cohort": cohort, "path": f"/grading/appeals/{appeal_id}"}


def _astray(conn: Connection) -> list[str]:
    """Ids of appeals that can be given to somebody, or have to be taken from whoever has them."""
    return [row.id for row in conn.execute(_ASTRAY).all() if row.given_to or candidates(conn, row.id)]


def _give_again(conn: Connection, now: Now, appeal_id: str) -> bool:
    """Give one anew, if that is still asked for once its submission is locked; says whether it was."""
    this = _ASTRAY.where(APPEAL.c.id == appeal_id)
    row = conn.execute(this).first()
    if row is None:
        return False
    lock(conn, SUBMISSION, row.submission_id)
    if conn.execute(this).first() is None:
        return False
    about = letter(row.id, row.title, row.course_title, row.cohort_name)
    give_first(conn, now, row.id, about, row.cohort_id, None)
    return True


def _tell(conn: Connection, now: Now, appeal_id: str, grader_id: str, about: dict[str, Any]) -> None:
    """A letter to whoever is given an appeal, once a day and person however often it changes hands."""
    key = f"appeal_given:{appeal_id}:{grader_id}:{now.real.date().isoformat()}"
    post(conn, key, "appeal_given", grader_id, now=now.real, data=about)


def _note(conn: Connection, now: Now, appeal_id: str, grader_id: str | None, actor_id: str | None) -> None:
    """Write who has a running appeal now, who begins blind, and who gave it."""
    values = {"given_to": grader_id, "state": AppealState.OPEN}
    runs = update(APPEAL).where(APPEAL.c.id == appeal_id, APPEAL.c.state.in_(RUNS))
    if conn.execute(runs.values(values)).rowcount != 1:
        raise Conflict
    act = "appeal.given" if grader_id else "appeal.unassigned"
    record(conn, act, "appeal", appeal_id, at=now.real, actor_id=actor_id, detail={"grader": grader_id})
