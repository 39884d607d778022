"""Whether a school still waits for its first administrator, and the code that only who sees the server's log knows."""

import hmac
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Connection, exists, select

from fourweek.accounts.access import PERSON
from fourweek.database import Database
from fourweek.house_secrets import house_secret

log = structlog.get_logger(__name__)
FILE: Final = "first-run.key"
"""In the home folder, readable by its owner alone: what the code is made of. All servers of one home have one code."""
SIGNS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH, _GROUP = 12, 4
_ANYBODY: Final = select(exists().where(PERSON.c.id.is_not(None)))


def anybody(conn: Connection) -> bool:
    """Whether there is any account, of whatever kind."""
    return bool(conn.execute(_ANYBODY).scalar_one())


def invite(home: Path) -> str:
    """The code of a school without accounts, made when it is first asked for: 60 bits in three groups of four.

    So long that nobody counts tries of it: a million a second for ten thousand years would find one in four.
    """
    digest = hmac.digest(house_secret(home, FILE), b"first run", "sha256")
    signs = "".join(SIGNS[byte % len(SIGNS)] for byte in digest[:_LENGTH])
    return "-".join(signs[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def withdraw(home: Path) -> None:
    """Once there is an account, no code opens anything, be its file gone or not."""
    try:
        (home / FILE).unlink(missing_ok=True)
    except OSError as error:
        log.warning("first_run_key_stays", file=str(home / FILE), error=str(error))


def is_code(typed: str, code: str) -> bool:
    """Whether this is the code, whatever dashes, spaces and small letters it was typed with. No code is never right."""
    return bool(code) and hmac.compare_digest(_plain(typed).encode(), _plain(code).encode())


def _plain(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())


class Opening:
    """What one process knows of it. `code` is None once there is an account, and then for good."""

    def __init__(self, home: Path, db: Database) -> None:
        self._db = db
        self.code = invite(home) if (home / FILE).exists() else None

    async def is_open(self) -> bool:
        """Asks the database for as long as nobody was seen there: another process may have been quicker."""
        if self.code is not None and await self._db.read(anybody):
            self.code = None
        return self.code is not None
