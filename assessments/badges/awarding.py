"""From a course that is met to an award: one transaction for each enrolment, no signing in it."""

import secrets
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, case, exists, func, select, update

from assessments.assignments.queries import ASSIGNMENT, MODULE
from assessments.badges.ends import holds_until
from assessments.badges.holders import holder_name
from assessments.badges.identity import new_salt
from assessments.badges.models import Award
from assessments.badges.queries import ACHIEVEMENT, AWARD, achievement_shown, shown_by
from assessments.badges.snapshot import AwardSnapshot
from assessments.credit.chain import EntryKind
from assessments.credit.ledger import ENTRY
from assessments.credit.rules import Mode
from assessments.evidence.queries import work_of_many
from courses.cohorts.queries import COHORT, VERSION
from courses.coursework import course_met
from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import EnrolmentState
from courses.schedule.zones import zone
from fourweek.audit.service import record
from fourweek.clock import Now
from fourweek.database import Database, add_once, lock, new_id
from fourweek.light import dataclass

PIECE = 200
_SLUG_LENGTH = 22
_SLUG_DIGITS = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"

_TAKING_BACK = ENTRY.alias("taking_back")
_HOLDS = (ENTRY.c.kind != EntryKind.REVERSAL, ~exists().where(_TAKING_BACK.c.reverses_id == ENTRY.c.id))
_ASKED = (
    select(MODULE.c.version_id, func.count(MODULE.c.id.distinct()).label("number"))
    .join(ASSIGNMENT, ASSIGNMENT.c.module_id == MODULE.c.id)
    .where(ASSIGNMENT.c.required)
    .group_by(MODULE.c.version_id)
    .subquery("asked")
)
# Credit is known by its module's number: what was recorded on another version of the course counts.
_CREDITED = (
    select(ENTRY.c.enrolment_id, func.count(MODULE.c.id.distinct()).label("number"))
    .join(ENROLMENT, ENROLMENT.c.id == ENTRY.c.enrolment_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .join(MODULE, and_(MODULE.c.version_id == COHORT.c.version_id, MODULE.c.number == ENTRY.c.module_number))
    .where(ENROLMENT.c.state == EnrolmentState.ACTIVE, *_HOLDS)
    .where(exists().where(ASSIGNMENT.c.module_id == MODULE.c.id, ASSIGNMENT.c.required))
    .group_by(ENTRY.c.enrolment_id)
    .subquery("credited")
)
_MET: Select[Any] = (
    select(
        ENROLMENT.c.id,
        ENROLMENT.c.person_id,
        COHORT.c.version_id,
        COHORT.c.zone,
        ACHIEVEMENT.c.id.label("achievement_id"),
        ACHIEVEMENT.c.valid_months,
        VERSION.c.course_id,
    )
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .join(VERSION, VERSION.c.id == COHORT.c.version_id)
    .join(ACHIEVEMENT, ACHIEVEMENT.c.version_id == COHORT.c.version_id)
    .join(_ASKED, _ASKED.c.version_id == COHORT.c.version_id)
    .join(_CREDITED, _CREDITED.c.enrolment_id == ENROLMENT.c.id)
    .where(ENROLMENT.c.state == EnrolmentState.ACTIVE, _CREDITED.c.number == _ASKED.c.number)
)
_SOME = _MET.where(ENROLMENT.c.id > bindparam("after")).order_by(ENROLMENT.c.id).limit(PIECE)
_THIS = _MET.where(ENROLMENT.c.id == bindparam("enrolment"))
_SUMS: Select[Any] = select(
    func.sum(case((ENTRY.c.repeat_of_id.is_(None), ENTRY.c.minutes), else_=0)).label("minutes"),
    func.sum(ENTRY.c.tenths).label("tenths"),
    func.max(ENTRY.c.completed_at).label("completed_at"),
).where(ENTRY.c.enrolment_id == bindparam("enrolment"), *_HOLDS)
_EARLIER: Select[Any] = (
    select(AWARD.c.id)
    .join(ACHIEVEMENT, ACHIEVEMENT.c.id == AWARD.c.achievement_id)
    .join(VERSION, VERSION.c.id == ACHIEVEMENT.c.version_id)
    .where(
        AWARD.c.person_id == bindparam("person"),
        VERSION.c.course_id == bindparam("course"),
        AWARD.c.valid_until.is_not(None),
        AWARD.c.revoked_at.is_(None),
        AWARD.c.withdrawn_at.is_(None),
    )
    .order_by(AWARD.c.awarded_at.desc(), AWARD.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Completion:
    """What the ledger has of a whole course: counted minutes, tenths, and when the last module was completed."""

    minutes: int
    tenths: int
    completed_at: datetime


def enrolments_met(db: Database) -> Iterator[str]:
    """Ids of active enrolments whose every module that asks for work is in the ledger; read in pieces."""
    after = ""
    while found := db.read_now(_some, after):
        yield from found
        after = found[-1]


def award(conn: Connection, enrolment_id: str, institution: str, now: Now, ceu: Mode = Mode.NEAREST) -> bool:
    """Complete the enrolment and award its badge, once; False when that is done, or not due after all.

    Every module is in the ledger by then, which asked for its attendance: what is taken back later undoes nothing.
    """
    lock(conn, ENROLMENT, enrolment_id)
    row = conn.execute(_THIS, {"enrolment": enrolment_id}).first()
    if row is None or not course_met(work_of_many(conn, {row.id: row.version_id}, now.school)[row.id], ()):
        return False
    done = Completion(*conn.execute(_SUMS, {"enrolment": row.id}).one())
    made = Award(
        id=new_id(),
        slug=new_slug(),
        person_id=row.person_id,
        achievement_id=row.achievement_id,
        enrolment_id=row.id,
        renews_id=earlier_award(conn, row.person_id, row.course_id),
        awarded_at=done.completed_at,
        valid_until=holds_until(done.completed_at, row.valid_months, zone(row.zone)),
        subject_id=f"urn:uuid:{uuid.uuid4()}",
        salt=new_salt(),
        snapshot=_snapshot(conn, row, done, institution, now, ceu).stored(),
        recorded_at=now.real,
    )
    if not add_once(conn, made):
        return False
    completed = {"state": EnrolmentState.COMPLETED, "completed_at": done.completed_at}
    conn.execute(update(ENROLMENT).where(ENROLMENT.c.id == row.id).values(completed))
    detail = {"achievement": row.achievement_id, "enrolment": row.id}
    record(conn, "award.make", "award", made.id, at=now.real, actor_id=None, detail=detail)
    return True


def earlier_award(conn: Connection, person_id: str, course_id: str) -> str | None:
    """The newest award that somebody has for this course, if it stands and has an end: another one renews it."""
    return conn.execute(_EARLIER, {"person": person_id, "course": course_id}).scalar()


def new_slug() -> str:
    """An address nobody can guess, of letters and digits that are hard to confuse: more than 120 random bits."""
    return "".join(secrets.choice(_SLUG_DIGITS) for _ in range(_SLUG_LENGTH))


def _some(conn: Connection, after: str) -> list[str]:
    return [row.id for row in conn.execute(_SOME, {"after": after})]


def _snapshot(conn: Connection, row: Any, done: Completion, institution: str, now: Now, ceu: Mode) -> AwardSnapshot:
    achievement = achievement_shown(conn, row.achievement_id, ceu)
    assert achievement is not None  # noqa: S101 its row was joined just now
    reached, evidence = shown_by(conn, achievement, row.id, row.zone, now.school)
    return AwardSnapshot(
        holder=holder_name(conn, row.person_id),
        institution=institution,
        achievement=reached,
        minutes=done.minutes,
        ceu_tenths=done.tenths,
        completed_on=done.completed_at.astimezone(zone(row.zone)).date(),
        zone=row.zone,
        evidence=evidence,
    )
