"""One person's place, for those who run the cohort."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from courses.cohorts.access import staff_part
from courses.cohorts.queries import CohortFacts
from courses.enrolment.access import SECTION
from courses.enrolment.giving import HAS_PASSWORD, Cause, section, welcome
from courses.enrolment.models import EnrolmentState
from courses.enrolment.queries import ENROLMENT
from courses.enrolment.roster.pages import HistoryLine, PlacePage
from courses.enrolment.roster.queries import ADDRESS
from courses.enrolment.words import STATES
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Permission, Visitor
from fourweek.audit.models import AuditRow
from fourweek.audit.service import record
from fourweek.database import table
from fourweek.errors import Conflict, NotFound
from fourweek.language import N_, NP_, _, p_
from fourweek.outbox import post

AUDIT = table(AuditRow)
MOST_LINES = 50
ACTS = {
    "enrolment.enrol": N_("Enrolled"),
    "enrolment.withdraw": NP_("an enrolment", "Withdrawn"),
    "enrolment.link": N_("A link to set a password was sent"),
}
ENROLLED = {
    "line": N_("Enrolled from the waiting list"),
    "approved": N_("Enrolled by approval"),
    "staff": N_("Enrolled by the roster"),
}
"""By the `how` that is kept with the act; without one, as in ACTS."""
_PLACE: Any = (
    select(
        ENROLMENT,
        PERSON.c.display_name,
        PERSON.c.learner_number,
        PERSON.c.zone,
        PERSON.c.disabled_at,
        ADDRESS.label("address"),
        HAS_PASSWORD.label("has_password"),
        SECTION.c.name.label("section"),
    )
    .select_from(
        ENROLMENT.join(PERSON, PERSON.c.id == ENROLMENT.c.person_id).outerjoin(
            SECTION, SECTION.c.id == ENROLMENT.c.section_id
        )
    )
    .where(ENROLMENT.c.id == bindparam("enrolment"), ENROLMENT.c.cohort_id == bindparam("cohort"))
)
_HISTORY = (
    select(AUDIT.c.act, AUDIT.c.at, AUDIT.c.reason, AUDIT.c.detail, PERSON.c.display_name)
    .outerjoin(PERSON, PERSON.c.id == AUDIT.c.actor_id)
    .where(AUDIT.c.subject_id == bindparam("enrolment"), AUDIT.c.act.in_(ACTS))
    .order_by(AUDIT.c.at.desc(), AUDIT.c.id.desc())
    .limit(MOST_LINES)
)


def place_page(
    conn: Connection,
    visitor: Visitor,
    cohort_id: str,
    enrolment_id: str,
    *,
    reason: str = "",
    errors: dict[str, str] | None = None,
) -> PlacePage:
    """A person's place with its dates and what was done about it. Raises NotFound."""
    facts, row = _place(conn, visitor, cohort_id, enrolment_id)
    words, tone = STATES[row.state]
    here, theirs = zone(facts.zone), zone(visitor.me.zone)

    def say(instant: Any) -> Said:
        return say_instant(instant, here, theirs)

    dates = (
        (_("Enrolled"), row.enrolled_at),
        (p_("an enrolment", "Completed"), row.completed_at),
        (p_("an enrolment", "Withdrawn"), row.withdrawn_at),
    )
    history = conn.execute(_HISTORY, {"enrolment": enrolment_id}).all()
    return PlacePage(
        cohort_id=cohort_id,
        cohort_name=facts.name,
        enrolment_id=enrolment_id,
        is_whole=visitor.me.may(Permission.RUN_COHORT, cohort_id),
        name=row.display_name,
        address=row.address or "",
        learner_number=row.learner_number,
        state=words,
        tone=tone,
        section=row.section or "",
        facts=tuple((label, say(instant)) for label, instant in dates if instant),
        may_withdraw=row.state is EnrolmentState.ACTIVE,
        without_password=not row.has_password and row.disabled_at is None,
        history=tuple(
            HistoryLine(
                _(ENROLLED.get(one.detail.get("how"), ACTS[one.act])), one.display_name or "", say(one.at), one.reason
            )
            for one in history
        ),
        reason=reason,
        errors=errors or {},
    )


def send_link(conn: Connection, visitor: Visitor, cohort_id: str, enrolment_id: str) -> None:
    """Write once more to somebody who has no password yet. Raises NotFound, Conflict for anybody else."""
    facts, row = _place(conn, visitor, cohort_id, enrolment_id)
    if row.has_password or row.disabled_at is not None or row.state is EnrolmentState.WITHDRAWN:
        raise Conflict(_("This person needs no link any more."))
    cause = Cause("staff", visitor.me.id, visitor.now)
    data = welcome(facts, section(conn, row.section_id), cause, row.zone, has_password=False)
    at = visitor.now.real
    minute = at.replace(second=0, microsecond=0)
    if post(conn, f"link:{enrolment_id}:{minute.isoformat()}", "enrolled", row.person_id, now=at, data=data):
        record(conn, "enrolment.link", "enrolment", enrolment_id, at=at, actor_id=visitor.me.id)


def _place(conn: Connection, visitor: Visitor, cohort_id: str, enrolment_id: str) -> tuple[CohortFacts, Any]:
    facts, part = staff_part(conn, visitor, cohort_id)
    row = conn.execute(_PLACE, {"enrolment": enrolment_id, "cohort": cohort_id}).first()
    if row is None or (part is not None and row.section_id not in part):
        raise NotFound
    return facts, row
