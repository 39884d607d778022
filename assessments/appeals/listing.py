"""Appeals in lists and in numbers, for those who judge them and for leads."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Connection, String, and_, bindparam, case, func, or_, select

from assessments.appeals.desk import WORDS
from assessments.appeals.models import AppealState
from assessments.appeals.queries import APPEAL, HELD, RUNS, may_judge
from assessments.appeals.views import ListPage, Row
from assessments.grading.access import (
    ASSIGNMENT,
    COHORT,
    ENROLMENT,
    HOLDER,
    SOURCE,
    SUBMISSION,
    VERSION,
    in_scope,
    serves,
)
from assessments.identity.names import NAMING, learner_called
from assessments.terms.promise import is_broken
from courses.paging import PER_PAGE, offset, pager, query
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import EVERYWHERE, Permission, Visitor
from fourweek.language import N_, NP_, _, n_, p_
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass

ADDRESS = "/grading/appeals"
MINE, FREE, OTHERS, CLOSED = "mine", "free", "others", "closed"
PARTS = {
    MINE: N_("Yours to judge"),
    FREE: N_("With nobody"),
    OTHERS: N_("With others"),
    CLOSED: NP_("appeals", "Closed"),
}
_ENDED = (AppealState.UPHELD, AppealState.UNCHANGED)

_SOURCE = SOURCE.join(APPEAL, APPEAL.c.submission_id == SUBMISSION.c.id).outerjoin(
    HOLDER, HOLDER.c.id == APPEAL.c.given_to
)
_ME = bindparam("me", type_=String)
_LEADS = or_(
    bindparam("leads_all", type_=Boolean),
    COHORT.c.id.in_(bindparam("leads_of", expanding=True)),
    ENROLMENT.c.section_id.in_(bindparam("leads_of", expanding=True)),
)
_RUNS, _MAY_TAKE = APPEAL.c.state.in_(RUNS), may_judge(_ME)
_WHERE: dict[str, ColumnElement[bool]] = {
    MINE: and_(_RUNS, APPEAL.c.given_to == _ME, HELD),
    FREE: and_(_RUNS, ~HELD, or_(_MAY_TAKE, _LEADS)),
    OTHERS: and_(_RUNS, HELD, APPEAL.c.given_to != _ME, _LEADS),
    CLOSED: and_(APPEAL.c.state.in_(_ENDED), or_(APPEAL.c.closed_by == _ME, _LEADS)),
}
_TOTALS = {
    "open": and_(_RUNS, _LEADS),
    "upheld": and_(APPEAL.c.state == AppealState.UPHELD, _LEADS),
    "unchanged": and_(APPEAL.c.state == AppealState.UNCHANGED, _LEADS),
}
_COUNTED = _WHERE | _TOTALS
_COUNTS = (
    select(*(func.coalesce(func.sum(case((one, 1), else_=0)), 0).label(name) for name, one in _COUNTED.items()))
    .select_from(_SOURCE)
    .where(APPEAL.c.state != AppealState.TAKEN_BACK, *in_scope())
)
_ROWS = {
    part: select(
        APPEAL.c.id,
        APPEAL.c.state,
        APPEAL.c.opened_at,
        APPEAL.c.promised_at,
        APPEAL.c.given_to,
        ASSIGNMENT.c.title,
        VERSION.c.title.label("course_title"),
        COHORT.c.name.label("cohort_name"),
        COHORT.c.zone,
        SUBMISSION.c.attempt,
        HOLDER.c.display_name.label("holder"),
        HELD.label("held"),
        _MAY_TAKE.label("may_take"),
        *NAMING,
    )
    .select_from(_SOURCE)
    .where(condition, *in_scope())
    .order_by(
        *((APPEAL.c.closed_at.desc(), APPEAL.c.id.desc()) if part == CLOSED else (APPEAL.c.opened_at, APPEAL.c.id))
    )
    .limit(PER_PAGE)
    .offset(bindparam("offset"))
    for part, condition in _WHERE.items()
}


@dataclass(frozen=True, slots=True)
class Told:
    """How many appeals wait for the visitor, theirs to judge or with nobody; `words` count all that a lead answers for.

    `words` are "" for whoever leads nowhere.
    """

    waiting: int
    words: str


def list_page(conn: Connection, visitor: Visitor, part: str = "", number: int = 1) -> ListPage:
    """Appeals of one part; two statements. Graders see those they have, had or may take, leads all of their cohorts.

    Raises NotFound for whoever grades nowhere.
    """
    values = _values(visitor)
    leads = visitor.me.may_anywhere(Permission.REVIEW_GRADES)
    part = part if part in PARTS and (leads or part != OTHERS) else MINE
    counts = _counts(conn, values)
    found = conn.execute(_ROWS[part], values | {"offset": offset(number)}).all() if counts[part] else []
    return ListPage(
        part=part,
        parts=tuple((one, _(words), counts[one]) for one, words in PARTS.items() if leads or one != OTHERS),
        rows=tuple(_row(row, visitor) for row in found),
        pager=pager(number, counts[part], lambda to: ADDRESS + query(part="" if part == MINE else part, page=to)),
        figures=_totals(counts) if leads else (),
    )


def told_of(conn: Connection, visitor: Visitor) -> Told:
    """What the grading page says of appeals; one statement. Raises NotFound for whoever grades nowhere."""
    counts = _counts(conn, _values(visitor))
    leads = visitor.me.may_anywhere(Permission.REVIEW_GRADES)
    return Told(counts[MINE] + counts[FREE], _say_totals(counts) if leads else "")


def _say_totals(counts: dict[str, int]) -> str:
    """Such as "3 open, 1 upheld, 2 unchanged"."""
    return in_a_row(
        (
            n_("{count} open", "{count} open", counts["open"]),
            n_("{count} upheld", "{count} upheld", counts["upheld"]),
            n_("{count} unchanged", "{count} unchanged", counts["unchanged"]),
        )
    )


def _values(visitor: Visitor) -> dict[str, Any]:
    led = visitor.me.scopes(Permission.REVIEW_GRADES)
    return serves(visitor, Permission.GRADE) | {"leads_all": EVERYWHERE in led, "leads_of": sorted(led)}


def _counts(conn: Connection, values: dict[str, Any]) -> dict[str, int]:
    row = conn.execute(_COUNTS, values).one()
    return {name: int(getattr(row, name)) for name in _COUNTED}


def _totals(counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return (
        (p_("appeals", "Open"), counts["open"]),
        (_("Upheld"), counts["upheld"]),
        (_("Unchanged"), counts["unchanged"]),
    )


def _row(row: Any, visitor: Visitor) -> Row:
    words, tone = WORDS[row.state]
    here, now = zone(row.zone), visitor.now.school
    runs = row.state in RUNS
    opened = say_instant(row.opened_at, here, None, now).until
    return Row(
        id=row.id,
        title=f"{row.title}: {learner_called(row)}",
        meta=_(
            "{course}, {cohort} · attempt {attempt} · opened {when}",
            course=row.course_title,
            cohort=row.cohort_name,
            attempt=row.attempt,
            when=opened,
        ),
        words=_(words),
        tone=tone,
        holder=row.holder if row.given_to and (row.held or not runs) and row.given_to != visitor.me.id else "",
        promised=say_instant(row.promised_at, here, zone(visitor.me.zone), now) if row.promised_at and runs else None,
        overdue=runs and row.promised_at is not None and is_broken(row.promised_at, now),
        may_take=runs and not row.held and bool(row.may_take),
    )
