"""A learner with credit, and two registrars."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from assessments.credit.amounts import Amount, Part
from assessments.credit.ledger import ENTRY
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from tests import factories as make
from tests.assessments.credit.factories import LATER, Learning, learning, recorded

LINES = ((1, 3), (2, 2), (3, 3), (4, 2))
"""(module, tenths) of four times 150 minutes."""


@dataclass(frozen=True, slots=True)
class Desk:
    """`rita` and `rolf` keep the record; `entries` are the ids of the learner's four."""

    who: Learning
    rita: Visitor
    rolf: Visitor
    entries: list[str]


def keeper(conn: Connection, name: str) -> Visitor:
    person_id = make.with_role(conn, Role.REGISTRAR, name)
    return make.visitor(person_id, LATER, (Role.REGISTRAR, ""))


def desk(conn: Connection) -> Desk:
    who = learning(conn)
    steps = Amount("PDH", "pdh-half-hour-2018", 5)
    parts = (Part("ethics", 30), Part("technical", 120))
    entries = [recorded(conn, who, week, parts=parts, tenths=tenths, amounts=(steps,)) for week, tenths in LINES]
    return Desk(who, keeper(conn, "Rita Record"), keeper(conn, "Rolf Rolls"), entries)


def figures(conn: Connection, enrolment_id: str) -> list[tuple[str, int, int, int]]:
    """(kind, minutes, tenths, PDH half hours) of every entry of an enrolment, in order."""
    wanted = select(ENTRY).where(ENTRY.c.enrolment_id == enrolment_id).order_by(ENTRY.c.ledger_id, ENTRY.c.seq)
    return [
        (row.kind.value, row.minutes, row.tenths, sum(one["steps"] for one in row.amounts))
        for row in conn.execute(wanted)
    ]
