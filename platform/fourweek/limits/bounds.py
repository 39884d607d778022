"""Limits that hold together: on one account, from one network address, both, and in all.

Whoever is refused is not counted: the transaction that counted is undone by the refusal. So nobody who is held up by a
narrow limit uses up a wider one.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from fourweek.errors import TooMany
from fourweek.language import N_
from fourweek.light import dataclass
from fourweek.limits.rules import Limit
from fourweek.limits.service import count, count_each, need

_EVERYBODY: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Bounds:
    """How often one thing may be tried.

    `both`: on one account from one network address. `account`: on one account from everywhere. `network`: from one
    network address on whatever account. `ceiling`: in all; while that is reached, each network address has `few` tries,
    so that those who tried little are not kept out by those who try much. `device`: on one account by a browser that
    was signed in there before; none of the others holds for it.
    """

    both: Limit
    account: Limit
    network: Limit
    ceiling: Limit
    few: int
    device: Limit


@dataclass(frozen=True, slots=True)
class Tries:
    """The keys under which one try is counted, each as `keys.hidden` makes them, and when it was made."""

    account: str
    network: str
    device: str
    at: datetime

    @property
    def both(self) -> str:
        return self.account[:32] + self.network[:32]

    @property
    def of_device(self) -> str:
        return self.account[:32] + self.device[:32]


def take(conn: Connection, bounds: Bounds, tries: Tries, *, known: bool) -> None:
    """Count a try, by the same statements whatever is tried. Raises TooMany. `known`: by a known browser."""
    if known:
        need(conn, bounds.device, tries.of_device, tries.at, _OWN)
        return
    both, account, network, everybody = count_each(conn, _of(bounds, tries), tries.at)
    if both > bounds.both.most:
        raise TooMany(bounds.both.wait(tries.at))
    if account > bounds.account.most:
        raise TooMany(bounds.account.wait(tries.at), _ACCOUNT)
    if network > bounds.network.most:
        raise TooMany(bounds.network.wait(tries.at))
    if everybody > bounds.ceiling.most and network > bounds.few:
        raise TooMany(bounds.ceiling.wait(tries.at), _MUCH)


def take_own(conn: Connection, bounds: Bounds, tries: Tries) -> None:
    """Count a try of somebody who is signed in, upon their own account. Raises TooMany.

    Beyond what one network address has, and beyond the ceiling, whoever tried little comes through: what a neighbour or
    a stranger does keeps nobody from a deadline.
    """
    both, own, network, everybody = count_each(conn, _of(bounds, tries), tries.at)
    for limit, tried in ((bounds.both, both), (bounds.account, own)):
        if tried > limit.most:
            raise TooMany(limit.wait(tries.at), _OWN)
    for limit, tried in ((bounds.network, network), (bounds.ceiling, everybody)):
        if tried > limit.most and own > bounds.few:
            raise TooMany(limit.wait(tries.at), _MUCH)


def give_back(conn: Connection, bounds: Bounds, tries: Tries, *, known: bool) -> None:
    """The try was a right one, and does not count."""
    if known:
        count(conn, bounds.device, tries.of_device, tries.at, -1)
        return
    count_each(conn, _of(bounds, tries), tries.at, -1)


def _of(bounds: Bounds, tries: Tries) -> tuple[tuple[Limit, str], ...]:
    """What a try is counted under, by whoever is not known: the account with the network, each, and all."""
    return (
        (bounds.both, tries.both),
        (bounds.account, tries.account),
        (bounds.network, tries.network),
        (bounds.ceiling, _EVERYBODY),
    )


_OWN: Final = N_("This was tried often in a short time, so this try was not looked at.")
_ACCOUNT: Final = N_("Many tries were made for this address in a short time, so this one was not looked at.")
_MUCH: Final = N_("Very much is being tried just now, some of it from your network, so this was not looked at.")
