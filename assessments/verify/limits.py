"""How often something may be checked. A right code always comes through within the minute."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from assessments.verify.looking import FILE_KINDS, GUESSED, Given, Kind
from fourweek.errors import TooMany
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.limits.keys import hidden
from fourweek.limits.rules import Limit
from fourweek.limits.service import count, need
from fourweek.settings import Settings

CHECKS: Final = Limit("check", 60, 60)
"""Of one network address, whatever is checked."""
FILES: Final = Limit("check-file", 30, 60)
"""Of one network address: a file costs a core for a moment."""
NAMES: Final = Limit("check-name", 6, 600)
"""Last names typed for one document from one network address."""
ALL_NAMES: Final = Limit("check-names", 60, 600)
"""Last names typed for one document from everywhere."""
MISSES: Final = Limit("check-miss", 600, 60)
"""Codes and addresses that are none of ours, from everywhere. Beyond that, whoever missed before has to wait."""
MISSED: Final = Limit("check-missed", 0, 60)
"""The same of one network address."""
TOO_MANY: Final = N_("Many checks came from your network in a short time, so this one was not looked at.")
GUESSING: Final = N_(
    "Many wrong codes are being tried just now, some of them from your network, so this was not looked at."
)
MANY_NAMES: Final = N_("Many names were tried for this document in a short time, so this one was not compared.")
_EVERYBODY: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Tries:
    """Under which keys a check is counted: whoever checks, and what a name is typed for, "" where none is."""

    caller: str
    named: str = ""


def tries_of(settings: Settings, caller: str, given: Given, last_name: str) -> Tries:
    named = hidden(settings, f"document {given.key}") if last_name and given.kind is Kind.CODE else ""
    return Tries(caller, named)


def count_try(conn: Connection, given: Given, tries: Tries, now: datetime) -> None:
    """Count a check before anything is looked up: the same statements whatever is known. Raises TooMany."""
    need(conn, CHECKS, tries.caller, now, _(TOO_MANY))
    if given.kind in FILE_KINDS:
        need(conn, FILES, tries.caller, now, _(TOO_MANY))
    if tries.named:
        both = tries.named[:32] + tries.caller[:32]
        need(conn, NAMES, both, now, _(MANY_NAMES))
        need(conn, ALL_NAMES, tries.named, now, _(MANY_NAMES))


def count_miss(conn: Connection, given: Given, tries: Tries, now: datetime, *, missed: bool) -> None:
    """Count what was guessed wrongly, or nothing by the same statements. Raises TooMany while far too much is guessed,
    for those who guessed wrongly themselves: whoever has a right code is not kept from it by others."""
    if given.kind not in GUESSED:
        return
    by = int(missed)
    own = count(conn, MISSED, tries.caller, now, by)
    if count(conn, MISSES, _EVERYBODY, now, by) > MISSES.most and own > by:
        raise TooMany(MISSES.wait(now), _(GUESSING))
