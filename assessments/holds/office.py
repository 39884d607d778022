"""Holds that the registrar places and lifts by hand, each with a reason."""

from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, select

from assessments.credit.ledger import hold_ledger
from assessments.holds.models import HoldCause
from assessments.holds.queries import open_holds
from assessments.holds.service import lift, place
from assessments.record.queries import another, one_learner, registrar
from courses.cohorts.queries import COHORT, VERSION
from courses.enrolment.access import ENROLMENT
from fourweek.accounts.access import Visitor
from fourweek.errors import Conflict, Invalid, NotFound
from fourweek.language import _
from fourweek.language.stored import Kept, in_each_language

MOST_WORDS: Final = 500
_WHERE: Select[Any] = (
    select(VERSION.c.title, COHORT.c.name)
    .join(COHORT, COHORT.c.version_id == VERSION.c.id)
    .join(ENROLMENT, ENROLMENT.c.cohort_id == COHORT.c.id)
    .where(ENROLMENT.c.id == bindparam("enrolment"), ENROLMENT.c.person_id == bindparam("person"))
)


def place_hold(conn: Connection, visitor: Visitor, learner_number: str, enrolment_id: str, why: str) -> str:
    """Hold a learner's credit of one enrolment, or of all for ""; returns the hold's id.

    Raises NotFound for an enrolment that is not theirs and for everybody but the registrar, Invalid for a missing
    reason, Conflict where the registrar holds the same already. Forbidden is what concerns their own credit.
    """
    registrar(visitor)
    person = one_learner(conn, learner_number)
    me = another(visitor, person.id)
    words = _reason(why, "hold_why")
    hold_ledger(conn, person.id)
    where = _where(conn, person.id, enrolment_id)
    for row in open_holds(conn, person.id):
        if row.cause is HoldCause.REGISTRAR and row.enrolment_id == (enrolment_id or None):
            raise Conflict(_("This credit is held already."))
    at, by = visitor.now.real, me.id
    return place(conn, person.id, enrolment_id or None, cause=HoldCause.REGISTRAR, why=words, at=at, where=where, by=by)


def lift_hold(conn: Connection, visitor: Visitor, learner_number: str, hold_id: str, why: str) -> None:
    """Lift an open hold of this learner, whatever its cause.

    Raises NotFound for one that is not open, Forbidden for the registrar's own, and Invalid.
    """
    registrar(visitor)
    person = one_learner(conn, learner_number)
    me = another(visitor, person.id)
    words = _reason(why, f"lift_why_{hold_id}")
    hold_ledger(conn, person.id)
    row = next((row for row in open_holds(conn, person.id) if row.id == hold_id), None)
    if row is None:
        raise NotFound
    lift(conn, row, cause=HoldCause.REGISTRAR, why=words, at=visitor.now.real, by=me.id)


def _where(conn: Connection, person_id: str, enrolment_id: str) -> Kept:
    if not enrolment_id:
        return in_each_language(lambda: _("all courses"))
    found: Row[Any] | None = conn.execute(
        _WHERE, {"enrolment": enrolment_id.replace("\0", ""), "person": person_id}
    ).first()
    if found is None:
        raise NotFound
    return f"{found.title}, {found.name}"


def _reason(why: str, field: str) -> str:
    words = why.strip()
    if not words:
        raise Invalid({field: _("Say in a sentence why; the learner reads it.")})
    if len(words) > MOST_WORDS:
        raise Invalid({field: _("Say it in at most {most} characters.", most=MOST_WORDS)})
    return words
