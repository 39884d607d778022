"""Asking again who somebody is, before what opens a lasting door to their account.

A second factor, recovery codes, a link to a provider, an API token or another mail address outlives the sign-in that
made it, and so does what an operator gives to others; a browser that was left open must not be enough. A sign-in
counts as shown for `HOLDS`. After that the form is given back as it was typed, with one field more: for the password,
or for a code of the app. Whoever has neither signs in again beside it, by their provider or a letter. Wrong ones count
as they do at a sign-in. A calendar's address and a link to a document open a little to be read, and their owner sees
them and takes them back: they ask for nothing.

The answer to a form that showed it brings a new identifier, and that alone counts as shown: whoever has a copy of the
cookie before goes through no door with it, though it is taken for a while yet (`renewing`).
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from fastapi import Request
from sqlalchemy import Connection, bindparam, select
from starlette.datastructures import FormData

from fourweek.accounts.access import SIGN_IN, Visitor
from fourweek.accounts.answers import device_of, retry_after, tries_for
from fourweek.accounts.known_devices import Device
from fourweek.accounts.limiting import SIGN_IN as TRIES
from fourweek.accounts.second.challenge import need_code, read_code
from fourweek.accounts.second.queries import SecondFactor, second_factor_of
from fourweek.accounts.second.rules import from_app
from fourweek.accounts.second.service import NO_FIT, Given
from fourweek.accounts.second.service import take as take_code
from fourweek.accounts.service import digest, primary_address
from fourweek.accounts.sessions import renew_shown
from fourweek.accounts.signing_in import Account, account_of
from fourweek.clock import real_time
from fourweek.edge import FRESH, cookie, house, read, read_form, text, write
from fourweek.errors import PROOF, ProofNeeded, SignInNeeded, TooMany
from fourweek.language import N_
from fourweek.light import dataclass
from fourweek.limits.bounds import Tries, give_back, take
from fourweek.settings import Settings

HOLDS: Final = timedelta(minutes=10)
NOT_IT: Final = N_("This is not the password you sign in with.")
_SHOWN: Any = select(SIGN_IN.c.created_at, SIGN_IN.c.code_at, SIGN_IN.c.token_hash).where(
    SIGN_IN.c.id == bindparam("mine")
)


@dataclass(frozen=True, slots=True)
class Known:
    """What a proof is checked against. `address`: the account that tries are counted under."""

    address: str
    account: Account
    factor: SecondFactor | None


async def read_proven_form(request: Request) -> FormData:
    """`edge.read_form` and `prove` in one."""
    form = await read_form(request)
    await prove(request, form)
    return form


async def prove(request: Request, form: FormData) -> None:
    """Go on for somebody who showed who they are within `HOLDS`, or shows it with this form.

    Raises ProofNeeded, also for a wrong password and too many of them. Where not everybody may do what the form asks
    for, that is looked at before: nobody else is asked.
    """
    device, mine = device_of(request), digest(cookie(request) or "")
    known = await read(request, _to_show, device, mine)
    if known is None:
        return
    asks = partial(ProofNeeded, password=known.account.hash is not None, code=known.factor is not None)
    wrong = NO_FIT if known.factor else NOT_IT
    if not (typed := text(form, PROOF)):
        raise asks()
    tries = tries_for(request, known.address, device)
    try:
        await write(request, _count, known, typed, tries, house(request).settings)
    except TooMany as error:
        said = f"{error.message} {error.advice}"
        raise asks(wrong=said, status=error.status, headers=retry_after(error)) from None
    fits, _ = await house(request).passwords.check_aside(typed, known.account.hash)
    given = None if fits else _code(request, known, typed)  # a password may look like a code
    token = await write(request, _keep, known, given, tries, mine) if fits or given else None
    if token is None:
        raise asks(wrong=wrong)
    request.scope[FRESH] = token


def shown(conn: Connection, visitor: Visitor, token_hash: str) -> bool:
    """Whether the visitor's sign-in was opened, or given a password or code, within `HOLDS`.

    `token_hash` is of the identifier that they come with: the one before shows nothing.
    """
    found = conn.execute(_SHOWN, {"mine": visitor.me.sign_in_id}).first()
    if found is None:
        raise SignInNeeded
    last: datetime = max(found.created_at, found.code_at or found.created_at)
    return bool(found.token_hash == token_hash) and last > visitor.now.real - HOLDS


def _to_show(conn: Connection, visitor: Visitor, device: Device, token_hash: str) -> Known | None:
    """What the visitor's proof is checked against; None where none is asked for."""
    if shown(conn, visitor, token_hash):
        return None
    address = primary_address(conn, visitor.me.id) or ""
    return Known(address, account_of(conn, address, device), second_factor_of(conn, visitor.me.id))


def _count(conn: Connection, visitor: Visitor, known: Known, typed: str, tries: Tries, settings: Settings) -> None:
    take(conn, TRIES, tries, known=known.account.known)
    if known.factor is not None and from_app(typed) is not None:
        need_code(conn, visitor.me.id, visitor.now.real, settings)


def _code(request: Request, known: Known, typed: str) -> Given | None:
    return read_code(house(request).settings, known.factor, typed, real_time()) if known.factor else None


def _keep(
    conn: Connection, visitor: Visitor, known: Known, given: Given | None, tries: Tries, token_hash: str
) -> str | None:
    """Note that the visitor showed who they are; their new identifier, None for a code that counts no more."""
    if given is not None and not take_code(conn, visitor.me.id, given, visitor.now.real):
        return None
    give_back(conn, TRIES, tries, known=known.account.known)
    return renew_shown(conn, visitor, token_hash)
