"""Recording attendance: a page of the list, or a sheet, in one act each."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, update

from courses.enrolment.access import LIVE
from courses.live.access import taught_cohort, taught_session
from courses.live.attendance.queries import Attendee, named, these
from courses.live.attendance.rules import Change, Entry, changes
from courses.live.attendance.sheet import Row, read_sheet
from courses.live.models import Attendance, Source
from courses.live.queries import ATTENDANCE
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add, lock
from fourweek.errors import Conflict, Invalid
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.spreadsheets import NotATable

_CORRECT = (
    update(ATTENDANCE)
    .where(ATTENDANCE.c.session_id == bindparam("of_session"), ATTENDANCE.c.enrolment_id == bindparam("of_enrolment"))
    .values(
        presence=bindparam("presence"),
        source=bindparam("source"),
        reason=bindparam("reason"),
        recorded_at=bindparam("recorded_at"),
        recorded_by=bindparam("recorded_by"),
    )
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it was sent: `reason` stands for its rows that give none, `seen` is the fingerprint of what it was
    shown to come to."""

    text: str = ""
    reason: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A row of a sheet with what it comes to; `wrong` says why it cannot be taken, "" where it can."""

    row: Row
    person: Attendee | None
    change: Change | None
    wrong: str


def save_list(
    conn: Connection,
    visitor: Visitor,
    cohort_id: str,
    session_id: str,
    entries: Sequence[Entry],
    *,
    rest_absent: bool = False,
) -> int:
    """Record a page of the list in one act; returns how many rows changed.

    Raises Invalid by enrolment, and keeps nothing then, where a reason is missing or somebody else saved meanwhile.
    """
    _hold(conn, visitor, cohort_id, session_id)
    stored = these(conn, session_id, [entry.enrolment_id for entry in entries])
    found, problems = changes(entries, stored, rest_absent=rest_absent)
    if problems:
        raise Invalid(problems)
    return _keep(conn, visitor, session_id, found, Source.LIST)


def take_sheet(conn: Connection, visitor: Visitor, cohort_id: str, session_id: str, typed: Sheet) -> int:
    """Record a whole sheet or nothing of it; returns how many rows changed. Safe to send again.

    Raises Invalid where a row cannot be taken, or it comes to something else than what was seen.
    """
    _hold(conn, visitor, cohort_id, session_id)
    lines = sheet_lines(conn, session_id, typed)
    if any(line.wrong for line in lines) or typed.seen != fingerprint(lines):
        raise Invalid({"sheet": _("The sheet was not taken. Look at what it comes to now.")})
    return _keep(conn, visitor, session_id, [line.change for line in lines if line.change], Source.CSV)


def sheet_lines(conn: Connection, session_id: str, typed: Sheet) -> tuple[SheetLine, ...]:
    """What each row of a sheet comes to. Raises Invalid for a text that is no sheet."""
    try:
        rows = read_sheet(typed.text)
    except NotATable as wrong:
        raise Invalid({"sheet": str(wrong)}) from None
    people = named(conn, session_id, {row.learner for row in rows})
    seen: dict[str, int] = {}
    return tuple(_line(row, people.get(row.learner), typed.reason, seen) for row in rows)


def fingerprint(lines: Sequence[SheetLine]) -> str:
    """Changes with everything that the lines come to."""
    said = "\n".join(f"{line.row.learner} {line.change} {bool(line.wrong)}" for line in lines)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _line(row: Row, person: Attendee | None, reason: str, seen: dict[str, int]) -> SheetLine:
    """One row; `seen` are the lines of the people so far."""
    if row.wrong:
        return SheetLine(row, person, None, row.wrong)
    if person is None:
        return SheetLine(row, None, None, _("Nobody in this session has this number or address."))
    if person.enrolment_id in seen:
        return SheetLine(
            row,
            person,
            None,
            _("This person stands in line {line} already.", line=seen[person.enrolment_id]),
        )
    seen[person.enrolment_id] = row.line
    needs_reason = person.attended is None or person.attended.presence is not row.presence
    entry = Entry(person.enrolment_id, row.presence, row.reason or (reason if needs_reason else ""))
    found, problems = changes([entry], {person.enrolment_id: person.attended})
    wrong = problems.get(person.enrolment_id, "")
    return SheetLine(row, person, found[0] if found else None, wrong)


def _hold(conn: Connection, visitor: Visitor, cohort_id: str, session_id: str) -> None:
    """The session, authorised and locked: lists, sheets and codes of one session wait for each other."""
    taught_cohort(conn, visitor, cohort_id)
    lock(conn, LIVE, session_id)
    _facts, found = taught_session(conn, visitor, cohort_id, session_id)
    if found.cancelled_at is not None:
        raise Conflict(_("This session was cancelled, so nobody attended it."))


def _keep(conn: Connection, visitor: Visitor, session_id: str, found: Sequence[Change], source: Source) -> int:
    first = [one for one in found if one.before is None]
    if first:
        add(conn, *(_row(visitor, session_id, one, source) for one in first))
    corrected = [one for one in found if one.before is not None]
    if corrected:
        conn.execute(_CORRECT, [_values(visitor, session_id, one, source) for one in corrected])
    if found:
        _note(conn, visitor, session_id, first, corrected, source)
    return len(found)


def _row(visitor: Visitor, session_id: str, one: Change, source: Source) -> Attendance:
    return Attendance(
        session_id=session_id,
        enrolment_id=one.enrolment_id,
        presence=one.presence,
        source=source,
        reason=one.reason,
        recorded_at=visitor.now.school,
        recorded_by=visitor.me.id,
    )


def _values(visitor: Visitor, session_id: str, one: Change, source: Source) -> dict[str, object]:
    values = _row(visitor, session_id, one, source).model_dump(exclude={"session_id", "enrolment_id"})
    return values | {"of_session": session_id, "of_enrolment": one.enrolment_id}


def _note(
    conn: Connection,
    visitor: Visitor,
    session_id: str,
    first: Sequence[Change],
    corrected: Sequence[Change],
    source: Source,
) -> None:
    """One audit row for what was recorded first, and one for each reason that something was corrected with."""
    at, me = visitor.now.real, visitor.me.id
    if first:
        detail = {"source": source.value, "recorded": {one.enrolment_id: one.presence.value for one in first}}
        record(conn, "attendance.record", "live_session", session_id, at=at, actor_id=me, detail=detail)
    by_reason: dict[str, list[Change]] = defaultdict(list)
    for one in corrected:
        by_reason[one.reason].append(one)
    for reason, same in by_reason.items():
        moved = {one.enrolment_id: [one.before and one.before.value, one.presence.value] for one in same}
        what = {"source": source.value, "corrected": moved}
        record(conn, "attendance.correct", "live_session", session_id, at=at, actor_id=me, reason=reason, detail=what)
