"""Whether a person has a second factor, and how it stands."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from fourweek.accounts.access import SignedIn
from fourweek.accounts.models import Role
from fourweek.accounts.second.models import RecoveryCode, TotpSecret
from fourweek.database import table
from fourweek.light import dataclass

SECRET, CODE = table(TotpSecret), table(RecoveryCode)

_LEFT = (
    select(func.count())
    .where(CODE.c.person_id == SECRET.c.person_id, CODE.c.used_at.is_(None))
    .correlate(SECRET)
    .scalar_subquery()
)
_FACTOR: Any = select(
    SECRET.c.confirmed_at.label("since"), SECRET.c.sealed, SECRET.c.last_step, _LEFT.label("codes_left")
).where(SECRET.c.person_id == bindparam("person"), SECRET.c.confirmed_at.is_not(None))


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """A second factor that counts. `sealed` is its secret as it is kept, `codes_left` how many recovery codes."""

    since: datetime
    sealed: str
    last_step: int
    codes_left: int


def second_factor_of(conn: Connection, person_id: str) -> SecondFactor | None:
    """The person's second factor, None where none is asked for at sign-in. One statement."""
    found = conn.execute(_FACTOR, {"person": person_id}).first()
    return SecondFactor(found.since, found.sealed, found.last_step, found.codes_left) if found else None


def owes_second_factor(conn: Connection, person: SignedIn, asked_of: Collection[Role]) -> bool:
    """Whether a role of the person asks for a second factor and there is none; a statement for such roles alone."""
    asked = any(role in asked_of for role, _ in person.grants)
    return asked and second_factor_of(conn, person.id) is None
