"""Enrolments with work that was judged, for tests of credit, badges and transcripts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from assessments.credit.amounts import Amount, Part
from assessments.credit.chain import EntryFields, EntryKind
from assessments.credit.ledger import ENTRY, LEDGER, append, hold_ledger
from assessments.credit.models import ReasonCode
from assessments.credit.rulebook import CEU, CEU_NEAREST
from assessments.credit.service import reversal
from assessments.grading.models import Outcome
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from fourweek.clock import Now
from fourweek.database import new_id
from tests import factories as make

DAY = timedelta(days=1)
LATER = make.START + 40 * DAY
NOW = Now(real=LATER, school=LATER)


@dataclass(frozen=True, slots=True)
class Learning:
    """A learner in a cohort of a course, and who grades there."""

    course: make.MadeCourse
    cohort_id: str
    person_id: str
    enrolment_id: str
    grader_id: str


def learning(
    conn: Connection, *, name: str = "Alice Brook", weeks: int = 4, minutes: int = 150, zone: str = "UTC"
) -> Learning:
    """Somebody enrolled with nothing handed in."""
    course = make.course(conn, weeks=weeks, minutes=minutes)
    cohort_id = make.cohort(conn, course, zone=zone)
    person_id = make.person(conn, name)
    grader_id = make.with_role(conn, Role.GRADER, scope_id=cohort_id)
    return Learning(course, cohort_id, person_id, make.enrol(conn, cohort_id, person_id), grader_id)


def one_more(conn: Connection, first: Learning, name: str = "Bob Marsh") -> Learning:
    """Another learner in the same cohort."""
    person_id = make.person(conn, name)
    enrolment_id = make.enrol(conn, first.cohort_id, person_id)
    return Learning(first.course, first.cohort_id, person_id, enrolment_id, first.grader_id)


def demonstrate(conn: Connection, who: Learning, week: int, at: datetime | None = None) -> str:
    """A module's assignment handed in, judged demonstrated and posted at `at`; returns the decision's id."""
    at = at or make.START + week * DAY
    return judge(conn, who, week, at, Outcome.DEMONSTRATED)


def judge(conn: Connection, who: Learning, week: int, at: datetime, outcome: Outcome, attempt: int = 1) -> str:
    handed_in = make.submission(conn, who.course, who.enrolment_id, week, at=at, attempt=attempt)
    return make.decided(conn, who.course, handed_in, who.grader_id, week, outcome, at=at, posted_at=at)


def demonstrate_all(conn: Connection, who: Learning) -> None:
    for week in range(1, len(who.course.modules) + 1):
        demonstrate(conn, who, week)


def recorded(
    conn: Connection,
    who: Learning,
    week: int = 1,
    *,
    parts: tuple[Part, ...] = (Part("ethics", 30), Part("technical", 120)),
    tenths: int = 3,
    amounts: tuple[Amount, ...] = (Amount("PDH", "pdh-half-hour-2018", 5),),
    at: datetime | None = None,
    repeat_of: str | None = None,
) -> str:
    """An earned entry written straight into the ledger, without work behind it; returns its id."""
    ledger = hold_ledger(conn, who.person_id)
    at = at or make.START + week * DAY
    entry = EntryFields(
        entry_id=new_id(),
        ledger_id=ledger.id,
        sequence=ledger.entries + 1,
        kind=EntryKind.EARNED,
        reverses=None,
        reason_code=None,
        enrolment_id=who.enrolment_id,
        course_code=who.course.code,
        course_version="1.0",
        module_number=week,
        category="technical",
        credit_type=CEU,
        rule_id=CEU_NEAREST,
        minutes_before=0,
        counted_minutes=sum(part.minutes for part in parts),
        tenths=tenths,
        completed_at=at,
        completed_on=at.date(),
        zone="UTC",
        recorded_at=NOW.real,
        amounts=amounts,
        parts=parts,
        group_key=f"{who.course.code}/{week}",
        repeat_of=repeat_of,
    )
    append(conn, ledger, entry, who.course.modules[week - 1])
    return entry.entry_id


def reverse_entry(conn: Connection, visitor: Visitor, entry_id: str, code: str, _why: str) -> None:
    """Take an entry back without a proposal and its approval, for tests of what follows."""
    wanted = select(ENTRY, LEDGER.c.person_id).join(LEDGER, LEDGER.c.id == ENTRY.c.ledger_id)
    row = conn.execute(wanted.where(ENTRY.c.id == entry_id)).one()
    ledger = hold_ledger(conn, row.person_id)
    append(conn, ledger, reversal(row, ReasonCode(code), ledger, visitor.now), row.module_id)
