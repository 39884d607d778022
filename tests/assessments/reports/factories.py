"""Completed courses and licences whose holders agreed, or did not."""

from datetime import date, datetime

from sqlalchemy import Connection, update

from assessments.licences.models import Licence
from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import EnrolmentState
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from fourweek.database import add, new_id
from tests import factories as make
from tests.assessments.credit.factories import Learning, learning, recorded
from tests.factories import START

FLORIDA = "us-fl-pe"


def completed(conn: Connection, who: Learning | None = None, at: datetime = START) -> Learning:
    """Two modules of 150 minutes on record, and the course met."""
    who = who or learning(conn)
    for week in (1, 2):
        recorded(conn, who, week, at=at)
    met = update(ENROLMENT).where(ENROLMENT.c.id == who.enrolment_id)
    conn.execute(met.values(state=EnrolmentState.COMPLETED, completed_at=at))
    return who


def licensed(conn: Connection, person_id: str, *, agreed: bool = True, number: str = "PE-0012345") -> None:
    licence = Licence(
        id=new_id(),
        person_id=person_id,
        board=FLORIDA,
        profession="Professional engineer",
        jurisdiction="US-FL",
        number=number,
        ends_on=date(2027, 2, 28),
        zone="UTC",
        obligation={"report": True} if agreed else {},
        made_at=START,
    )
    add(conn, licence)


def registrar(conn: Connection) -> Visitor:
    return make.visitor(make.with_role(conn, Role.REGISTRAR, "Regina Stone"), START, (Role.REGISTRAR, ""))
