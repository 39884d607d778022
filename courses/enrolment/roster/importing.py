"""Enrolling or inviting the people of a table: checked first, then all of them in one transaction or none."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select, update

from courses.cohorts.access import staff_cohort
from courses.enrolment.access import SECTION
from courses.enrolment.giving import HAS_PASSWORD, Cause, Held, answered, as_it_stands, hold, section, welcome
from courses.enrolment.models import Enrolment, EnrolmentState, PlaceRequest, RequestKind, RequestState
from courses.enrolment.queries import ENROLMENT, REQUEST
from courses.enrolment.roster.plan import Fate, ImportPlan, Known, PlannedRow, Purpose, plan_import
from courses.enrolment.roster.table import TableRow, read_table
from courses.schedule.rules import is_over
from courses.schedule.terms import SectionRules
from fourweek.accounts.access import PERSON, Visitor
from fourweek.accounts.service import EMAIL, add_people
from fourweek.audit.service import record_all
from fourweek.database import add, new_id
from fourweek.errors import Conflict
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.outbox import Mail, post_all

_KNOWN: Any = (
    select(
        EMAIL.c.address,
        PERSON.c.id,
        PERSON.c.display_name,
        PERSON.c.zone,
        PERSON.c.disabled_at,
        HAS_PASSWORD.label("has_password"),
        ENROLMENT.c.id.label("enrolment_id"),
        ENROLMENT.c.state,
        ENROLMENT.c.section_id,
        REQUEST.c.kind,
    )
    .select_from(
        EMAIL.join(PERSON, PERSON.c.id == EMAIL.c.person_id)
        .outerjoin(ENROLMENT, and_(ENROLMENT.c.person_id == PERSON.c.id, ENROLMENT.c.cohort_id == bindparam("cohort")))
        .outerjoin(
            REQUEST,
            and_(
                REQUEST.c.person_id == PERSON.c.id,
                REQUEST.c.cohort_id == bindparam("cohort"),
                REQUEST.c.state == RequestState.OPEN,
            ),
        )
    )
    .where(EMAIL.c.address.in_(bindparam("addresses", expanding=True)))
)
_SECTIONS = select(SECTION.c.id, SECTION.c.name).where(SECTION.c.cohort_id == bindparam("cohort"))


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for. `seen` is the fingerprint of the plan that was shown, "" for a first check."""

    text: str
    purpose: Purpose = Purpose.ENROL
    beyond: bool = False
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who comes in: who it is, how they are written to, and the section they are put into."""

    person_id: str
    zone: str
    has_password: bool
    section_id: str | None
    enrolment_id: str | None


@dataclass(frozen=True, slots=True)
class Imported:
    """How an import ended: the plan as it stood then, and whether it was carried out."""

    plan: ImportPlan
    done: bool


def check_import(conn: Connection, visitor: Visitor, cohort_id: str, order: Order) -> ImportPlan:
    """What the table would do now. Raises NotATable."""
    staff_cohort(conn, visitor, cohort_id)
    return _plan(conn, as_it_stands(conn, cohort_id), order)


def run_import(conn: Connection, visitor: Visitor, cohort_id: str, order: Order) -> Imported:
    """Carry out the very plan that was shown, if it still is what the table would do. Raises NotATable, Conflict."""
    staff_cohort(conn, visitor, cohort_id)
    held = hold(conn, cohort_id)
    if is_over(held.facts.rules, visitor.now.school):
        raise Conflict(_("This cohort is over; nobody can be enrolled any more."))
    plan = _plan(conn, held, order)
    if not plan.can_be_done or order.seen != plan.fingerprint:
        return Imported(plan, done=False)
    cause = Cause("staff", visitor.me.id, visitor.now)
    newcomers = _newcomers(conn, held, plan.coming, cause)
    _answer_open(conn, held, newcomers, cause)
    if order.purpose is Purpose.INVITE:
        _invite(conn, held, newcomers, cause, visitor.me.name)
    else:
        _enrol(conn, held, newcomers, cause)
    return Imported(plan, done=True)


def _plan(conn: Connection, held: Held, order: Order) -> ImportPlan:
    rows = read_table(order.text)
    return plan_import(
        rows,
        _known(conn, held.facts.id, rows),
        {row.name.casefold(): row.id for row in conn.execute(_SECTIONS, {"cohort": held.facts.id})},
        purpose=order.purpose,
        left=held.seats.left_for_newcomers,
        beyond=order.beyond,
    )


def _known(conn: Connection, cohort_id: str, rows: Sequence[TableRow]) -> dict[str, Known]:
    addresses = sorted({row.address for row in rows if not row.problem})
    found = conn.execute(_KNOWN, {"cohort": cohort_id, "addresses": addresses})
    return {
        row.address: Known(
            person_id=row.id,
            name=row.display_name,
            zone=row.zone,
            has_password=row.has_password,
            disabled=row.disabled_at is not None,
            enrolment_id=row.enrolment_id,
            state=row.state,
            section_id=row.section_id,
            request=row.kind,
        )
        for row in found
    }


def _newcomers(conn: Connection, held: Held, coming: Sequence[PlannedRow], cause: Cause) -> list[Newcomer]:
    """Everybody who comes in; those who are not known here are made."""
    names = {one.row.address: one.row.name for one in coming if one.fate is Fate.NEW}
    zone = held.facts.zone
    made = add_people(conn, names, zone=zone, now=cause.now.real, actor_id=cause.by)
    return [
        Newcomer(made[one.row.address], zone, False, one.section_id, None)
        if one.known is None
        else Newcomer(
            one.known.person_id,
            one.known.zone,
            one.known.has_password,
            one.section_id or one.known.section_id,
            one.known.enrolment_id,
        )
        for one in coming
    ]


def _answer_open(conn: Connection, held: Held, newcomers: Sequence[Newcomer], cause: Cause) -> None:
    """What these people had asked for, or were invited to, is answered by this."""
    theirs = update(REQUEST).where(
        REQUEST.c.cohort_id == held.facts.id,
        REQUEST.c.person_id.in_([one.person_id for one in newcomers]),
        REQUEST.c.state == RequestState.OPEN,
    )
    conn.execute(theirs.values(**answered(RequestState.ACCEPTED, cause)))


def _enrol(conn: Connection, held: Held, newcomers: Sequence[Newcomer], cause: Cause) -> None:
    ids = {one.person_id: one.enrolment_id or new_id() for one in newcomers}
    first = [
        Enrolment(
            id=ids[one.person_id],
            cohort_id=held.facts.id,
            person_id=one.person_id,
            section_id=one.section_id,
            enrolled_at=cause.now.school,
        )
        for one in newcomers
        if one.enrolment_id is None
    ]
    if first:
        add(conn, *first)
    _bring_back(conn, newcomers)
    details = {ids[one.person_id]: {"how": cause.how, "section_id": one.section_id} for one in newcomers}
    record_all(conn, "enrolment.enrol", "enrolment", details, at=cause.now.real, actor_id=cause.by)
    rules = _section_rules(conn, newcomers)
    mails = [
        Mail(
            f"enrolled:{ids[one.person_id]}:{cause.now.school.isoformat()}",
            one.person_id,
            welcome(held.facts, rules[one.section_id], cause, one.zone, has_password=one.has_password),
        )
        for one in newcomers
    ]
    post_all(conn, "enrolled", mails, now=cause.now.real)


def _bring_back(conn: Connection, newcomers: Sequence[Newcomer]) -> None:
    """Those who withdrew before: one statement for each section they come into."""
    back = [one for one in newcomers if one.enrolment_id is not None]
    for section_id in {one.section_id for one in back}:
        ids = [one.enrolment_id for one in back if one.section_id == section_id]
        values = {"state": EnrolmentState.ACTIVE, "withdrawn_at": None, "section_id": section_id}
        conn.execute(update(ENROLMENT).where(ENROLMENT.c.id.in_(ids)).values(values))


def _invite(conn: Connection, held: Held, newcomers: Sequence[Newcomer], cause: Cause, by: str) -> None:
    rows = [
        PlaceRequest(
            id=new_id(),
            cohort_id=held.facts.id,
            person_id=one.person_id,
            section_id=one.section_id,
            kind=RequestKind.INVITATION,
            made_at=cause.now.school,
            made_by=cause.by or "",
        )
        for one in newcomers
    ]
    add(conn, *rows)
    details = {row.id: {"kind": row.kind.value, "person_id": row.person_id} for row in rows}
    record_all(conn, "place_request.make", "place_request", details, at=cause.now.real, actor_id=cause.by)
    rules = _section_rules(conn, newcomers)
    mails = [
        Mail(
            f"invitation:{row.id}",
            one.person_id,
            welcome(held.facts, rules[one.section_id], cause, one.zone, has_password=one.has_password)
            | {"by": by, "path": f"/cohorts/{held.facts.id}/enrol"},
        )
        for row, one in zip(rows, newcomers, strict=True)
    ]
    post_all(conn, "invitation", mails, now=cause.now.real)


def _section_rules(conn: Connection, newcomers: Sequence[Newcomer]) -> dict[str | None, SectionRules | None]:
    return {section_id: section(conn, section_id) for section_id in {one.section_id for one in newcomers}}
