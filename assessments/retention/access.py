"""Who may keep evidence beyond its period: fetched and authorised in one step."""

from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from assessments.retention.queries import HOLD
from courses.cohorts.queries import COHORT, VERSION
from fourweek.accounts.access import PERSON, Permission, SignedIn, Visitor
from fourweek.accounts.models import EmailAddress
from fourweek.database import table
from fourweek.errors import NotFound

ADDRESS = table(EmailAddress)
_PLACER, _LIFTER = PERSON.alias("placer"), PERSON.alias("lifter")
HOLDS: Select[Any] = (
    select(
        HOLD,
        PERSON.c.legal_name,
        PERSON.c.learner_number,
        COHORT.c.name.label("cohort"),
        VERSION.c.title.label("course"),
        _PLACER.c.display_name.label("placer"),
        _LIFTER.c.display_name.label("lifter"),
    )
    .outerjoin(PERSON, PERSON.c.id == HOLD.c.person_id)
    .outerjoin(COHORT, COHORT.c.id == HOLD.c.cohort_id)
    .outerjoin(VERSION, VERSION.c.id == COHORT.c.version_id)
    .join(_PLACER, _PLACER.c.id == HOLD.c.placed_by)
    .outerjoin(_LIFTER, _LIFTER.c.id == HOLD.c.lifted_by)
)
_HOLD = HOLDS.where(HOLD.c.id == bindparam("hold"))
_PERSON_AT = (
    select(PERSON.c.id)
    .join(ADDRESS, ADDRESS.c.person_id == PERSON.c.id)
    .where(ADDRESS.c.address == bindparam("address"))
)
_COHORT: Select[Any] = (
    select(COHORT.c.id, COHORT.c.name.label("cohort"), VERSION.c.title.label("course"), COHORT.c.start_date)
    .join(VERSION, VERSION.c.id == COHORT.c.version_id)
    .where(COHORT.c.id == bindparam("cohort"))
)


def holder(visitor: Visitor) -> SignedIn:
    """The visitor if they place legal holds; raises NotFound for everybody else who is signed in."""
    if not visitor.me.may(Permission.HOLD_EVIDENCE):
        raise NotFound
    return visitor.me


def one_hold(conn: Connection, visitor: Visitor, hold_id: str) -> Row[Any]:
    """One hold, in force or lifted, for those who place them. Raises NotFound."""
    holder(visitor)
    row = conn.execute(_HOLD, {"hold": hold_id.replace("\0", "")}).first()
    if row is None:
        raise NotFound
    return row


def person_at(conn: Connection, address: str) -> str | None:
    """Whose address this is; None when it is nobody's. Whoever calls has authorised it."""
    found: str | None = conn.execute(_PERSON_AT, {"address": address.strip().lower()}).scalar()
    return found


def one_cohort(conn: Connection, cohort_id: str) -> Row[Any]:
    """A cohort with its course's title. Raises NotFound. Whoever calls has authorised it."""
    row = conn.execute(_COHORT, {"cohort": cohort_id.replace("\0", "")}).first()
    if row is None:
        raise NotFound
    return row
