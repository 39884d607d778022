"""Agreeing, and taking it back. Every word is a row of its own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.consents.models import Consent
from fourweek.consents.queries import ConsentKind, due, newest
from fourweek.database import add, new_id
from fourweek.errors import Invalid
from fourweek.language import N_, _
from fourweek.settings import Settings

CHANGED: Final = N_("It changed while you read it. Read it as it is now, and tick it again.")


def give(conn: Connection, person_id: str, kind: ConsentKind, version: str, at: datetime) -> None:
    """Note that a person agreed to this wording; nothing happens where it is their newest word already."""
    _say(conn, person_id, kind, version, at, given=True)


def unread(wanted: Mapping[ConsentKind, str], ticked: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with `ticked`, the version by kind that somebody read and ticked, by the name of its field. Pure.

    Nobody agrees to a wording that came while they read the one before.
    """
    return {
        f"agree-{kind}": CHANGED if ticked.get(kind) else _("Tick this to go on.")
        for kind, version in wanted.items()
        if ticked.get(kind) != version
    }


def agree(conn: Connection, visitor: Visitor, ticked: Mapping[str, str], settings: Settings) -> None:
    """Agree to the wordings of now. Raises Invalid unless all that is still to be agreed to is `ticked` as it is."""
    wanted = due(conn, visitor.me.id, settings)
    if missing := unread(wanted, ticked):
        raise Invalid(missing)
    for kind, version in wanted.items():
        give(conn, visitor.me.id, kind, version, visitor.now.real)


def take_back(conn: Connection, visitor: Visitor, kind: str) -> bool:
    """Agree no longer to what one agreed to; False where one had not. One is asked again at the next sign-in."""
    said = newest(conn, visitor.me.id).get(kind)
    if said is None or not said.given:
        return False
    _say(conn, visitor.me.id, ConsentKind(kind), said.version, visitor.now.real, given=False)
    return True


def _say(conn: Connection, person_id: str, kind: ConsentKind, version: str, at: datetime, *, given: bool) -> None:
    said = newest(conn, person_id).get(kind)
    if said is not None and (said.version, said.given) == (version, given):
        return
    add(conn, Consent(id=new_id(), person_id=person_id, kind=kind, version=version, given=given, at=at))
    act, detail = "consent.give" if given else "consent.take_back", {"kind": kind.value, "version": version}
    record(conn, act, "person", person_id, at=at, actor_id=person_id, detail=detail)
