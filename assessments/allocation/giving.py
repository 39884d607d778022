"""Giving work to graders by hand, and taking it back: for those who lead."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, String, bindparam, case, func, or_, select, update

from assessments.allocation.conflicts import in_conflict
from assessments.allocation.graders import Grader, graders_of, loads_of
from assessments.allocation.order import IN_ORDER, shuffle_of
from assessments.evidence.members import is_member
from assessments.evidence.models import Step
from assessments.grading.access import (
    ASSIGNMENT,
    CLAIM,
    COHORT,
    ENROLMENT,
    GIVEE,
    HOLDER,
    RATED,
    SOURCE,
    SUBMISSION,
    VERSION,
    in_scope,
    serves,
)
from assessments.grading.parts import WAITS
from assessments.identity.names import learners_called
from assessments.terms.promise import Calendar, read_days
from assessments.terms.queries import HOLIDAYS
from assessments.terms.words import say_clock
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.zones import zone
from fourweek.accounts.access import Permission, Visitor
from fourweek.audit.service import record_all
from fourweek.errors import Invalid, NotFound
from fourweek.language import N_, _, n_
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass

NOBODY = "nobody"
NO_GRADER = N_("Choose somebody who grades in this cohort.")
_TO_GIVE = (WAITS, SUBMISSION.c.step != Step.RECONCILING, *in_scope())
_COHORTS: Select[Any] = (
    select(
        COHORT.c.id,
        COHORT.c.name,
        VERSION.c.title,
        func.count().label("waiting"),
        func.sum(case((SUBMISSION.c.given_to.is_(None), 1), else_=0)).label("loose"),
    )
    .select_from(SOURCE)
    .where(*_TO_GIVE)
    .group_by(COHORT.c.id, COHORT.c.name, VERSION.c.title)
    .order_by(VERSION.c.title, COHORT.c.name, COHORT.c.id)
)
_WITH = or_(
    bindparam("with") == "",
    SUBMISSION.c.given_to == bindparam("with"),
    (bindparam("with") == NOBODY) & SUBMISSION.c.given_to.is_(None),
)
_ROWS: Select[Any] = (
    select(
        SUBMISSION.c.id,
        SUBMISSION.c.attempt,
        SUBMISSION.c.receipt,
        SUBMISSION.c.step,
        SUBMISSION.c.promised_at,
        ASSIGNMENT.c.title,
        COHORT.c.zone,
        CLAIM.c.until,
        HOLDER.c.display_name.label("holder"),
        GIVEE.c.display_name.label("givee"),
        HOLIDAYS,
        func.count().over().label("total"),
    )
    .select_from(
        SOURCE.outerjoin(CLAIM, CLAIM.c.submission_id == SUBMISSION.c.id)
        .outerjoin(HOLDER, HOLDER.c.id == CLAIM.c.grader_id)
        .outerjoin(GIVEE, GIVEE.c.id == SUBMISSION.c.given_to)
    )
    .where(*_TO_GIVE, COHORT.c.id == bindparam("cohort"), _WITH)
    .order_by(*IN_ORDER)
    .limit(PER_PAGE)
    .offset(bindparam("skip"))
)
_THESE = SUBMISSION.c.id.in_(bindparam("submissions", expanding=True))
_LOCKED: Select[Any] = (
    select(SUBMISSION.c.id, SUBMISSION.c.receipt, SUBMISSION.c.given_to, ENROLMENT.c.section_id)
    .select_from(SOURCE)
    .where(_THESE, *_TO_GIVE, COHORT.c.id == bindparam("cohort"))
    .order_by(SUBMISSION.c.id)
    .with_for_update(of=SUBMISSION)
)
# Here `me` is the one who is to get it.
_FOR: Select[Any] = (
    select(
        SUBMISSION.c.id,
        (RATED | in_conflict() | is_member(bindparam("me", type_=String))).label("barred"),
        CLAIM.c.grader_id,
        CLAIM.c.until,
    )
    .select_from(SUBMISSION.outerjoin(CLAIM, CLAIM.c.submission_id == SUBMISSION.c.id))
    .where(_THESE)
)


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A submission that waits: `has` says in words who is given it or has it, "" for nobody."""

    id: str
    title: str
    about: str
    left: str
    tone: str
    has: str


@dataclass(frozen=True, slots=True)
class GivingPage:
    """`cohorts` as (id, words with counts), `graders` as (id, name with what they have to do)."""

    cohorts: tuple[tuple[str, str], ...]
    cohort: str
    held_by: str
    graders: tuple[tuple[str, str], ...]
    rows: tuple[WorkLine, ...]
    pager: Pager
    error: str = ""
    grader: str = ""
    ticked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Given:
    """How many were given or taken back, and the receipts of those that could not be, with why."""

    number: int
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def given(self) -> str:
        return self._with_refused(n_("{count} submission given.", "{count} submissions given.", self.number))

    @property
    def taken_back(self) -> str:
        return self._with_refused(n_("{count} submission taken back.", "{count} submissions taken back.", self.number))

    def _with_refused(self, words: str) -> str:
        return " ".join([words, *(f"{receipt}: {why}" for receipt, why in self.refused)])


