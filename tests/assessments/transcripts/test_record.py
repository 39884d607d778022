"""From ledger to lines: what a reversal or a correction makes of them."""

from datetime import time, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from assessments.badges.queries import AWARD
from assessments.credit.ledger import ENTRY
from assessments.credit.service import record_due_credit
from assessments.transcripts.parts import LineStatus
from assessments.transcripts.record import Record, record_of
from courses.cohorts.models import Section
from courses.live.models import Attendance, LiveSession, Presence, Source
from fourweek.accounts.models import Role
from fourweek.database import Database, add, new_id
from fourweek.edge import House
from tests import factories as make
from tests.assessments.badges.factories import awarded
from tests.assessments.credit.factories import LATER, NOW, Learning, demonstrate, learning, reverse_entry
from tests.assessments.stacking import factories as stacked
from tests.statements import statements

SITE = "https://learn.example"


def _recorded(db: Database, weeks: int = 2) -> Learning:
    who = db.write_now(learning)
    for week in range(1, weeks + 1):
        db.write_now(demonstrate, who, week)
    record_due_credit(db, NOW)
    return who


def _record(db: Database, who: Learning) -> Record:
    return db.read_now(record_of, who.person_id, SITE)


def _entries(conn: Connection, who: Learning) -> list[Any]:
    return list(conn.execute(select(ENTRY).where(ENTRY.c.enrolment_id == who.enrolment_id).order_by(ENTRY.c.seq)))


def test_each_completed_module_is_a_line(db: Database) -> None:
    who = _recorded(db)
    record = _record(db, who)
    assert [(line.module_number, line.counted_minutes, line.ceu_tenths, line.status) for line in record.lines] == [
        (1, 150, 3, LineStatus.ACTIVE),
        (2, 150, 2, LineStatus.ACTIVE),
    ]
    first = record.lines[0]
    assert (first.course_code, first.course_title, first.course_version) == (
        who.course.code,
        "Running a Reliable Service",
        "1.0",
    )
    assert (first.module_title, first.delivery) == ("Week 1 in public", "online, self-paced within the week")
    assert (first.rule_id, first.award_url) == ("ceu-nearest-2018", None)
    assert (record.learner.legal_name, record.entries) == ("Alice Brook", 2)
    assert record.head == db.read_now(_entries, who)[-1].hash


def test_a_person_without_credit_has_an_empty_record(db: Database) -> None:
    record = _record(db, db.write_now(learning))
    assert (record.lines, record.entries, record.head) == ((), 0, "0" * 64)


def test_other_peoples_lines_are_not_there(db: Database) -> None:
    who, other = _recorded(db), _recorded(db, weeks=1)
    assert (len(_record(db, who).lines), len(_record(db, other).lines)) == (2, 1)


def test_the_badge_is_named_once_it_is_awarded(house: House) -> None:
    badge = awarded(house)
    record = house.db.read_now(record_of, badge.who.person_id, SITE)
    assert {line.award_url for line in record.lines} == {f"{SITE}/badges/{badge.slug}"}


def test_a_line_names_the_badge_of_its_course_and_none_that_was_revoked(db: Database) -> None:
    def awards(conn: Connection) -> tuple[str, str]:
        made = stacked.series(conn, 1)
        stacked.rule(conn, made)
        own = stacked.badge(conn, made, 0, who.person_id, enrolment_id=who.enrolment_id)
        of_series = {"achievement_id": made.achievement_id, "series_id": made.id, "enrolment_id": who.enrolment_id}
        stacked.badge(conn, made, 0, who.person_id, **of_series)
        return own, conn.execute(select(AWARD.c.slug).where(AWARD.c.id == own)).scalar_one()

    who = _recorded(db)
    own, slug = db.write_now(awards)
    record = _record(db, who)
    assert {line.award_url for line in record.lines} == {f"{SITE}/badges/{slug}"}
    db.write_now(lambda conn: conn.execute(update(AWARD).where(AWARD.c.id == own).values(revoked_at=LATER)))
    assert {line.award_url for line in _record(db, who).lines} == {None}


def test_a_line_that_was_taken_back_stays_without_credit(db: Database) -> None:
    who = _recorded(db)
    before = _record(db, who)
    registrar = make.visitor(db.write_now(make.with_role, Role.REGISTRAR), LATER, (Role.REGISTRAR, ""))
    db.write_now(reverse_entry, registrar, db.read_now(_entries, who)[0].id, "integrity", "Copied.")
    after = _record(db, who)
    assert [(line.module_number, line.status, line.ceu_tenths) for line in after.lines] == [
        (1, LineStatus.REVOKED, 0),
        (2, LineStatus.ACTIVE, 2),
    ]
    assert after.entries == 3
    assert before.content_sha256 != after.content_sha256


def test_the_same_record_has_the_same_content(db: Database) -> None:
    who = _recorded(db)
    assert _record(db, who).content_sha256 == _record(db, who).content_sha256
    db.write_now(demonstrate, who, 3, make.START + timedelta(days=3))
    before = _record(db, who)
    record_due_credit(db, NOW)
    assert before.content_sha256 != _record(db, who).content_sha256


def test_a_record_is_one_statement(db: Database) -> None:
    who = _recorded(db, weeks=4)
    with statements(db) as count:
        _record(db, who)
    assert count.number == 1


def test_attendance_counts_sessions_where_it_was_taken(db: Database) -> None:
    who = _recorded(db)
    assert {line.attendance for line in _record(db, who).lines} == {""}
    db.write_now(_sessions, who)
    assert {line.attendance for line in _record(db, who).lines} == {"Attended 1 of 3 live sessions, made up 1"}


def _sessions(conn: Connection, who: Learning) -> None:
    """Present, made up, missed (somebody else was there); none of another section, cancelled, or never taken."""
    section = Section(id=new_id(), cohort_id=who.cohort_id, name="Evenings")
    add(conn, section)
    other = make.enrol(conn, who.cohort_id, make.person(conn, "Bob Marsh"))
    plain: dict[str, Any] = {"cohort_id": who.cohort_id, "on": make.MONDAY, "at": time(19), "minutes": 60}
    plain |= {"title": "Clinic", "created_at": make.BEFORE, "changed_at": make.BEFORE}
    changes: list[dict[str, Any]] = [{}, {}, {}, {"section_id": section.id}, {"cancelled_at": make.START}, {}]
    made = [LiveSession(id=new_id(), **plain | one) for one in changes]
    add(conn, *made)
    for session in made[:5]:
        _was(conn, session.id, other, who.grader_id, Presence.PRESENT)
    _was(conn, made[0].id, who.enrolment_id, who.grader_id, Presence.PRESENT)
    _was(conn, made[1].id, who.enrolment_id, who.grader_id, Presence.MADE_UP)
    _was(conn, made[2].id, who.enrolment_id, who.grader_id, Presence.ABSENT)
    _was(conn, made[4].id, who.enrolment_id, who.grader_id, Presence.PRESENT)


def _was(conn: Connection, session: str, enrolment: str, by: str, presence: Presence) -> None:
    values: dict[str, Any] = {"session_id": session, "enrolment_id": enrolment, "presence": presence}
    add(conn, Attendance(**values, source=Source.LIST, recorded_at=make.START, recorded_by=by))
