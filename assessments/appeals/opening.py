"""The learner's acts: opening an appeal, and taking it back."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from assessments.appeals.access import Attempt, my_attempt
from assessments.appeals.errors import AtRest, NotAppealable, Weighed
from assessments.appeals.giving import give_first, letter
from assessments.appeals.models import Appeal, AppealLine, AppealState
from assessments.appeals.queries import APPEAL, Kept, decided_by_id
from assessments.appeals.rules import Arguments, appeal_problems
from assessments.evidence.access import Where
from assessments.grading.queries import criteria_of
from assessments.terms.promise import Calendar, promise, read_days
from assessments.terms.queries import HOLIDAYS
from courses.schedule.words import keep_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add, new_id
from fourweek.errors import Invalid
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.outbox import post

_HOLIDAYS = select(HOLIDAYS)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a learner's form sent: the decision it showed, and the arguments."""

    decision_id: str
    arguments: Arguments


def open_appeal(
    conn: Connection, visitor: Visitor, where: Where, number: int, typed: Typed, *, arrived: datetime | None = None
) -> None:
    """Appeal the posted decision on attempt `number`, and give it to somebody who had no part in it.

    `arrived` is when the request came in (real clock): by that the window is kept. The same press twice opens one.
    Raises NotFound, NotAppealable, and Invalid for what was typed.
    """
    mine = my_attempt(conn, visitor, where, number, deciding=True)
    appeal, at = mine.of_this, visitor.now.school_at(arrived)
    if appeal is not None and appeal.decision_id == typed.decision_id and _same(appeal, typed.arguments):
        return
    if problem := refusal(mine, at):
        raise NotAppealable(problem)
    if mine.decision_id is None or mine.decision_id != typed.decision_id:
        raise NotAppealable(
            _("The decision was changed meanwhile. Read the new one below; it can be appealed as well.")
        )
    rubric, decided = criteria_of(conn, mine.rubric_id), decided_by_id(conn, mine.decision_id)
    if problems := appeal_problems(rubric, decided.scoring, typed.arguments):
        raise Invalid(problems)
    row = _row(conn, visitor, mine, at)
    ids = {one.key: one.id for one in rubric if one.key in typed.arguments.ticked}
    said = {ids[key]: typed.arguments.on(key).strip() for key in sorted(ids)}
    add(conn, row)
    add(conn, *(AppealLine(appeal_id=row.id, criterion_id=one, argument=text) for one, text in said.items()))
    detail = {"decision": mine.decision_id, "criteria": sorted(ids)}
    record(conn, "appeal.open", "appeal", row.id, at=visitor.now.real, actor_id=visitor.me.id, detail=detail)
    _tell(conn, visitor, mine, row)
    about = letter(row.id, mine.title, mine.course_title, mine.cohort_name)
    give_first(conn, visitor.now, row.id, about, mine.cohort_id, visitor.me.id)


def take_back(conn: Connection, visitor: Visitor, where: Where, number: int) -> None:
    """Take the running appeal back; asked for twice, it is done once. Raises Weighed once it is rated."""
    mine = my_attempt(conn, visitor, where, number, deciding=True)
    appeal = mine.running
    if appeal is None:
        if mine.of_this is not None and mine.of_this.state is AppealState.TAKEN_BACK:
            return
        raise AtRest(_("There is no appeal to take back."))
    if appeal.state is not AppealState.OPEN:
        raise Weighed
    ended = {"state": AppealState.TAKEN_BACK, "closed_at": visitor.now.school, "closed_by": visitor.me.id}
    conn.execute(update(APPEAL).where(APPEAL.c.id == appeal.id).values(ended))
    record(conn, "appeal.taken_back", "appeal", appeal.id, at=visitor.now.real, actor_id=visitor.me.id)


def refusal(mine: Attempt, at: datetime) -> str:
    """Why no appeal is taken at this instant (school's clock), "" where one is."""
    if mine.decision_id is None:
        return _("There is no decision to appeal.")
    reasons = (
        (not mine.has_verdict, N_("What was returned as incomplete was not judged, so there is nothing to appeal.")),
        (mine.withdrew, N_("You withdrew from this cohort.")),
        (mine.running is not None, N_("Your appeal about this attempt is open already.")),
        (mine.of_this is not None, N_("This decision was appealed before; that is done once.")),
        (mine.ends is None, N_("No appeals are taken in this cohort.")),
        (mine.ends is not None and at >= mine.ends, N_("The time for an appeal is over.")),
    )
    return next((_(words) for holds, words in reasons if holds), "")


def _row(conn: Connection, visitor: Visitor, mine: Attempt, at: datetime) -> Appeal:
    calendar = Calendar(zone(mine.zone), read_days(conn.execute(_HOLIDAYS).scalar()))
    return Appeal(
        id=new_id(),
        decision_id=mine.decision_id or "",
        submission_id=mine.submission_id,
        opened_by=visitor.me.id,
        opened_at=at,
        promised_at=promise(mine.terms.promise_days, calendar, at),
    )


def _same(appeal: Kept, typed: Arguments) -> bool:
    """Whether the form says just what was sent before."""
    said = {one.key: one.argument for one in appeal.argued}
    return said == {key: typed.on(key).strip() for key in typed.ticked}


def _tell(conn: Connection, visitor: Visitor, mine: Attempt, row: Appeal) -> None:
    promised = keep_instant(row.promised_at, zone(mine.zone)) if row.promised_at else ""
    data = {
        "title": mine.title,
        "course": mine.course_title,
        "attempt": mine.number,
        "promised": promised,
        "path": mine.path,
    }
    post(conn, f"appeal_received:{row.id}", "appeal_received", visitor.me.id, now=visitor.now.real, data=data)
