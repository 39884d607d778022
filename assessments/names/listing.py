"""Changes of names as lists and pages read them: no row says a name that is suppressed."""

from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, bindparam, case, func, or_, select, true

from assessments.names.models import NameChangeKind
from assessments.names.queries import CHANGE
from courses.paging import PER_PAGE, offset
from fourweek.accounts.access import PERSON
from fourweek.errors import NotFound
from fourweek.language import N_
from fourweek.light import dataclass
from fourweek.scanning.gate import verdict_of
from fourweek.searching import holds

KINDS: Final = {
    NameChangeKind.CHANGE: N_("The name has changed"),
    NameChangeKind.CORRECTION: N_("The name was never right"),
}


class Show(StrEnum):
    """Which changes are listed."""

    WAITING = "waiting"
    DECIDED = "decided"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the list is narrowed to: words in the name or number of now, and a state."""

    words: str = ""
    show: str = Show.WAITING

    @classmethod
    def of(cls, words: str, show: str) -> "Chosen":
        """As it stands in an address; what is not known is what waits."""
        return cls(words.strip()[:100], show if show in list(Show) else Show.WAITING)


_LATER = CHANGE.alias("later")
_ASKER, _DECIDER = PERSON.alias("asker"), PERSON.alias("decider")
# When a former name of the person was last suppressed: whatever was asked for until then says one that is.
_HUSHED = (
    select(func.max(_LATER.c.decided_at))
    .where(_LATER.c.person_id == CHANGE.c.person_id, _LATER.c.approved, _LATER.c.suppress)
    .correlate(CHANGE)
    .scalar_subquery()
)
_SAYS_FORMER = or_(_HUSHED.is_(None), CHANGE.c.asked_at > _HUSHED)
_SAYS_NAME = or_(_HUSHED.is_(None), CHANGE.c.decided_at.is_(None), CHANGE.c.decided_at >= _HUSHED)
_COLUMNS = ("id", "person_id", "kind", "suppress", "evidence_sha256", "evidence_name", "asked_by", "asked_at")
_DECIDED = ("decided_at", "approved", "decided_why", "why")
_LISTED: Select[Any] = (
    select(*(CHANGE.c[name] for name in (*_COLUMNS, *_DECIDED)))
    .add_columns(case((_SAYS_FORMER, CHANGE.c.former), else_="").label("former"))
    .add_columns(case((_SAYS_NAME, CHANGE.c.name), else_="").label("name"))
    .add_columns(PERSON.c.legal_name, PERSON.c.learner_number)
    .add_columns(_ASKER.c.display_name.label("asker"), _DECIDER.c.display_name.label("decider"))
    .join(PERSON, PERSON.c.id == CHANGE.c.person_id)
    .join(_ASKER, _ASKER.c.id == CHANGE.c.asked_by)
    .outerjoin(_DECIDER, _DECIDER.c.id == CHANGE.c.decided_by)
)
_ONE = _LISTED.add_columns(verdict_of(CHANGE.c.evidence_sha256)).where(CHANGE.c.id == bindparam("change"))
_OF_PERSON = (
    _LISTED.where(CHANGE.c.person_id == bindparam("person"))
    .order_by(CHANGE.c.asked_at.desc(), CHANGE.c.id.desc())
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)
_NUMBER = select(func.count()).select_from(CHANGE).where(CHANGE.c.person_id == bindparam("person"))
_WAITING = select(func.count()).select_from(CHANGE).where(CHANGE.c.decided_at.is_(None))
_ALIKE: Select[Any] = (
    select(PERSON.c.legal_name, PERSON.c.learner_number)
    .where(func.lower(PERSON.c.legal_name).in_(bindparam("names", expanding=True)), PERSON.c.id != bindparam("person"))
    .order_by(PERSON.c.learner_number)
    .limit(PER_PAGE)
)


def listed(conn: Connection, chosen: Chosen, number: int) -> tuple[list[Row[Any]], int]:
    """One page of changes, what waits longest first, else the newest first, and how many there are; two statements."""
    parts = [
        or_(
            holds(word, PERSON.c.legal_name),
            func.lower(PERSON.c.learner_number).startswith(word.lower(), autoescape=True),
        )
        for word in chosen.words.split()
    ]
    if chosen.show != Show.ALL:
        waits = CHANGE.c.decided_at.is_(None)
        parts.append(waits if chosen.show == Show.WAITING else ~waits)
    fits = and_(true(), *parts)
    order = CHANGE.c.id.asc() if chosen.show == Show.WAITING else CHANGE.c.id.desc()
    rows = conn.execute(_LISTED.where(fits).order_by(order).limit(PER_PAGE).offset(offset(number))).all()
    total = conn.execute(_LISTED.where(fits).with_only_columns(func.count())).scalar_one()
    return list(rows), total


def one_change(conn: Connection, change_id: str) -> Row[Any]:
    """Raises NotFound. Whoever calls has authorised it."""
    row = conn.execute(_ONE, {"change": change_id.replace("\0", "")}).first()
    if row is None:
        raise NotFound
    return row


def changes_of(conn: Connection, person_id: str, number: int) -> tuple[list[Row[Any]], int]:
    """One page of a person's changes, the newest first, and how many there are; two statements."""
    rows = conn.execute(_OF_PERSON, {"person": person_id, "skipped": offset(number)}).all()
    return list(rows), conn.execute(_NUMBER, {"person": person_id}).scalar_one()


def waiting(conn: Connection) -> int:
    """How many changes wait for a decision."""
    return int(conn.execute(_WAITING).scalar_one())


def called_alike(conn: Connection, person_id: str, names: tuple[str, ...]) -> list[Row[Any]]:
    """Others who have one of these names, in any case; the first 25."""
    wanted = sorted({name.lower() for name in names})
    return list(conn.execute(_ALIKE, {"names": wanted, "person": person_id}).all())
