"""Correcting a person's legal name: in the record, and in every badge of theirs that is not withdrawn."""

from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, select, update

from assessments.awards.revoking import checked_reason
from assessments.badges.holders import held_for_correction
from assessments.badges.queries import AWARD
from assessments.badges.restating import restate
from assessments.badges.snapshot import read_snapshot
from assessments.record.queries import registrar
from assessments.transcripts.glyphs import missing_glyphs
from assessments.transcripts.text import clean_text
from fourweek.accounts.access import PERSON, Visitor
from fourweek.audit.service import record
from fourweek.database import lock
from fourweek.errors import Invalid, NotFound
from fourweek.outbox import post

LONGEST_NAME: Final = 200
CORRECTED: Final = "The name of its holder was corrected."

_PERSON = select(PERSON.c.id).where(PERSON.c.learner_number == bindparam("learner"))
_AWARDS = select(AWARD.c.id).where(AWARD.c.person_id == bindparam("person")).order_by(AWARD.c.id)
_SAID: Select[Any] = select(AWARD.c.snapshot).where(AWARD.c.id == bindparam("award"), AWARD.c.withdrawn_at.is_(None))


def correct_name(conn: Connection, visitor: Visitor, learner_number: str, name: str, reason: str) -> int:
    """Give a person another legal name, and state their badges anew that say another; returns how many those are.

    The same correction twice is done once. Raises NotFound, and Invalid with what is wrong with name or reason.
    """
    registrar(visitor)
    person_id = conn.execute(_PERSON, {"learner": learner_number}).scalar()
    if person_id is None:
        raise NotFound
    new, why = _checked(name, reason)
    person = held_for_correction(conn, person_id)
    badges = _state_anew(conn, visitor, person_id, new)
    if person.legal_name == new and not badges:
        return 0
    _rename(conn, person, new)
    detail = {"old": person.legal_name, "new": new, "badges": badges}
    now = visitor.now.real
    record(conn, "person.correct_name", "person", person_id, at=now, actor_id=visitor.me.id, reason=why, detail=detail)
    data = detail | {"reason": why, "by": visitor.me.name, "path": "/badges"}
    post(conn, f"name_corrected:{person_id}:{now.isoformat()}", "name_corrected", person_id, now=now, data=data)
    return badges


def wrong_name(name: str) -> str:
    """What is wrong with a name as documents have to print it; "" for nothing. `name` is clean."""
    if not name:
        return "Give the name as it is to stand on badges and transcripts."
    if len(name) > LONGEST_NAME:
        return f"A name has at most {LONGEST_NAME} characters; this one has {len(name)}."
    if missing := missing_glyphs(name):
        return f"Transcripts cannot print these characters: {' '.join(missing)}"
    return ""


def _checked(name: str, reason: str) -> tuple[str, str]:
    """Both, clean. Raises Invalid with all that is wrong."""
    new, wrong = clean_text(name), {}
    if sentence := wrong_name(new):
        wrong["name"] = sentence
    try:
        why = checked_reason(reason)
    except Invalid as error:
        raise Invalid(wrong | error.fields) from None
    if wrong:
        raise Invalid(wrong)
    return new, why


def _state_anew(conn: Connection, visitor: Visitor, person_id: str, name: str) -> int:
    """Badges that name their holder otherwise are signed again with the same facts and this name."""
    number = 0
    for award_id in conn.execute(_AWARDS, {"person": person_id}).scalars().all():
        lock(conn, AWARD, award_id)  # before it is read: what it says may be changed by others too
        stored = conn.execute(_SAID, {"award": award_id}).scalar()
        if stored is None or (said := read_snapshot(stored)).holder == name:
            continue
        corrected = replace(said, holder=name)
        restate(conn, award_id, CORRECTED, visitor.now.real, actor_id=visitor.me.id, snapshot=corrected)
        number += 1
    return number


def _rename(conn: Connection, person: Row[Any], name: str) -> None:
    """What the person is called on pages follows, unless it was another name before."""
    names = {"legal_name": name}
    if person.display_name == person.legal_name:
        names["display_name"] = name
    conn.execute(update(PERSON).where(PERSON.c.id == person.id).values(names))
