"""The learner's side: what comes after the last attempt, and asking to talk about it."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, bindparam, select

from assessments.coaching.errors import NotAtEnd
from assessments.coaching.granted import COACHING
from assessments.coaching.models import Coaching
from assessments.coaching.views import CoachingView
from assessments.evidence.access import Desk, Where, my_desk
from courses.cohorts.scopes import PLANNED_BY, holds_in
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import EVERYWHERE, GRANT, Visitor
from fourweek.accounts.models import Role
from fourweek.audit.service import record
from fourweek.database import add, new_id
from fourweek.errors import Invalid
from fourweek.language import _, n_
from fourweek.outbox import Mail, post_all

LONGEST = 4_000
NEWEST: Select[Any] = (
    select(COACHING)
    .where(COACHING.c.enrolment_id == bindparam("enrolment"), COACHING.c.assignment_key == bindparam("key"))
    .order_by(COACHING.c.opened_at.desc(), COACHING.c.id.desc())
    .limit(1)
)
_LEADS = select(GRANT.c.person_id, GRANT.c.scope_id).where(holds_in(bindparam("cohort")), GRANT.c.role == Role.LEAD)


def coaching_view(conn: Connection, desk: Desk, viewer: ZoneInfo) -> CoachingView | None:
    """What comes next once all attempts are used, and what came of a talk; one statement, none before that."""
    if not (desk.is_at_end or desk.granted):
        return None
    row = newest(conn, desk)
    is_open = row is not None and row.closed_at is None
    action = f"{desk.where.path}/coaching" if desk.is_at_end and not is_open else ""
    if row is None:
        return CoachingView(action)
    where = zone(desk.place.cohort.zone)
    return CoachingView(
        action=action,
        wish=row.wish,
        asked=say_instant(row.opened_at, where, viewer, desk.now),
        answer=row.answer,
        answered=say_instant(row.closed_at, where, viewer, desk.now) if row.closed_at else None,
        granted=say_granted(row.extra_attempts),
    )


def say_granted(extra: int) -> str:
    if not extra:
        return _("No further attempt was granted.")
    return n_("{count} further attempt was granted.", "{count} further attempts were granted.", extra)


def newest(conn: Connection, desk: Desk) -> Any:
    """The newest coaching about a desk's assignment; None where there was none."""
    return conn.execute(NEWEST, {"enrolment": desk.place.enrolment_id, "key": desk.where.key}).first()


def ask(conn: Connection, visitor: Visitor, where: Where, wish: str) -> None:
    """Open a coaching with what the learner would like to talk about, and tell whoever leads the cohort.

    One is open at a time: asked twice, it is opened once. Raises NotFound, Invalid, and NotAtEnd while attempts are
    left.
    """
    desk = my_desk(conn, visitor, where, deciding=True)
    row = newest(conn, desk)
    if row is not None and row.closed_at is None:
        return
    if not desk.is_at_end:
        raise NotAtEnd
    if problem := _problem(wish):
        raise Invalid({"wish": problem})
    opened = opened_for(conn, desk.place.enrolment_id, where.key, visitor, wish.strip())
    _tell(conn, visitor, desk, opened)


def opened_for(conn: Connection, enrolment_id: str, key: str, visitor: Visitor, wish: str = "") -> Coaching:
    """Write a coaching that is opened now, with its audit row. Whoever calls has decided that it may be."""
    row = Coaching(
        id=new_id(),
        enrolment_id=enrolment_id,
        assignment_key=key,
        opened_at=visitor.now.school,
        opened_by=visitor.me.id,
        wish=wish,
    )
    add(conn, row)
    at, me = visitor.now.real, visitor.me.id
    record(conn, "coaching.open", "coaching", row.id, at=at, actor_id=me, detail={"assignment": key})
    return row


def leads_of(conn: Connection, cohort_id: str) -> tuple[str, ...]:
    """Who leads a cohort: leads of it or its course, else whoever planned it, else the institution's leads."""
    rows = conn.execute(_LEADS, {"cohort": cohort_id}).all()
    own = [row.person_id for row in rows if row.scope_id != EVERYWHERE]
    made_by = own or list(conn.execute(PLANNED_BY, {"cohort": cohort_id}).scalars())
    return tuple(sorted(set(made_by or (row.person_id for row in rows))))


def _problem(wish: str) -> str:
    if not wish.strip():
        return _("Write a sentence about what you would like to talk about.")
    return say_too_long() if len(wish) > LONGEST else ""


def say_too_long() -> str:
    """Why a text of more than LONGEST characters is not taken."""
    return n_("This is longer than {count} character.", "This is longer than {count} characters.", LONGEST)


def _tell(conn: Connection, visitor: Visitor, desk: Desk, opened: Coaching) -> None:
    cohort = desk.place.cohort
    data = {
        "name": visitor.me.name,
        "title": desk.task.title,
        "course": cohort.course_title,
        "cohort": cohort.name,
        "wish": opened.wish,
        "path": f"/coaching/{opened.id}",
    }
    mails = [Mail(f"coaching_asked:{opened.id}:{lead}", lead, data) for lead in leads_of(conn, cohort.id)]
    post_all(conn, "coaching_asked", mails, now=visitor.now.real)
