"""Who takes a copy of everything about a person away: an act, which is noted."""

from typing import Final

from sqlalchemy import Connection, select

from assessments.erasure.queries import whose
from assessments.personal.copying import Wanted
from assessments.personal.parts import About
from assessments.record.queries import person_id_of, registrar
from fourweek.accounts.access import PERSON, Visitor
from fourweek.audit.service import record
from fourweek.errors import Invalid
from fourweek.language import N_, _
from fourweek.letters.cleaning import clean_text
from fourweek.limits.keys import hidden
from fourweek.limits.rules import Limit
from fourweek.limits.service import need
from fourweek.settings import Settings

LONGEST: Final = 500
COPIES: Final = Limit("personal.copy", 5, 3600)
TOO_MANY: Final = N_("You took five copies within the hour.")


def begin_copy(conn: Connection, visitor: Visitor, settings: Settings) -> Wanted:
    """Note that the visitor takes a copy of what is kept about them. Raises TooMany after five within the hour."""
    need(conn, COPIES, hidden(settings, visitor.me.id), visitor.now.real, TOO_MANY)
    return _begin(conn, visitor, visitor.me.id, "", settings)


def begin_copy_for(conn: Connection, visitor: Visitor, learner_number: str, reason: str, settings: Settings) -> Wanted:
    """The same by the registrar, for somebody who asked by letter. Raises NotFound, and Invalid without a reason."""
    registrar(visitor)
    words = clean_text(reason)
    if not words or len(words) > LONGEST:
        raise Invalid(
            {
                "reason": _(
                    "Say how it was asked for and how you know that it is them, in at most {longest} characters.",
                    longest=LONGEST,
                )
            }
        )
    return _begin(conn, visitor, person_id_of(conn, learner_number), words, settings)


def _begin(conn: Connection, visitor: Visitor, person_id: str, reason: str, settings: Settings) -> Wanted:
    at, me = visitor.now.real, visitor.me.id
    record(conn, "person.copy", "person", person_id, at=at, actor_id=me, reason=reason)
    number = conn.execute(select(PERSON.c.learner_number).where(PERSON.c.id == person_id)).scalar_one()
    people = whose(conn, person_id, visitor.now, settings).people
    return Wanted(About(people, visitor.now), number, f"{at:%Y-%m-%d %H:%M}")
