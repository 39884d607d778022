"""Nobody appoints in silence those who keep the record and the people: all the others of them are told.

What two registrars decide together is as sound as who they are, and one operator can make them both.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from fourweek import outbox
from fourweek.accounts.access import GRANT, PERSON
from fourweek.accounts.models import GrantSource, Role
from fourweek.accounts.words import ROLE_WORDS
from fourweek.language import N_, _
from fourweek.language.stored import Kept, in_each_language

KEEPERS: Final = (Role.REGISTRAR, Role.OPERATOR)
_KEEPING: Final = (
    select(GRANT.c.person_id)
    .distinct()
    .join(PERSON, PERSON.c.id == GRANT.c.person_id)
    .where(GRANT.c.role.in_(KEEPERS), PERSON.c.disabled_at.is_(None))
)
_COMMAND: Final = N_("A command on the server")
_PROVIDER: Final = N_("The sign-in provider")


def tell_keepers(conn: Connection, by: str | None, row: Any, now: datetime, reason: str, *, given: bool) -> None:
    """Tell every registrar and operator of a role of theirs that somebody else was given, or that has ended.

    `row` is the grant. Whoever did it knows, and its person has a letter of their own.
    """
    if row.role not in KEEPERS:
        return
    data = {
        "name": _name(conn, row.person_id),
        "role": in_each_language(lambda: _(ROLE_WORDS[row.role])),
        "by": _who(conn, by, row.source),
        "given": given,
        "reason": reason,
        "path": f"/people/{row.person_id}",
    }
    others = set(conn.execute(_KEEPING).scalars()) - {by, row.person_id}
    letters = [outbox.Mail(f"appointed:{row.id}:{given}:{one}", one, data) for one in sorted(others)]
    outbox.post_all(conn, "appointed", letters, now=now)


def tell_of_leaving(conn: Connection, by: str, person_id: str, now: datetime, reason: str) -> None:
    """Tell the same where all roles of somebody are about to end at once, as when their account is merged."""
    for row in conn.execute(select(GRANT).where(GRANT.c.person_id == person_id).order_by(GRANT.c.id)).all():
        tell_keepers(conn, by, row, now, reason, given=False)


def _who(conn: Connection, by: str | None, source: GrantSource) -> Kept:
    if by is not None:
        return _name(conn, by)
    return in_each_language(lambda: _(_PROVIDER if source is GrantSource.PROVIDER else _COMMAND))


def _name(conn: Connection, person_id: str) -> str:
    return str(conn.execute(select(PERSON.c.display_name).where(PERSON.c.id == person_id)).scalar_one())
