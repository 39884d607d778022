"""A school always has an operator: the last one who can sign in stays one."""

from typing import Any, Final

from sqlalchemy import Connection, select

from fourweek.accounts.access import GRANT, PERSON
from fourweek.accounts.models import Role
from fourweek.errors import Conflict
from fourweek.language import N_, _

_HELD: Any = select(GRANT.c.id).where(GRANT.c.role == Role.OPERATOR).order_by(GRANT.c.id).with_for_update()
_ABLE: Final = (
    select(GRANT.c.person_id)
    .join(PERSON, PERSON.c.id == GRANT.c.person_id)
    .where(GRANT.c.role == Role.OPERATOR, PERSON.c.disabled_at.is_(None))
)


class LastOperator(Conflict):
    title = N_("This is the only operator")
    what_to_do = N_("Give somebody else the role of operator first.")


def need_another_operator(conn: Connection, person_id: str) -> None:
    """Before a person stops being an operator, or stops signing in. Raises LastOperator where nobody else could.

    All grants of the role are held first, until the transaction ends, and then counted by a statement of its own:
    of two operators who end each other at one moment, the second waits here and sees what the first one did.
    """
    conn.execute(_HELD)
    if set(conn.execute(_ABLE).scalars()) == {person_id}:
        raise LastOperator(_("Without this person nobody would look after the school."))
