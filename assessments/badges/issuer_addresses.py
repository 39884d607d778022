"""The addresses of the site under which badges were signed: noted with the first badge, and whenever the site moves.

A badge keeps the address it was first signed under; checking one therefore knows them all.
"""

import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from assessments.badges.models import IssuerAddress
from fourweek.audit.service import record
from fourweek.database import Database, add_once, new_id, table
from fourweek.errors import Busy
from fourweek.settings import Settings

ADDRESS = table(IssuerAddress)
_NOTED = select(ADDRESS.c.base_url).order_by(ADDRESS.c.noted_at.desc(), ADDRESS.c.id.desc())

FRESH: Final = 60.0
"""Seconds for which a process goes on with the hosts that it knows."""


class AnotherAddressError(RuntimeError):
    """Badges were signed under other addresses than this one; says the way out."""


def noted(conn: Connection) -> tuple[str, ...]:
    """Every base address that badges were ever signed under, the newest first."""
    return tuple(conn.execute(_NOTED).scalars())


def all_bases(settings: Settings, known: Iterable[str]) -> tuple[str, ...]:
    """The present address and the noted ones, each once."""
    return tuple(dict.fromkeys([settings.public_url, *known]))


def served_base(host: str, folder: str, base_urls: Iterable[str]) -> str | None:
    """The base address that a request for `{folder}/did.json` at that host means; None if there is none in the folder.

    A host that is none of ours gets the first address, the present one. A proxy may have taken the folder away.
    """
    bases = list(base_urls)
    here = [base for base in bases if urlsplit(base).netloc.lower() == host.lower()] or bases[:1]
    if not folder:
        return min(here, key=lambda base: len(urlsplit(base).path))
    return next((base for base in here if urlsplit(base).path.strip("/") == folder), None)


class IssuerHosts:
    """The hosts of every address that badges were signed under; asked of the database at most once a minute."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._found: frozenset[str] = frozenset()
        self._until = 0.0

    async def __call__(self) -> frozenset[str]:
        if time.monotonic() >= self._until:
            with suppress(Busy, SQLAlchemyError):  # then it goes on with what it knows
                self._found = frozenset(urlsplit(base).netloc for base in await self._db.read(noted))
            self._until = time.monotonic() + FRESH
        return self._found


def note_first(conn: Connection, base_url: str, now: datetime) -> None:
    """Called in the transaction that keeps a signed form: the very first one notes its address. `now`: real clock.

    Raises AnotherAddressError when badges were signed under other addresses and this one was never noted.
    """
    known = noted(conn)
    if known:
        refuse_another(base_url, known)
    else:
        _note(conn, base_url, "The first badge was signed.", now)


def move_to(conn: Connection, base_url: str, why: str, now: datetime) -> bool:
    """Note a further address: new badges get it, those there are keep theirs. False if it was noted before."""
    return _note(conn, base_url, why, now)


def follow(conn: Connection, base_url: str, why: str, now: datetime) -> None:
    """For a demonstration, whose port may change at any start: note the address once badges were signed elsewhere."""
    if noted(conn):
        _note(conn, base_url, why, now)


def refuse_another(base_url: str, known: tuple[str, ...]) -> None:
    """Raises AnotherAddressError unless the address is among those that were noted, or none was yet."""
    if known and base_url not in known:
        raise AnotherAddressError(
            f"Badges were signed under {known[0]}, but the address is set to {base_url}.\n"
            f"Set FOURWEEK_BASE_URL back to {known[0]}. If the school really moved, run "
            "`fourweek keys move --why …`: new badges get the new address, those there are keep theirs."
        )


def _note(conn: Connection, base_url: str, why: str, now: datetime) -> bool:
    row = IssuerAddress(id=new_id(), base_url=base_url, noted_at=now, why=why)
    if not add_once(conn, row):
        return False
    record(
        conn, "issuer.address", "issuer_address", row.id, at=now, actor_id=None, reason=why, detail={"url": base_url}
    )
    return True
