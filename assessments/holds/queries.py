"""Reading holds: which are open, and what an enrolment's credit waits for."""

from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, exists, or_, select

from assessments.holds.models import CreditHold, HoldAct, HoldCause
from courses.cohorts.queries import COHORT, VERSION
from courses.enrolment.access import ENROLMENT
from fourweek.accounts.access import PERSON
from fourweek.database import table

HOLD = table(CreditHold)
LIFTING = HOLD.alias("lifting")
OPEN = and_(HOLD.c.act == HoldAct.PLACED, ~exists().where(LIFTING.c.lifts_id == HOLD.c.id))
# A hold on one enrolment stays with it, whosever it becomes.
_CONCERNS = or_(
    HOLD.c.enrolment_id == bindparam("enrolment"),
    and_(HOLD.c.enrolment_id.is_(None), HOLD.c.person_id == bindparam("person")),
)
_HELD = select(HOLD.c.id).where(OPEN, _CONCERNS).limit(1)
IS_HELD = (
    exists()
    .where(
        OPEN,
        or_(
            HOLD.c.enrolment_id == ENROLMENT.c.id,
            and_(HOLD.c.enrolment_id.is_(None), HOLD.c.person_id == ENROLMENT.c.person_id),
        ),
    )
    .correlate(ENROLMENT)
)
"""Whether the enrolment of a statement that reads `enrolment` has credit that is held."""
_LIFTED_BY_HAND = exists().where(LIFTING.c.lifts_id == HOLD.c.id, LIFTING.c.cause == HoldCause.REGISTRAR)
_NOT_AGAIN = select(HOLD.c.id).where(
    HOLD.c.enrolment_id == bindparam("enrolment"),
    HOLD.c.cause == HoldCause.IDENTITY,
    or_(OPEN, and_(HOLD.c.act == HoldAct.PLACED, _LIFTED_BY_HAND)),
)
_ASKED: Select[Any] = (
    select(COHORT.c.identity_check, COHORT.c.name.label("cohort"), VERSION.c.title, ENROLMENT.c.person_id)
    .join(ENROLMENT, ENROLMENT.c.cohort_id == COHORT.c.id)
    .join(VERSION, VERSION.c.id == COHORT.c.version_id)
    .where(ENROLMENT.c.id == bindparam("enrolment"))
)
_PLACER = PERSON.alias("placer")
_OPEN_OF: Select[Any] = (
    select(HOLD, VERSION.c.title.label("course"), COHORT.c.name.label("cohort"), _PLACER.c.display_name.label("placer"))
    .outerjoin(ENROLMENT, ENROLMENT.c.id == HOLD.c.enrolment_id)
    .outerjoin(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .outerjoin(VERSION, VERSION.c.id == COHORT.c.version_id)
    .outerjoin(_PLACER, _PLACER.c.id == HOLD.c.by)
    .where(
        OPEN,
        or_(
            ENROLMENT.c.person_id == bindparam("person"),
            and_(HOLD.c.enrolment_id.is_(None), HOLD.c.person_id == bindparam("person")),
        ),
    )
    .order_by(HOLD.c.id)
)


def is_held(conn: Connection, person_id: str, enrolment_id: str) -> bool:
    """Whether credit of this enrolment waits for a hold to be lifted; one statement."""
    return conn.execute(_HELD, {"person": person_id, "enrolment": enrolment_id}).first() is not None


def asked_of(conn: Connection, enrolment_id: str) -> Row[Any] | None:
    """(identity_check, cohort, title) of the cohort of an enrolment, and its `person_id`."""
    return conn.execute(_ASKED, {"enrolment": enrolment_id}).first()


def stays_away(conn: Connection, enrolment_id: str) -> bool:
    """Whether a hold for a missing identity check is open already, or the registrar lifted one by hand."""
    return conn.execute(_NOT_AGAIN, {"enrolment": enrolment_id}).first() is not None


def open_holds(conn: Connection, person_id: str) -> list[Row[Any]]:
    """What is held of a person, oldest first: the columns of the hold, `course` and `cohort` (None: all), `placer`."""
    return list(conn.execute(_OPEN_OF, {"person": person_id}).all())
