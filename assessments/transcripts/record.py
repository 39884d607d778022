"""A person's record as a transcript tells it: lines from the ledger, read in one statement."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, exists, func, select

from assessments.assignments.queries import MODULE
from assessments.badges.queries import AWARD
from assessments.credit.chain import GENESIS, EntryKind
from assessments.credit.ledger import ENTRY, LEDGER
from assessments.credit.rulebook import load_rule
from assessments.credit.rules import steps_text
from assessments.transcripts.canonical import dump
from assessments.transcripts.parts import Learner, LineStatus, TranscriptLine
from assessments.transcripts.pieces import Instructor, LineCredit, LinePart
from assessments.transcripts.scope import WHOLE, Scope
from courses.cohorts.queries import COHORT, VERSION
from courses.enrolment.access import ENROLMENT, LIVE
from courses.live.models import Presence
from courses.live.queries import ATTENDANCE, CONCERNS
from courses.packages.models import CreditEvent
from fourweek.accounts.access import PERSON
from fourweek.light import dataclass

ASSESSMENT = "Evidence judged against a published rubric"

# Live sessions whose attendance was taken, by what was recorded of the enrolment in each.
_TAKEN = exists(select(ATTENDANCE.c.session_id).where(ATTENDANCE.c.session_id == LIVE.c.id).correlate(LIVE))
_SESSIONS = select(func.count()).where(CONCERNS, LIVE.c.cancelled_at.is_(None), _TAKEN)
_THERE = (
    select(func.count())
    .select_from(ATTENDANCE.join(LIVE, LIVE.c.id == ATTENDANCE.c.session_id))
    .where(CONCERNS, LIVE.c.cancelled_at.is_(None), ATTENDANCE.c.enrolment_id == ENROLMENT.c.id)
)

# The badge of the course itself, if it holds: that of a series has the enrolment that completed the series.
_NAMED = (AWARD.c.series_id.is_(None), AWARD.c.withdrawn_at.is_(None), AWARD.c.revoked_at.is_(None))


def _there(presence: Presence, label: str) -> ColumnElement[Any]:
    return _THERE.where(ATTENDANCE.c.presence == presence).correlate(ENROLMENT).scalar_subquery().label(label)


_RECORD: Select[Any] = (
    select(PERSON.c.legal_name, PERSON.c.learner_number, *(column for column in ENTRY.c if column.name != "previous"))
    .add_columns(VERSION.c.title.label("course_title"), VERSION.c.separate_events, MODULE.c.title.label("module_title"))
    .add_columns(*(COHORT.c[name] for name in ("delivery", "mode", "place", "start_date", "instructors")))
    .add_columns(AWARD.c.slug, _SESSIONS.correlate(ENROLMENT).scalar_subquery().label("sessions"))
    .add_columns(_there(Presence.PRESENT, "attended"), _there(Presence.MADE_UP, "made_up"))
    .select_from(
        PERSON.outerjoin(LEDGER, LEDGER.c.person_id == PERSON.c.id)
        .outerjoin(ENTRY, ENTRY.c.ledger_id == LEDGER.c.id)
        .outerjoin(MODULE, MODULE.c.id == ENTRY.c.module_id)
        .outerjoin(VERSION, VERSION.c.id == MODULE.c.version_id)
        .outerjoin(ENROLMENT, ENROLMENT.c.id == ENTRY.c.enrolment_id)
        .outerjoin(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
        .outerjoin(AWARD, and_(AWARD.c.enrolment_id == ENROLMENT.c.id, *_NAMED))
    )
    .where(PERSON.c.id == bindparam("person"))
    .order_by(ENTRY.c.seq)
)


@dataclass(frozen=True, slots=True)
class Record:
    """What the ledger says of a person at one moment: its lines, its last entry's number and hash."""

    learner: Learner
    lines: tuple[TranscriptLine, ...]
    entries: int
    head: str

    @property
    def content_sha256(self) -> str:
        """Of everything it says about the person."""
        return hashlib.sha256(dump((self.learner, *self.lines))).hexdigest()

    def within(self, scope: Scope) -> "Record":
        """The same record with the lines of `scope` alone."""
        return replace(self, lines=tuple(filter(scope.holds, self.lines)))


