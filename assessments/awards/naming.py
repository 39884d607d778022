"""Giving a person another legal name: in the record, and in every badge of theirs that is not withdrawn."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, select, update

from assessments.badges.holders import held_for_correction
from assessments.badges.queries import AWARD
from assessments.badges.restating import restate
from assessments.badges.snapshot import read_snapshot
from fourweek.accounts.access import PERSON
from fourweek.database import lock
from fourweek.language import N_, _
from fourweek.letters.printing import names_ok
from fourweek.light import dataclass

LONGEST_NAME: Final = 200
RENAMED: Final = N_("What it says of its holder was brought up to date.")

_AWARDS = select(AWARD.c.id).where(AWARD.c.person_id == bindparam("person")).order_by(AWARD.c.id)
_SAID: Select[Any] = select(AWARD.c.snapshot).where(AWARD.c.id == bindparam("award"), AWARD.c.withdrawn_at.is_(None))


@dataclass(frozen=True, slots=True)
class Naming:
    """The new legal name, who decided it and when (real clock); with `everywhere`, no former name stays on pages."""

    name: str
    by: str
    at: datetime
    everywhere: bool = False


def give_name(conn: Connection, person_id: str, naming: Naming) -> int:
    """Rename a person, and state their badges anew that say another name; returns how many those are.

    No award is made for the person before this transaction ends. Whoever calls has authorised it, and notes it.
    """
    person = held_for_correction(conn, person_id)
    badges = _state_anew(conn, person_id, naming)
    _rename(conn, person, naming)
    return badges


def name_joined(conn: Connection, person_id: str, by: str, at: datetime) -> None:
    """What came to a person by a merge says their name of now: the other account's may be one that is suppressed."""
    person = held_for_correction(conn, person_id)
    _state_anew(conn, person_id, Naming(person.legal_name, by, at))
    _rename_joined(conn, person_id, person.legal_name)


def wrong_name(name: str) -> str:
    """What is wrong with a name as documents have to print it; "" for nothing. `name` is clean."""
    if not name:
        return _("Give the name as it is to stand on badges and transcripts.")
    if len(name) > LONGEST_NAME:
        return _("A name has at most {most} characters; this one has {number}.", most=LONGEST_NAME, number=len(name))
    return names_ok(name)


def _state_anew(conn: Connection, person_id: str, naming: Naming) -> int:
    """Badges that name their holder otherwise are signed again with the same facts and this name."""
    number = 0
    for award_id in conn.execute(_AWARDS, {"person": person_id}).scalars().all():
        lock(conn, AWARD, award_id)  # before it is read: what it says may be changed by others too
        stored = conn.execute(_SAID, {"award": award_id}).scalar()
        if stored is None or (said := read_snapshot(stored)).holder == naming.name:
            continue
        renamed = replace(said, holder=naming.name)
        restate(conn, award_id, RENAMED, naming.at, actor_id=naming.by, snapshot=renamed)
        number += 1
    return number


def _rename(conn: Connection, person: Row[Any], naming: Naming) -> None:
    """What the person is called on pages follows, unless it was another name before."""
    names = {"legal_name": naming.name}
    if naming.everywhere or person.display_name == person.legal_name:
        names["display_name"] = naming.name
    conn.execute(update(PERSON).where(PERSON.c.id == person.id).values(names))
    if naming.everywhere:
        _rename_joined(conn, person.id, naming.name)


def _rename_joined(conn: Connection, person_id: str, name: str) -> None:
    """Accounts that were merged into the person's, whose names are shown beside what was theirs."""
    joined = update(PERSON).where(PERSON.c.merged_into_id == person_id)
    conn.execute(joined.values(legal_name=name, display_name=name))
