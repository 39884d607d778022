"""An app on a phone that shows codes, and people who have one."""

from datetime import datetime

from passlib.totp import TOTP
from sqlalchemy import Connection

from fourweek.accounts.second import sealing, service
from fourweek.accounts.second.rules import new_recovery_codes, recovery_code
from fourweek.accounts.service import digest
from fourweek.clock import real_time
from fourweek.settings import Settings
from tests.factories import visitor


class Phone:
    """Knows a secret and shows its codes."""

    def __init__(self, address: str) -> None:
        self._secret = TOTP.from_uri(address)

    def code(self, at: datetime | None = None) -> str:
        return str(self._secret.generate(time=at or real_time()).token)


def set_up(conn: Connection, settings: Settings, person_id: str, step: int = 1) -> tuple[Phone, tuple[str, ...]]:
    """A second factor for a person, whose last code was of `step`; their phone and their recovery codes."""
    sealed, codes = sealing.new_secret(settings), new_recovery_codes()
    me = visitor(person_id, real_time())
    service.begin(conn, me, sealed)
    service.confirm(conn, me, sealed, step, [digest(recovery_code(one) or "") for one in codes])
    return Phone(sealing.shown(settings, sealed, "someone@example.org").address), codes
