"""What was handed on of a learner's record by somebody else than the learner: to whom, why, by whom."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, select

from assessments.sharing.documents import Document, held_document
from courses.paging import PER_PAGE, offset
from fourweek.accounts.access import PERSON, Permission, Visitor
from fourweek.audit.service import ROW
from fourweek.audit.service import record as note
from fourweek.errors import Conflict, Invalid, NotFound
from fourweek.language import _
from fourweek.light import dataclass

ACT: Final = "record.disclose"
MOST_WORDS: Final = 300
_OF_PERSON = (ROW.c.subject_kind == "person", ROW.c.subject_id == bindparam("person"), ROW.c.act == ACT)
_COUNT = select(func.count()).where(*_OF_PERSON)
_PAGE: Select[Any] = (
    select(ROW.c.at, ROW.c.reason, ROW.c.detail, PERSON.c.display_name)
    .outerjoin(PERSON, PERSON.c.id == ROW.c.actor_id)
    .where(*_OF_PERSON)
    .order_by(ROW.c.id.desc())
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """`what` was handed on, such as "Transcript T-2026-000001 (PDF)", `to` whom and `why`, as was typed."""

    at: datetime
    by: str
    what: str
    to: str
    why: str


def disclose(conn: Connection, visitor: Visitor, person_id: str, what: str, said: tuple[str, str]) -> None:
    """Note that something of a person's record is handed on; `said` is to whom and why. Raises Invalid without them."""
    to, why = (" ".join(words.split()) for words in said)
    errors = {
        name: _("Say it in at most {most_words} letters.", most_words=MOST_WORDS)
        if words
        else _("Say it: the learner reads it.")
        for name, words in (("to", to), ("why", why))
        if not 0 < len(words) <= MOST_WORDS
    }
    if errors:
        raise Invalid(errors)
    detail = {"what": what, "to": to}
    note(conn, ACT, "person", person_id, at=visitor.now.real, actor_id=visitor.me.id, reason=why, detail=detail)


def take_document(
    conn: Connection, visitor: Visitor, learner_number: str, number: str, ending: str, said: tuple[str, str]
) -> Document:
    """A learner's document for whoever keeps the record, noted as handed on.

    Raises NotFound for everybody else and for a file that it does not have, Invalid without a word of whom and why, and
    Conflict for one that shows a suppressed name.
    """
    if not visitor.me.may(Permission.KEEP_RECORD):
        raise NotFound
    held = held_document(conn, learner_number, number)
    if ending not in held.document.files:
        raise NotFound
    if held.document.hidden:
        raise Conflict(
            _("This document shows a name that is shown nowhere any more."),
            what_to_do=_("Ask the learner to issue a new one."),
        )
    disclose(conn, visitor, held.person_id, f"{held.document.kept_title} ({ending.upper()})", said)
    return held.document


def disclosures_to(conn: Connection, person_id: str, number: int) -> tuple[tuple[Disclosure, ...], int]:
    """One page of what was handed on of a person's record, the newest first, and how much that is; two statements."""
    rows = conn.execute(_PAGE, {"person": person_id, "skipped": offset(number)})
    found = tuple(
        Disclosure(row.at, row.display_name or "", row.detail["what"], row.detail["to"], row.reason) for row in rows
    )
    return found, conn.execute(_COUNT, {"person": person_id}).scalar_one()
