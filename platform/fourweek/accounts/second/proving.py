"""Whether somebody who is signed in is who they are: by their password, or by a code of their second factor."""

from typing import Final

from fastapi import Request
from sqlalchemy import Connection, select

from fourweek.accounts.access import Visitor
from fourweek.accounts.limiting import PASSWORD as OLD_PASSWORD
from fourweek.accounts.second.challenge import read_code
from fourweek.accounts.second.queries import SecondFactor, second_factor_of
from fourweek.accounts.second.service import Given
from fourweek.accounts.service import PASSWORD, primary_address
from fourweek.clock import real_time
from fourweek.edge import house, write
from fourweek.light import dataclass
from fourweek.limits.keys import hidden
from fourweek.limits.service import need
from fourweek.settings import Settings

PROOF: Final = "password_or_code"
"""The name of the field."""


@dataclass(frozen=True, slots=True)
class Known:
    hash: str | None
    factor: SecondFactor | None
    account: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether what was typed fits. `given` is a code, which has yet to be taken; None where it was the password."""

    holds: bool
    account: str
    given: Given | None = None


async def proof_of(request: Request, typed: str) -> Proof:
    """Check what was typed as a password or code, aside. Raises TooMany."""
    settings = house(request).settings
    known = await write(request, _try_proof, settings)
    given = read_code(settings, known.factor, typed, real_time()) if known.factor else None
    if given is not None:
        return Proof(True, known.account, given)
    fits, _ = await house(request).passwords.check_aside(typed, known.hash)
    return Proof(fits, known.account)


def _try_proof(conn: Connection, visitor: Visitor, settings: Settings) -> Known:
    """Count a try, and give what it is checked against."""
    person = visitor.me.id
    need(conn, OLD_PASSWORD, hidden(settings, f"proof {person}"), visitor.now.real)
    stored = conn.execute(select(PASSWORD.c.hash).where(PASSWORD.c.person_id == person)).scalar()
    return Known(stored, second_factor_of(conn, person), primary_address(conn, person) or visitor.me.name)
