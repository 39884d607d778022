"""Planning, changing and cancelling live sessions, and starting the code that is shown in one."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, func, select, update

from courses.cohorts.queries import COHORT, CohortFacts
from courses.coursework import Coursework
from courses.enrolment.access import LIVE
from courses.live.access import taught_cohort, taught_session
from courses.live.forms import SessionForm, SessionPlan
from courses.live.models import LiveSession
from courses.live.planning import Planned, planned
from courses.live.rules import CODE_LENGTH, CODE_SIGNS, Meeting
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add, lock
from fourweek.errors import Conflict, Invalid
from fourweek.language import _, n_

MOST_SESSIONS = 200
ON_CALENDARS = ("title", "on", "at", "minutes", "join_url")


def plan_sessions(
    conn: Connection, visitor: Visitor, coursework: Coursework, cohort_id: str, typed: SessionForm
) -> int:
    """Keep the sessions whose dates were seen; a form sent twice plans once. Returns how many. Raises Invalid."""
    facts = taught_cohort(conn, visitor, cohort_id)
    plan, found, errors = planned(conn, visitor, coursework, facts, typed)
    if plan is None:
        raise Invalid(errors)
    lock(conn, COHORT, cohort_id)
    ids = [_id(typed.key, number) for number in range(len(found))]
    kept = conn.execute(select(func.count()).where(LIVE.c.cohort_id == cohort_id)).scalar_one()
    if conn.execute(select(LIVE.c.id).where(LIVE.c.id == ids[0])).first():
        return len(found)
    if kept + len(found) > MOST_SESSIONS:
        raise Invalid(
            {
                "weeks": n_(
                    "A cohort has at most {most} live sessions; this one has {count} already.",
                    "A cohort has at most {most} live sessions; this one has {count} already.",
                    kept,
                    most=MOST_SESSIONS,
                )
            }
        )
    add(conn, *(_row(visitor, facts, plan, one, row_id) for one, row_id in zip(found, ids, strict=True)))
    detail = {"title": plan.title, "sessions": ids, "first": found[0].day.isoformat(), "required": plan.required}
    record(conn, "session.plan", "cohort", cohort_id, at=visitor.now.real, actor_id=visitor.me.id, detail=detail)
    return len(found)


def change_session(
    conn: Connection, visitor: Visitor, coursework: Coursework, cohort_id: str, session_id: str, typed: SessionForm
) -> None:
    """Change one session. Raises Invalid, and Conflict where somebody changed or cancelled it meanwhile."""
    taught_cohort(conn, visitor, cohort_id)
    lock(conn, LIVE, session_id)
    facts, before = taught_session(conn, visitor, cohort_id, session_id)
    if before.cancelled_at is not None:
        raise Conflict(_("This session was cancelled."), what_to_do=_("Plan another one in its place."))
    if typed.seen != before.changed_at.isoformat():
        raise Conflict(_("Somebody changed this session meanwhile, so yours was not kept."))
    same = replace(typed, section=before.section_id or "", weekdays="")
    plan, found, errors = planned(conn, visitor, coursework, facts, same)
    if plan is None:
        raise Invalid(errors)
    changed = _changed(before, plan, found[0])
    if not changed:
        return
    conn.execute(update(LIVE).where(LIVE.c.id == session_id).values(**changed, **_marks(before, changed, visitor)))
    detail = {name: [_plain(getattr(before, name)), _plain(value)] for name, value in changed.items()}
    _note(conn, visitor, "session.change", session_id, detail=detail)


def cancel_session(conn: Connection, visitor: Visitor, cohort_id: str, session_id: str, reason: str) -> None:
    """Cancel a session; what was recorded of it is kept and no longer asked for. Raises Invalid, Conflict."""
    taught_cohort(conn, visitor, cohort_id)
    lock(conn, LIVE, session_id)
    _facts, before = taught_session(conn, visitor, cohort_id, session_id)
    if before.cancelled_at is not None:
        raise Conflict(_("This session was cancelled already."))
    words = " ".join(reason.split())
    if not words or len(words) > 500:
        raise Invalid({"reason": _("Say in a sentence why, in at most 500 characters.")})
    now = visitor.now.school
    values = {"cancelled_at": now, "changed_at": now, "revision": before.revision + 1, "code": ""}
    conn.execute(update(LIVE).where(LIVE.c.id == session_id).values(**values))
    _note(conn, visitor, "session.cancel", session_id, reason=words)


def start_code(conn: Connection, visitor: Visitor, cohort_id: str, session_id: str) -> None:
    """Make the code of a session, a new one where it has one. Raises Conflict outside of its time."""
    taught_cohort(conn, visitor, cohort_id)
    lock(conn, LIVE, session_id)
    _facts, found = taught_session(conn, visitor, cohort_id, session_id)
    if not found.takes_code(visitor.now.school):
        raise Conflict(_("A code counts from a quarter of an hour before a session until half an hour after it."))
    conn.execute(update(LIVE).where(LIVE.c.id == session_id).values(code=new_code()))
    _note(conn, visitor, "session.code", session_id)


def new_code() -> str:
    """Six signs that are hard to confuse."""
    return "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))


def _id(key: str, number: int) -> str:
    """The id of the `number`-th session of a form: the same however often the form is sent."""
    return hashlib.sha256(f"{key} {number}".encode()).hexdigest()[:26]


def _row(visitor: Visitor, facts: CohortFacts, plan: SessionPlan, one: Planned, row_id: str) -> LiveSession:
    return LiveSession(
        id=row_id,
        cohort_id=facts.id,
        section_id=plan.section_id,
        module_number=one.module_number,
        title=plan.title,
        on=one.day,
        at=plan.at,
        minutes=plan.minutes,
        join_url=plan.join_url,
        recording_url=plan.recording_url,
        instructor=plan.instructor,
        required=plan.required,
        created_at=visitor.now.school,
        created_by=visitor.me.id,
        changed_at=visitor.now.school,
    )


def _changed(before: Meeting, plan: SessionPlan, one: Planned) -> dict[str, Any]:
    values = {
        "title": plan.title,
        "module_number": one.module_number,
        "on": one.day,
        "at": plan.at,
        "minutes": plan.minutes,
        "join_url": plan.join_url,
        "recording_url": plan.recording_url,
        "instructor": plan.instructor,
        "required": plan.required,
    }
    return {name: value for name, value in values.items() if getattr(before, name) != value}


def _marks(before: Meeting, changed: Mapping[str, Any], visitor: Visitor) -> dict[str, Any]:
    """What a change leaves behind: a new revision for calendars, and for letters from when it was moved."""
    marks: dict[str, Any] = {"changed_at": visitor.now.school}
    if any(name in changed for name in ON_CALENDARS):
        marks["revision"] = before.revision + 1
    if any(name in changed for name in ("on", "at", "minutes")):
        marks |= {"moved_at": visitor.now.school, "moved_from": before.starts_at}
    return marks


def _plain(value: object) -> object:
    return value if isinstance(value, (str, int, bool)) or value is None else str(value)


def _note(
    conn: Connection,
    visitor: Visitor,
    act: str,
    session_id: str,
    *,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    at, me = visitor.now.real, visitor.me.id
    record(conn, act, "live_session", session_id, at=at, actor_id=me, reason=reason, detail=detail)
