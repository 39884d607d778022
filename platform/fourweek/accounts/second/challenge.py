"""The second page of signing in: the try is counted, the code checked aside, then the sign-in opened."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from fourweek.accounts.access import Visitor
from fourweek.accounts.known_devices import Device
from fourweek.accounts.second.queries import SecondFactor, second_factor_of
from fourweek.accounts.second.rules import from_app, recovery_code
from fourweek.accounts.second.sealing import step_of
from fourweek.accounts.second.service import FromApp, Given, Recovery, take
from fourweek.accounts.service import digest
from fourweek.accounts.sessions import Waiting, finish_sign_in, hold, waiting_sign_in
from fourweek.errors import SignInNeeded
from fourweek.language import N_
from fourweek.light import dataclass
from fourweek.limits.keys import hidden
from fourweek.limits.rules import Limit
from fourweek.limits.service import need
from fourweek.settings import Settings

ONE_SIGN_IN: Final = Limit("code-sign-in", 5, 900)
"""Codes that may be tried behind one right password."""
ONE_PERSON: Final = Limit("code-person", 60, 86400)
"""Codes of apps in a day; a recovery code, which nobody guesses, is always taken."""
_AGAIN: Final = N_("Several codes did not fit.")


@dataclass(frozen=True, slots=True)
class Challenge:
    """A sign-in that waits, and what its code is checked against."""

    waiting: Waiting
    factor: SecondFactor


def try_code(conn: Connection, visitor: Visitor, token: str | None, typed: str, settings: Settings) -> Challenge:
    """Count a try of a code. Raises SignInNeeded where no sign-in waits, TooMany where it is one too many."""
    found = challenge_of(conn, visitor, token)
    now = visitor.now.real
    need(conn, ONE_SIGN_IN, hidden(settings, f"sign-in {found.waiting.sign_in_id}"), now, _AGAIN)
    if recovery_code(typed) is None:
        need_code(conn, found.waiting.person_id, now, settings)
    return found


def need_code(conn: Connection, person_id: str, now: datetime, settings: Settings) -> None:
    """Count a try of a code of the app, wherever one is asked for. Raises TooMany."""
    need(conn, ONE_PERSON, hidden(settings, f"code {person_id}"), now, _AGAIN)


def challenge_of(conn: Connection, visitor: Visitor, token: str | None) -> Challenge:
    """What is asked for behind a cookie. Raises SignInNeeded where nothing is."""
    waiting = waiting_sign_in(conn, visitor, token)
    factor = second_factor_of(conn, waiting.person_id)
    if factor is None:
        raise SignInNeeded
    return Challenge(waiting, factor)


def read_code(settings: Settings, factor: SecondFactor, typed: str, now: datetime) -> Given | None:
    """What was typed, if it may be a code that counts; None for one that cannot. Raises CannotRead."""
    if recovery := recovery_code(typed):
        return Recovery(digest(recovery))
    code = from_app(typed)
    step = step_of(settings, factor.sealed, code, now, factor.last_step) if code else None
    return None if step is None else FromApp(step)


def pass_code(
    conn: Connection, visitor: Visitor, found: Challenge, given: Given, *, lasts: timedelta, device: Device
) -> str | None:
    """Sign in whoever gave the right code; the value of the cookie, None where the code counts no more.

    Raises SignInNeeded where the sign-in ended meanwhile, for somebody who was disabled too.
    """
    if not hold(conn, found.waiting.person_id):
        raise SignInNeeded
    if not take(conn, found.waiting.person_id, given, visitor.now.real):
        return None
    return finish_sign_in(conn, visitor, found.waiting, lasts=lasts, device=device)