def giving_page(conn: Connection, visitor: Visitor, cohort: str = "", held_by: str = "", number: int = 1) -> GivingPage:
    """What waits in one cohort that the visitor leads, the first one unless it is chosen; five statements.

    Raises NotFound for somebody who leads nothing.
    """
    values = serves(visitor, Permission.REVIEW_GRADES)
    found = conn.execute(_COHORTS, values).all()
    known = [row.id for row in found]
    chosen = _chosen(visitor, cohort, known)
    wanted = {"cohort": chosen, "with": held_by, "skip": offset(number), "shuffle": shuffle_of(visitor.me.id)}
    rows = conn.execute(_ROWS, values | wanted).all()
    learners = learners_called(conn, visitor.me.id, (row.id for row in rows))
    graders = graders_of(conn, chosen)
    loads = loads_of(conn, [one.id for one in graders], visitor.now.real)
    return GivingPage(
        cohorts=tuple((row.id, _say_cohort(row)) for row in found),
        cohort=chosen,
        held_by=held_by,
        graders=tuple((one.id, _("{name}, {number} to do", name=one.name, number=loads[one.id])) for one in graders),
        rows=tuple(_line(row, visitor, learners[row.id]) for row in rows),
        pager=pager(number, rows[0].total if rows else 0, lambda to: query(cohort=chosen, held_by=held_by, page=to)),
    )


def _chosen(visitor: Visitor, cohort: str, known: Sequence[str]) -> str:
    """The cohort that is asked for, of those the visitor leads; the first where something waits, or "" for another."""
    leads = visitor.me.may_in_part(Permission.REVIEW_GRADES, cohort)
    return cohort if cohort in known or (leads and not known) else next(iter(known), "")


def give(conn: Connection, visitor: Visitor, cohort_id: str, submissions: Sequence[str], grader_id: str) -> Given:
    """Give what waits to a grader of the cohort; what they must not judge, or somebody has open, is passed over.

    Raises NotFound for who does not lead the cohort, Invalid where nothing is ticked or nobody who grades there chosen.
    """
    rows = _locked(conn, visitor, cohort_id, submissions)
    grader = {one.id: one for one in graders_of(conn, cohort_id)}.get(grader_id)
    if grader is None:
        raise Invalid({"grader": _(NO_GRADER)})
    facts = {row.id: row for row in conn.execute(_FOR, {"submissions": [row.id for row in rows], "me": grader_id})}
    refused = [(row.receipt or "", why) for row in rows if (why := _why_not(row, facts[row.id], grader, visitor))]
    free = [row for row in rows if not _why_not(row, facts[row.id], grader, visitor) and row.given_to != grader_id]
    _hand_over(conn, visitor, free, grader_id)
    return Given(len(free), tuple(refused))


def take_back(conn: Connection, visitor: Visitor, cohort_id: str, submissions: Sequence[str]) -> Given:
    """Give what waits to nobody, so that whoever takes it has it; who has it open keeps it. Raises as `give` does."""
    rows = [row for row in _locked(conn, visitor, cohort_id, submissions) if row.given_to is not None]
    _hand_over(conn, visitor, rows, None)
    return Given(len(rows))


def _locked(conn: Connection, visitor: Visitor, cohort_id: str, submissions: Sequence[str]) -> Sequence[Any]:
    if not visitor.me.may_in_part(Permission.REVIEW_GRADES, cohort_id):
        raise NotFound
    if not submissions:
        raise Invalid({"submissions": _("Tick at least one submission.")})
    values = serves(visitor, Permission.REVIEW_GRADES) | {"cohort": cohort_id, "submissions": list(submissions)}
    return conn.execute(_LOCKED, values).all()


def _why_not(work: Any, row: Any, grader: Grader, visitor: Visitor) -> str:
    if row.barred:
        return _("{name} must not judge it.", name=grader.name)
    if not grader.grades(work.section_id):
        return _("{name} does not grade in its section.", name=grader.name)
    if row.until is not None and row.until > visitor.now.real and row.grader_id != grader.id:
        return _("another grader has it open.")
    return ""


def _hand_over(conn: Connection, visitor: Visitor, rows: Sequence[Any], grader_id: str | None) -> None:
    if not rows:
        return
    values = {
        "given_to": grader_id,
        "given_by": visitor.me.id if grader_id else None,
        "given_at": visitor.now.school if grader_id else None,
    }
    conn.execute(update(SUBMISSION).where(SUBMISSION.c.id.in_([row.id for row in rows])).values(values))
    act = "submission.give" if grader_id else "submission.take_back"
    details = {row.id: {"from": row.given_to, "to": grader_id} for row in rows}
    record_all(conn, act, "submission", details, at=visitor.now.real, actor_id=visitor.me.id)


def _say_cohort(row: Any) -> str:
    return _(
        "{course}, {cohort}: {waiting} waiting, {loose} with nobody",
        course=row.title,
        cohort=row.name,
        waiting=row.waiting,
        loose=row.loose,
    )


def _line(row: Any, visitor: Visitor, learner: str) -> WorkLine:
    left, tone = say_clock(row.promised_at, Calendar(zone(row.zone), read_days(row.holidays)), visitor.now.school)
    has = [_("Given to {name}", name=row.givee)] if row.givee else []
    if row.until is not None and row.until > visitor.now.real:
        has.append(_("{name} has it open", name=row.holder))
    about = (
        N_("{learner}, attempt {attempt} · second rating · {receipt}")
        if row.step is Step.SECOND
        else N_("{learner}, attempt {attempt} · {receipt}")
    )
    said = _(about, learner=learner, attempt=row.attempt, receipt=row.receipt)
    return WorkLine(row.id, row.title, said, left, tone, in_a_row(has))
