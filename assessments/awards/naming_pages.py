"""The page that corrects a person's legal name."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, func, select

from assessments.badges.queries import AWARD
from assessments.record.queries import registrar
from fourweek.accounts.access import PERSON, Visitor
from fourweek.errors import NotFound

_BADGES = (
    select(func.count(AWARD.c.id))
    .where(AWARD.c.person_id == PERSON.c.id, AWARD.c.withdrawn_at.is_(None))
    .correlate(PERSON)
    .scalar_subquery()
)
_PERSON = select(PERSON.c.legal_name, _BADGES.label("badges")).where(PERSON.c.learner_number == bindparam("learner"))


@dataclass(frozen=True, slots=True)
class NamePage:
    """The name as it is, how many badges say it, what was typed, and what is wrong with that."""

    learner_number: str
    name: str
    badges: int
    typed: str
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)


def name_page(conn: Connection, visitor: Visitor, learner_number: str) -> NamePage:
    """One statement. Raises NotFound for an unknown number, and for everybody but the registrar."""
    registrar(visitor)
    row = conn.execute(_PERSON, {"learner": learner_number}).first()
    if row is None:
        raise NotFound
    return NamePage(learner_number, row.legal_name, row.badges, row.legal_name)
