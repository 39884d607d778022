"""Looking on begins with a reason, which is kept with both people and holds for an hour.

The audit row is all there is: whoever looks on is let in by the newest one of theirs about this person.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select

from courses.enrolment.access import Place
from fourweek.accounts.access import PERSON, Visitor
from fourweek.audit.models import AuditRow
from fourweek.audit.service import record
from fourweek.database import table
from fourweek.errors import AskedFirst, Invalid
from fourweek.language import N_, _
from fourweek.light import dataclass

AUDIT = table(AuditRow)
ACT = "view.open"
LASTS = timedelta(hours=1)
LONGEST = 500
WHY: Any = (
    select(AUDIT.c.reason)
    .where(
        AUDIT.c.subject_id == PERSON.c.id,
        AUDIT.c.actor_id == bindparam("me"),
        AUDIT.c.act == ACT,
        AUDIT.c.at > bindparam("since"),
    )
    .order_by(AUDIT.c.id.desc())
    .limit(1)
    .correlate(PERSON)
    .scalar_subquery()
)
"""Why `me` looks on with the eyes of a person; null for whoever has not said it `since` then."""


class ReasonNeeded(AskedFirst):
    """Whoever may look on has not said why within the last hour."""

    title = N_("Say why you look on")


@dataclass(frozen=True, slots=True)
class WhyPage:
    """The page that asks for the reason. `back`: as of a View."""

    action: str
    cohort_id: str
    cohort_name: str
    person: str
    back: str
    reason: str = ""
    error: str = ""


def address_of(place: Place) -> str:
    return f"/staff/cohorts/{place.cohort.id}/as/{place.enrolment_id}"


def keep_reason(conn: Connection, visitor: Visitor, place: Place, reason: str) -> None:
    """Let the visitor look on for an hour. Raises Invalid."""
    if not reason.strip() or len(reason.strip()) > LONGEST:
        raise Invalid(
            {"reason": _("Say why, in at most {longest} characters: it stands in the audit log.", longest=LONGEST)}
        )
    record(
        conn,
        ACT,
        "person",
        place.person_id,
        at=visitor.now.real,
        actor_id=visitor.me.id,
        reason=reason.strip(),
        detail={"cohort": place.cohort.id, "enrolment": place.enrolment_id},
    )
