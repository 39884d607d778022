"""A claim that is kept alive by reading, and how it came to an end."""

from datetime import timedelta

from sqlalchemy import Connection, bindparam, select, update

from assessments.grading.access import CLAIM, Found, graded_submission
from assessments.grading.claims import taken_words
from assessments.grading.words import clock
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Person
from fourweek.audit.models import AuditRow
from fourweek.database import table
from fourweek.language import _
from fourweek.light import dataclass

AUDIT, ACTOR = table(AuditRow), table(Person).alias("actor")
_LAST_OF_CLAIM = (
    select(AUDIT.c.act, AUDIT.c.reason, AUDIT.c.at, AUDIT.c.detail, ACTOR.c.display_name)
    .join(ACTOR, ACTOR.c.id == AUDIT.c.actor_id)
    .where(
        AUDIT.c.subject_id == bindparam("submission"),
        AUDIT.c.subject_kind == "submission",
        AUDIT.c.act.startswith("claim."),
    )
    .order_by(AUDIT.c.at.desc(), AUDIT.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the page is told: whether the submission is still the visitor's, and in words."""

    yours: bool
    words: str


def still_reading(conn: Connection, visitor: Visitor, submission_id: str, lasts: timedelta) -> Reading:
    """Renew the visitor's own lease because they read. Raises NotFound as `graded_submission` does.

    Nothing is renewed once somebody else has it, or it waits for a rating no more.
    """
    found = graded_submission(conn, visitor, submission_id)
    until = visitor.now.real + lasts
    own = update(CLAIM).where(CLAIM.c.submission_id == submission_id, CLAIM.c.grader_id == visitor.me.id)
    if found.waits and conn.execute(own.values(until=until)).rowcount == 1:
        return Reading(True, _("Yours until {time}.", time=clock(until, visitor.me.zone)))
    return Reading(False, lost_words(conn, visitor, found))


def lost_words(conn: Connection, visitor: Visitor, found: Found) -> str:
    """Why a submission is not on the visitor's desk any more, in a sentence or two."""
    if not found.waits:
        return found.gone_words
    if found.claim is not None:
        return taken_words(found, visitor)
    row = conn.execute(_LAST_OF_CLAIM, {"submission": found.id}).first()
    if row is not None and row.act == "claim.broken" and row.detail.get("grader") == visitor.me.id:
        return _(
            "{name} took this off your desk at {time}: {reason}",
            name=row.display_name,
            time=clock(row.at, visitor.me.zone),
            reason=row.reason,
        )
    return _("The claim on this submission was given back.")
