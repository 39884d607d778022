"""What a limit is, and who counts as one caller: pure."""

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from fourweek.light import dataclass

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
HOUSEHOLD: Final = 64
"""Bits of an IPv6 address that are given to one household or firm; the rest is theirs to choose."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries of `kind` by one caller in each span of `seconds`, counted from 1970 in UTC."""

    kind: str
    most: int
    seconds: int

    @property
    def name(self) -> str:
        """What it is kept under: with its length, so that another length begins anew and old rows tell their age."""
        return f"{self.kind}/{self.seconds}"

    def span(self, now: datetime) -> int:
        """The number of the span that `now` is in."""
        return int(now.astimezone(UTC).timestamp()) // self.seconds

    def wait(self, now: datetime) -> int:
        """Whole seconds until the next span begins, at least 1."""
        return max(1, math.ceil((self.span(now) + 1) * self.seconds - now.timestamp()))


def read_networks(said: str) -> tuple[Network, ...]:
    """Addresses and networks, set apart by commas. Raises ValueError for what is neither."""
    return tuple(ip_network(part, strict=False) for part in map(str.strip, said.split(",")) if part)


def caller_behind(peer: str, forwarded: Sequence[str], proxies: Iterable[Network]) -> str:
    """Who called, as far as it can be believed: "" where nobody knows.

    `peer` is the other end of the connection, `forwarded` the values of X-Forwarded-For. They are read from the right:
    each of our proxies has added whom it heard, and what a stranger wrote before that counts for nothing.
    """
    trusted = tuple(proxies)
    found = _read(peer)
    if found is None:
        return peer
    for said in reversed([part.strip() for value in forwarded for part in value.split(",")]):
        if not any(found in network for network in trusted):
            break
        named = _read(said)
        if named is None:
            break
        found = named
    return _household(found)


def _read(said: str) -> Address | None:
    """An address, with or without brackets and port."""
    bare = said[1 : said.find("]")] if said.startswith("[") else said
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _household(address: Address) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((address, HOUSEHOLD), strict=False))
    return str(address)