def record_of(conn: Connection, person_id: str, public_url: str, scope: Scope = WHOLE) -> Record:
    """The person's record as it is now; one statement, so lines and head belong together.

    Its lines are as the ledger and the cohort have them; `details.detailed` adds what documents say besides.
    """
    rows = conn.execute(_RECORD, {"person": person_id}).all()
    first, entries = rows[0], [row for row in rows if row.id is not None]
    whole = Record(
        learner=Learner(legal_name=first.legal_name, number=first.learner_number),
        lines=lines_of(entries, public_url),
        entries=entries[-1].seq if entries else 0,
        head=entries[-1].hash if entries else GENESIS,
    )
    return whole.within(scope)


def lines_of(entries: Iterable[Row[Any]], public_url: str) -> tuple[TranscriptLine, ...]:
    """One line for each module of an enrolment, as its newest entry has it; `entries` stand in order of the ledger."""
    newest: dict[tuple[str, str], Row[Any]] = {}
    taken_back: set[str] = set()
    for row in entries:
        if row.kind is EntryKind.REVERSAL:
            taken_back.add(row.reverses_id)
        else:
            newest[row.enrolment_id, row.module_id] = row
    return tuple(_line(row, public_url, revoked=row.id in taken_back) for row in newest.values())


def _line(row: Row[Any], public_url: str, *, revoked: bool) -> TranscriptLine:
    status = _status(row, revoked=revoked)
    return TranscriptLine(
        course_code=row.course_code,
        course_title=row.course_title,
        course_version=row.course_version,
        module_number=row.module_number,
        module_title=row.module_title,
        category=row.category,
        delivery=row.delivery,
        completed_on=row.completed_on,
        zone=row.zone,
        counted_minutes=row.minutes,
        ceu_tenths=row.tenths if status.counts else 0,
        rule_id=row.rule_id,
        outcome="taken back" if revoked else "demonstrated",
        assessment_method=ASSESSMENT,
        award_url=f"{public_url}/badges/{row.slug}" if row.slug and not revoked else None,
        status=status,
        attendance=say_attendance(row.attended, row.made_up, row.sessions),
        entry=row.id,
        parts=tuple(LinePart(category=one["category"], counted_minutes=one["minutes"]) for one in row.parts),
        credits=tuple(map(_credit, row.amounts)) if status.counts else (),
        mode=row.mode or "",
        place=row.place or "",
        began_on=_began(row),
        event=CreditEvent.MODULES if row.separate_events else CreditEvent.COURSE,
        instructors=tuple(
            Instructor(name=one["name"], credential=one.get("background", "")) for one in row.instructors or ()
        ),
    )


def _status(row: Row[Any], *, revoked: bool) -> LineStatus:
    if revoked:
        return LineStatus.REVOKED
    if row.repeat_of_id:
        return LineStatus.REPEAT
    return LineStatus.AMENDED if row.kind is EntryKind.CORRECTION else LineStatus.ACTIVE


def _credit(amount: dict[str, Any]) -> LineCredit:
    rule = load_rule(amount["rule"])
    return LineCredit(
        credit_type=amount["type"],
        rule_id=amount["rule"],
        steps=amount["steps"],
        step=str(rule.step),
        amount=steps_text(amount["steps"], rule),
    )


def _began(row: Row[Any]) -> date | None:
    """The first day of the course, if it was completed after it: a cohort may have been moved since."""
    return row.start_date if row.start_date and row.start_date <= row.completed_on else None


def say_attendance(attended: int, made_up: int, sessions: int) -> str:
    """Such as "Attended 3 of 4 live sessions, made up 1"; "" where attendance was never taken."""
    if not sessions:
        return ""
    noun = "live session" if sessions == 1 else "live sessions"
    return f"Attended {attended} of {sessions} {noun}" + (f", made up {made_up}" if made_up else "")
