"""Reading live sessions for those who plan and hold them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from courses.cohorts.queries import COHORT, COURSE, VERSION, CohortFacts
from courses.coursework import Coursework
from courses.enrolment.access import LIVE
from courses.live.access import taught_cohort, taught_session, teaches
from courses.live.forms import BY_WEEK, EVERYBODY, NO_MODULE, SessionForm, form_of
from courses.live.pages import (
    CancelPage,
    PlannedLine,
    SessionFormPage,
    StaffLine,
    StaffSessionsPage,
    TaughtLine,
    TaughtPage,
)
from courses.live.planning import Planned, planned, sections_of
from courses.live.queries import ATTENDANCE, MEETING_COLUMNS, MEETING_SOURCE, meeting_of, sessions_of_all
from courses.live.rules import Meeting, coming_first
from courses.live.words import Eyes, say_about, say_asked, say_start
from courses.paging import PER_PAGE, offset, pager, query
from courses.schedule.words import WEEKDAYS, Said, say_date, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Permission, Visitor
from fourweek.database import new_id
from fourweek.errors import Conflict
from fourweek.language import _, n_, p_

DAY = timedelta(days=1)
MOST_COHORTS = 50

_RECORDED: Any = (
    select(ATTENDANCE.c.session_id, func.count().label("number"))
    .where(ATTENDANCE.c.session_id.in_(bindparam("sessions", expanding=True)))
    .group_by(ATTENDANCE.c.session_id)
)
_COMING: Any = (
    select(
        *MEETING_COLUMNS,
        COHORT.c.name.label("cohort_name"),
        VERSION.c.title.label("course_title"),
        func.count().over().label("total"),
    )
    .select_from(MEETING_SOURCE.join(VERSION, VERSION.c.id == COHORT.c.version_id))
    .where(LIVE.c.cancelled_at.is_(None), LIVE.c.on >= bindparam("since"))
    .order_by(LIVE.c.on, LIVE.c.at, LIVE.c.id)
    .limit(PER_PAGE)
    .offset(bindparam("skipped"))
)
_COHORTS: Any = (
    select(COHORT.c.id, COHORT.c.name, VERSION.c.title)
    .join(VERSION, VERSION.c.id == COHORT.c.version_id)
    .join(COURSE, COURSE.c.id == VERSION.c.course_id)
    .order_by(COHORT.c.start_date.desc(), COHORT.c.id)
    .limit(MOST_COHORTS)
)


def taught_page(conn: Connection, visitor: Visitor, number: int) -> TaughtPage:
    """What comes next in the cohorts that the visitor teaches, by local day; two statements."""
    here, now = teaches(visitor), visitor.now.school
    values = {"since": (now - DAY).date(), "skipped": offset(number)}
    rows = conn.execute(_COMING.where(here), values).all()
    cohorts = conn.execute(_COHORTS.where(here)).all()
    found = [(row, meeting_of(row)) for row in rows]
    return TaughtPage(
        sessions=tuple(_taught(row, one, visitor) for row, one in found if not one.is_over(now)),
        cohorts=tuple((row.id, row.name, row.title) for row in cohorts),
        pager=pager(number, rows[0].total if rows else 0, lambda n: query(page=n)),
    )


def sessions_page(conn: Connection, visitor: Visitor, cohort_id: str, number: int) -> StaffSessionsPage:
    """The sessions of a cohort, coming first; three statements, whatever their number."""
    facts = taught_cohort(conn, visitor, cohort_id)
    every = [one.meeting for one in coming_first(sessions_of_all(conn, cohort_id), visitor.now.school)]
    shown = every[offset(number) :][:PER_PAGE]
    recorded = conn.execute(_RECORDED, {"sessions": [one.id for one in shown]}).all() if shown else []
    counts = {row.session_id: row.number for row in recorded}
    return StaffSessionsPage(
        cohort_id=facts.id,
        cohort_name=facts.name,
        course_title=facts.course_title,
        zone=facts.zone,
        runs=visitor.me.may(Permission.RUN_COHORT, cohort_id),
        sessions=tuple(_line(one, counts, eyes_of(visitor)) for one in shown),
        pager=pager(number, len(every), lambda n: query(page=n)),
    )


def new_page(
    conn: Connection, visitor: Visitor, coursework: Coursework, cohort_id: str, typed: SessionForm | None = None
) -> SessionFormPage:
    """The form with what was typed, what is wrong with it, or the sessions it makes. The empty form says neither."""
    facts = taught_cohort(conn, visitor, cohort_id)
    if typed is None:
        return _form_page(conn, facts, SessionForm(key=new_id(), instructor=_only_name(facts)))
    plan, found, errors = planned(conn, visitor, coursework, facts, typed)
    lines = tuple(_planned_line(one, visitor) for one in found)
    off = tuple(f"{say_date(day)}{f', {title}' if title else ''}" for day, title in plan.left_out) if plan else ()
    again = bool(plan and typed.seen and typed.seen != typed.fingerprint)
    return _form_page(conn, facts, typed, errors=errors, planned=lines, left_out=off, again=again)


def change_page(
    conn: Connection,
    visitor: Visitor,
    cohort_id: str,
    session_id: str,
    typed: SessionForm | None = None,
    errors: Mapping[str, str] | None = None,
) -> SessionFormPage:
    """The form of one session. Raises Conflict for one that was cancelled."""
    facts, found = taught_session(conn, visitor, cohort_id, session_id)
    if found.cancelled_at is not None:
        raise Conflict(_("This session was cancelled."), what_to_do=_("Plan another one in its place."))
    page = {"session_id": session_id, "heading": found.title, "is_over": found.is_over(visitor.now.school)}
    return _form_page(conn, facts, typed or form_of(found), errors=errors or {}, zone=found.zone, **page)


def cancel_page(
    conn: Connection, visitor: Visitor, cohort_id: str, session_id: str, reason: str = "", error: str = ""
) -> CancelPage:
    facts, found = taught_session(conn, visitor, cohort_id, session_id)
    if found.cancelled_at is not None:
        raise Conflict(_("This session was cancelled already."))
    when = say_start(found, eyes_of(visitor))
    return CancelPage(facts.id, facts.name, session_id, found.title, when, reason, error)


def eyes_of(visitor: Visitor) -> Eyes:
    """Staff see every link."""
    return Eyes(visitor.now.school, zone(visitor.me.zone), None)


def say_when(instant: datetime, zone_name: str, visitor: Visitor) -> Said:
    return say_instant(instant, zone(zone_name), zone(visitor.me.zone), visitor.now.school)


def staff_pill(meeting: Meeting, now: datetime) -> tuple[str, str]:
    if meeting.cancelled_at is not None:
        return _("Cancelled"), "plain"
    if meeting.is_over(now):
        return p_("a session", "Over"), "plain"
    return (_("Can be joined"), "good") if meeting.is_joinable(now) else (_("Coming"), "info")


def _form_page(conn: Connection, facts: CohortFacts, typed: SessionForm, **given: Any) -> SessionFormPage:
    numbers = range(1, facts.rules.module_count + 1)
    days = typed.weekdays.split()
    modules = (
        (BY_WEEK, _("The one that is open then")),
        (NO_MODULE, _("None")),
        *((str(n), _("Module {number}", number=n)) for n in numbers),
    )
    values: dict[str, Any] = {
        "session_id": "",
        "heading": _("Plan live sessions"),
        "zone": facts.zone,
        "errors": {},
        "planned": (),
        "left_out": (),
    }
    return SessionFormPage(
        cohort_id=facts.id,
        cohort_name=facts.name,
        typed=typed,
        sections=((EVERYBODY, _("Everybody")), *((one.id, one.name) for one in sections_of(conn, facts.id))),
        modules=modules,
        weekdays=tuple((n, _(name), str(n) in days) for n, name in enumerate(WEEKDAYS)),
        **values | given,
    )


def _only_name(facts: CohortFacts) -> str:
    return facts.instructors[0].name if len(facts.instructors) == 1 else ""


def _planned_line(one: Planned, visitor: Visitor) -> PlannedLine:
    module = _("Module {number}", number=one.module_number) if one.module_number else _("No module")
    return PlannedLine(
        when=say_when(one.starts_at, one.zone, visitor),
        module=module,
        remark=one.remark,
        is_past=one.starts_at <= visitor.now.school,
    )


def _line(meeting: Meeting, counts: Mapping[str, int], eyes: Eyes) -> StaffLine:
    recorded = counts.get(meeting.id, 0)
    return StaffLine(
        id=meeting.id,
        title=meeting.title,
        when=say_start(meeting, eyes),
        about=say_about(meeting),
        pill=staff_pill(meeting, eyes.now),
        asked=say_asked(meeting),
        recorded=n_("{count} recorded", "{count} recorded", recorded) if recorded else "",
        is_cancelled=meeting.cancelled_at is not None,
    )


def _taught(row: Any, meeting: Meeting, visitor: Visitor) -> TaughtLine:
    return TaughtLine(
        cohort_id=meeting.cohort_id,
        session_id=meeting.id,
        title=meeting.title,
        cohort=_("{course}, {cohort}", course=row.course_title, cohort=row.cohort_name),
        when=say_start(meeting, eyes_of(visitor)),
        about=say_about(meeting),
    )
