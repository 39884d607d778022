"""How often one may begin to send files: counted under the account, the network address, both, and in all."""

from typing import Final

from fastapi import Request
from sqlalchemy import Connection

from fourweek.accounts.access import Visitor
from fourweek.edge import house, write
from fourweek.limits.bounds import Bounds, Tries, take_own
from fourweek.limits.callers import caller
from fourweek.limits.keys import hidden
from fourweek.limits.rules import Limit
from fourweek.settings import Settings

SPAN: Final = 600
UPLOADS: Final = Bounds(
    both=Limit("upload", 300, SPAN),
    account=Limit("upload-account", 400, SPAN),
    network=Limit("upload-network", 6000, SPAN),
    ceiling=Limit("upload-all", 30_000, SPAN),
    few=40,
    device=Limit("upload-device", 300, SPAN),
)
"""Forms with files, and files that come in pieces. A class that hands in at once behind one address is far below."""


async def need_upload(request: Request) -> None:
    """Count the form with files that comes now. Raises TooMany before any of its body is taken in."""
    await write(request, count_upload, house(request).settings, caller(request))


def count_upload(conn: Connection, visitor: Visitor, settings: Settings, network: str) -> None:
    """Count what the visitor begins to send, from where `callers.caller` says. Raises TooMany."""
    account = hidden(settings, f"person {visitor.me.id}")
    take_own(conn, UPLOADS, Tries(account, network, account, visitor.now.real))
