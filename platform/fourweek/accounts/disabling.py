"""Disabling an account, and enabling it again. The record, the badges and all work of its person stay."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from fourweek.accounts.access import PERSON
from fourweek.accounts.operators import need_another_operator
from fourweek.accounts.sessions import end_others
from fourweek.audit.service import record
from fourweek.database import lock, new_id
from fourweek.errors import Conflict, NotFound
from fourweek.language import _
from fourweek.outbox import post
from fourweek.tokens.service import revoke_all

TOLD = "account_state"


def disable(conn: Connection, by: str | None, person_id: str, reason: str, now: datetime) -> None:
    """Let nobody sign in to the account: its person is out at their next click, and told by mail. Their tokens end too:
    whoever enables the account again, perhaps because it was taken over, lets no program of before come back with it.

    `by` None is the operator at the command line. `now` is the real clock's. Raises NotFound or Conflict, for the last
    operator too.
    """
    if _held(conn, person_id).disabled_at is not None:
        raise Conflict(_("This account is disabled already."))
    need_another_operator(conn, person_id)
    conn.execute(update(PERSON).where(PERSON.c.id == person_id).values(disabled_at=now))
    end_others(conn, person_id, None)
    revoke_all(conn, person_id, by, now)
    _note(conn, by, person_id, reason, now, enabled=False)


def enable(conn: Connection, by: str | None, person_id: str, reason: str, now: datetime) -> None:
    """Let its person sign in again. Raises NotFound, and Conflict for one that was merged into another or erased."""
    held = _held(conn, person_id)
    if held.merged_into_id is not None or held.erased_at is not None:
        raise Conflict(_("This account was merged into another, or erased."), what_to_do=_("It stays as it is."))
    if held.disabled_at is None:
        raise Conflict(_("This account is not disabled."))
    conn.execute(update(PERSON).where(PERSON.c.id == person_id).values(disabled_at=None))
    _note(conn, by, person_id, reason, now, enabled=True)


def _held(conn: Connection, person_id: str) -> Any:
    lock(conn, PERSON, person_id)
    wanted = select(PERSON.c.disabled_at, PERSON.c.merged_into_id, PERSON.c.erased_at).where(PERSON.c.id == person_id)
    found = conn.execute(wanted).first()
    if found is None:
        raise NotFound
    return found


def _note(conn: Connection, by: str | None, person_id: str, reason: str, now: datetime, *, enabled: bool) -> None:
    post(conn, f"{TOLD}:{new_id()}", TOLD, person_id, now=now, data={"enabled": enabled, "path": "/sign-in"})
    act = "person.enable" if enabled else "person.disable"
    record(conn, act, "person", person_id, at=now, actor_id=by, reason=reason)
