"""Reading proposals and the entries that they are about."""

from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from assessments.corrections.models import CreditProposal
from assessments.credit.ledger import ENTRY, LEDGER
from fourweek.database import table

PROPOSAL = table(CreditProposal)
_TAKING_BACK = ENTRY.alias("taking_back")
_TARGET: Select[Any] = (
    select(ENTRY, LEDGER.c.person_id, _TAKING_BACK.c.id.label("taken_back_by"))
    .join(LEDGER, LEDGER.c.id == ENTRY.c.ledger_id)
    .outerjoin(_TAKING_BACK, _TAKING_BACK.c.reverses_id == ENTRY.c.id)
    .where(ENTRY.c.id == bindparam("entry"))
)


def target(conn: Connection, entry_id: str) -> Row[Any] | None:
    """An entry with `person_id` and `taken_back_by`."""
    return conn.execute(_TARGET, {"entry": entry_id}).first()
