"""What a view of the past cannot show as it was: rules, sections and versions changed since. The audit log knows."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select

from courses.cohorts.forms import CohortForm
from courses.enrolment.access import Place
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.audit.models import AuditRow
from fourweek.database import table
from fourweek.language import N_, _

AUDIT = table(AuditRow)
NEWEST = 200
RULES = N_(
    "The rules were changed after this instant, last on {when}. These dates are by today's rules: what "
    "stood here then may have been something else."
)
SECTION = N_(
    "This person was moved between sections after this instant, last on {when}. These dates are today's section's."
)
VERSION = N_(
    "The cohort took another version of the course after this instant, last on {when}. What is read here is today's."
)
_SINCE: Any = (
    select(AUDIT.c.at, AUDIT.c.act, AUDIT.c.detail)
    .where(
        AUDIT.c.at > bindparam("since"),
        or_(
            (AUDIT.c.subject_id == bindparam("cohort"))
            & AUDIT.c.act.in_(("cohort.change", "cohort.move_version", "section.move")),
            (AUDIT.c.subject_id == bindparam("section")) & (AUDIT.c.act == "section.change"),
        ),
    )
    .order_by(AUDIT.c.at.desc(), AUDIT.c.id.desc())
    .limit(NEWEST)
)


def changed_since(conn: Connection, visitor: Visitor, place: Place, instant: datetime) -> tuple[str, ...]:
    """What was changed after `instant` (the school's clock), in sentences for whoever looks on; one statement.

    The audit log stands on the real clock, so that a demonstration's lead is taken off first.
    """
    ahead = visitor.now.school - visitor.now.real
    values = {"since": instant - ahead, "cohort": place.cohort.id, "section": place.section_id or ""}
    here = zone(place.cohort.zone)
    found = last_of_each(conn.execute(_SINCE, values).all(), place.enrolment_id)
    return tuple(_(words, when=say_instant(at + ahead, here)) for words, at in found.items())


def last_of_each(rows: Sequence[Row[Any]], enrolment_id: str) -> dict[str, datetime]:
    """{sentence: when that was done last} of audit rows, newest first."""
    found: dict[str, datetime] = {}
    for row in rows:
        for words in _concerns(row, enrolment_id):
            found.setdefault(words, row.at)
    return found


def _concerns(row: Row[Any], enrolment_id: str) -> Iterator[str]:
    if row.act == "cohort.move_version":
        yield VERSION
    elif row.act == "section.move":
        if enrolment_id in row.detail.get("from", {}):
            yield SECTION
    elif row.detail.get("after", {}).keys() - CohortForm.undated:
        yield RULES
