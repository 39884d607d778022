"""Giving places, and the line that waits for them. Whoever calls holds the cohort's lock and has decided."""

from typing import Any

from sqlalchemy import Connection, bindparam, exists, select, update

from courses.cohorts.queries import COHORT, COHORT_COLUMNS, COHORT_SOURCE, CohortFacts, facts_of
from courses.enrolment.access import SECTION, SECTION_COLUMNS, section_rules
from courses.enrolment.models import Enrolment, EnrolmentState, PlaceRequest, RequestKind, RequestState
from courses.enrolment.queries import ENROLMENT, ENTRY_COLUMNS, REQUEST, entry_of, seats_of
from courses.enrolment.rules import Entry, Seats, line_moves
from courses.schedule.rules import effective_dates
from courses.schedule.terms import EnrolmentFacts, SectionRules
from courses.schedule.words import keep_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON
from fourweek.accounts.password_links import NEEDED
from fourweek.accounts.service import PASSWORD
from fourweek.audit.service import record
from fourweek.clock import Now
from fourweek.database import Database, add, add_once, lock, new_id
from fourweek.errors import NotFound
from fourweek.light import dataclass
from fourweek.outbox import post

AT_ONCE = 100
"""How many of a line get their place in one transaction."""

HAS_PASSWORD = exists().where(PASSWORD.c.person_id == PERSON.c.id).correlate(PERSON)
_HELD: Any = (
    select(*COHORT_COLUMNS, *ENTRY_COLUMNS).select_from(COHORT_SOURCE).where(COHORT.c.id == bindparam("cohort"))
)
_LINE = (
    select(REQUEST.c.id, REQUEST.c.person_id, REQUEST.c.section_id)
    .join(PERSON, PERSON.c.id == REQUEST.c.person_id)
    .where(
        REQUEST.c.cohort_id == bindparam("cohort"),
        REQUEST.c.state == RequestState.OPEN,
        REQUEST.c.kind == RequestKind.WAITLIST,
        PERSON.c.disabled_at.is_(None),
    )
    .order_by(REQUEST.c.made_at, REQUEST.c.id)
    .limit(bindparam("free"))
)
_PERSON: Any = (
    select(
        PERSON.c.zone,
        HAS_PASSWORD.label("has_password"),
        ENROLMENT.c.id.label("enrolment_id"),
        ENROLMENT.c.state,
        ENROLMENT.c.section_id,
    )
    .select_from(
        PERSON.outerjoin(
            ENROLMENT,
            (ENROLMENT.c.person_id == PERSON.c.id) & (ENROLMENT.c.cohort_id == bindparam("cohort")),
        )
    )
    .where(PERSON.c.id == bindparam("person"))
)
_SECTION = select(*SECTION_COLUMNS).where(SECTION.c.id == bindparam("section"))
_WITH_A_LINE = (
    select(*COHORT_COLUMNS, *ENTRY_COLUMNS)
    .select_from(COHORT_SOURCE)
    .where(
        COHORT.c.id.in_(
            select(REQUEST.c.cohort_id).where(
                REQUEST.c.state == RequestState.OPEN, REQUEST.c.kind == RequestKind.WAITLIST
            )
        )
    )
)


@dataclass(frozen=True, slots=True)
class Held:
    """A cohort whose lock is held, as it stands."""

    facts: CohortFacts
    seats: Seats
    entry: Entry


@dataclass(frozen=True, slots=True)
class Cause:
    """Why somebody gets a place: `how` is a word the letter knows (self, line, approved, staff), `by` who did it."""

    how: str
    by: str | None
    now: Now


def hold(conn: Connection, cohort_id: str) -> Held:
    """Lock a cohort until the transaction ends, and read how it stands. Raises NotFound."""
    lock(conn, COHORT, cohort_id)
    return as_it_stands(conn, cohort_id)


def as_it_stands(conn: Connection, cohort_id: str) -> Held:
    """A cohort as it stands, without its lock: for pages. Raises NotFound."""
    row = conn.execute(_HELD, {"cohort": cohort_id}).first()
    if row is None:
        raise NotFound
    return Held(facts_of(row), seats_of(row), entry_of(row))


def give_place(
    conn: Connection, facts: CohortFacts, person_id: str, cause: Cause, *, section_id: str | None = None
) -> str:
    """Enrol somebody: anew, or again with what was handed in before; one who has a place keeps it as it is.

    An open request of theirs is answered by it. Returns the enrolment's id.
    """
    person = conn.execute(_PERSON, {"person": person_id, "cohort": facts.id}).one()
    _answer_open(conn, facts.id, person_id, cause)
    if person.state in {EnrolmentState.ACTIVE, EnrolmentState.COMPLETED}:
        return str(person.enrolment_id)
    section_id = section_id or person.section_id
    enrolment_id: str = person.enrolment_id or new_id()
    if person.enrolment_id:
        _return(conn, enrolment_id, section_id)
    else:
        row = Enrolment(id=enrolment_id, cohort_id=facts.id, person_id=person_id, enrolled_at=cause.now.school)
        row.section_id = section_id
        add(conn, row)
    detail = {"how": cause.how, "section_id": section_id}
    at = cause.now.real
    record(conn, "enrolment.enrol", "enrolment", enrolment_id, at=at, actor_id=cause.by, detail=detail)
    data = welcome(facts, section(conn, section_id), cause, person.zone, has_password=person.has_password)
    key = f"enrolled:{enrolment_id}:{cause.now.school.isoformat()}"
    post(conn, key, "enrolled", person_id, now=cause.now.real, data=data)
    return enrolment_id


