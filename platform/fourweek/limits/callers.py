"""Who called, as a key that tries are counted under."""

from functools import lru_cache

from fastapi import Request

from fourweek.edge import house
from fourweek.limits.keys import hidden
from fourweek.limits.rules import Network, caller_behind, read_networks


def caller(request: Request) -> str:
    """The key of the network address that a request came from; no row ever holds the address itself."""
    settings = house(request).settings
    peer = request.client.host if request.client else ""
    forwarded = request.headers.getlist("x-forwarded-for")
    return hidden(settings, f"address {caller_behind(peer, forwarded, _networks(settings.proxies))}")


@lru_cache(maxsize=8)
def _networks(said: str) -> tuple[Network, ...]:
    return read_networks(said)