def fill_places(conn: Connection, cohort_id: str, now: Now) -> int:
    """Give free places to the first in line; returns how many. The caller holds the cohort's lock."""
    row = conn.execute(_HELD, {"cohort": cohort_id}).one()
    free = _to_give(row, now)
    if not free:
        return 0
    first = conn.execute(_LINE, {"cohort": cohort_id, "free": free}).all()
    for one in first:
        give_place(conn, facts_of(row), one.person_id, Cause("line", None, now), section_id=one.section_id)
    return len(first)


def give_free_places(db: Database, now: Now) -> int:
    """The scan behind `fill_places`, for places that a change of the cohort has made. Safe twice, at once, or late."""
    rows = db.read_now(lambda conn: conn.execute(_WITH_A_LINE).all())
    return sum(db.write_now(_fill, row.cohort_id, now) for row in rows if _to_give(row, now))


def stand_in_line(conn: Connection, cohort_id: str, person_id: str, cause: Cause, section_id: str | None = None) -> str:
    """Put somebody without an open request at the end of the line; returns the request's id."""
    return ask(conn, cohort_id, person_id, RequestKind.WAITLIST, cause, section_id=section_id)


def ask(
    conn: Connection,
    cohort_id: str,
    person_id: str,
    kind: RequestKind,
    cause: Cause,
    *,
    message: str = "",
    section_id: str | None = None,
) -> str:
    """Keep an open request of somebody who has none; returns its id."""
    row = PlaceRequest(
        id=new_id(),
        cohort_id=cohort_id,
        person_id=person_id,
        section_id=section_id,
        kind=kind,
        message=message,
        made_at=cause.now.school,
        made_by=cause.by or person_id,
    )
    if add_once(conn, row):
        detail = {"kind": kind.value, "person_id": person_id}
        record(conn, "place_request.make", "place_request", row.id, at=cause.now.real, actor_id=cause.by, detail=detail)
    return row.id


def answered(state: RequestState, cause: Cause, reason: str = "") -> dict[str, Any]:
    """The columns of a request that was answered."""
    return {"state": state, "decided_at": cause.now.school, "decided_by": cause.by, "reason": reason}


def section(conn: Connection, section_id: str | None) -> SectionRules | None:
    """A section's rules; None where there is none."""
    row = conn.execute(_SECTION, {"section": section_id}).first() if section_id else None
    return section_rules(row) if row else None


def welcome(
    facts: CohortFacts, own: SectionRules | None, cause: Cause, viewer: str, *, has_password: bool
) -> dict[str, Any]:
    """What the letter to somebody with a new place says; `viewer` is their zone."""
    now = cause.now.school
    first = effective_dates(facts.rules, 1, now=now, section=own, enrolment=EnrolmentFacts(now)).opens_at
    return {
        "course": facts.course_title,
        "cohort": facts.name,
        "starts": keep_instant(first, zone((own and own.zone) or facts.zone), zone(viewer)),
        "begun": first <= now,
        "how": cause.how,
        NEEDED: not has_password,
        "path": f"/cohorts/{facts.id}",
    }


def _answer_open(conn: Connection, cohort_id: str, person_id: str, cause: Cause) -> None:
    open_one = update(REQUEST).where(
        REQUEST.c.cohort_id == cohort_id, REQUEST.c.person_id == person_id, REQUEST.c.state == RequestState.OPEN
    )
    conn.execute(open_one.values(**answered(RequestState.ACCEPTED, cause)))


def _return(conn: Connection, enrolment_id: str, section_id: str | None) -> None:
    """Somebody who withdrew comes back: the same enrolment, so that work handed in before is still there.

    Dates are still counted from its first day: whoever leaves and returns does not grant themselves more time.
    """
    values = {"state": EnrolmentState.ACTIVE, "withdrawn_at": None, "section_id": section_id}
    conn.execute(update(ENROLMENT).where(ENROLMENT.c.id == enrolment_id).values(values))


def _fill(conn: Connection, cohort_id: str, now: Now) -> int:
    lock(conn, COHORT, cohort_id)
    return fill_places(conn, cohort_id, now)


def _to_give(row: Any, now: Now) -> int:
    """How many of the line get a place now."""
    seats = seats_of(row)
    if not seats.waiting or not line_moves(facts_of(row).rules, entry_of(row), now.school):
        return 0
    return min(AT_ONCE, seats.waiting if seats.left is None else min(seats.left, seats.waiting))
