"""What the calendar of somebody holds: their own dates and sessions, nothing that is locked, nothing of others."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from ical.event import Event
from sqlalchemy import Connection, update

from assessments.coursework import AssessmentsCoursework
from courses.calendar.feed import calendar
from courses.cohorts.models import Extension, Section
from courses.cohorts.queries import COHORT
from courses.enrolment.access import ENROLMENT, EXTENSION
from courses.enrolment.models import EnrolmentState
from courses.live.service import cancel_session
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role, RoleGrant, ScopeKind
from fourweek.accounts.service import digest
from fourweek.audit.service import record
from fourweek.clock import Now
from fourweek.database import Database, add, new_id
from tests import factories as make
from tests.courses.calendar.addresses import give_address
from tests.courses.calendar.reading import events, span
from tests.courses.live.school import AT, DAY, HOUR, MINUTE, OPENS, STARTS, TODAY, WEEK, School, session
from tests.statements import statements

Read = Callable[..., dict[str, Event]]


@pytest.fixture
def read(db: Database, browser: Any, at_time: Callable[[datetime], None]) -> Read:
    """`read(person, at)` gives the events of a person's calendar at an instant, without the host in the UIDs."""
    guest, paths = browser(), dict[str, str]()

    def read_at(person_id: str, at: datetime = STARTS) -> dict[str, Event]:
        at_time(at)
        path = paths.setdefault(person_id, "") or paths.update({person_id: db.write_now(give_address, person_id)})
        answer = guest.get(path or paths[person_id])
        assert answer.status_code == 200
        return {uid.removesuffix("@testserver"): event for uid, event in events(answer.text).items()}

    return read_at


def _extend(db: Database, school: School, name: str, at: datetime, **given: Any) -> str:
    row = Extension(id=new_id(), enrolment_id=school.places[name], reason="ill", granted_at=at, **given)
    db.write_now(add, row)
    return row.id


def _act(db: Database, kind: str, subject: str, at: datetime) -> None:
    db.write_now(record, "test.act", kind, subject, at=at, actor_id=None)


def test_learner_gets_every_date_of_the_course(read: Read, school: School) -> None:
    found = read(school.alice)
    place = school.places["alice"]
    assert sorted(found) == sorted(f"{kind}-{place}-{n}" for kind in ("opens", "due") for n in (1, 2, 3, 4))
    opens = found[f"opens-{place}-2"]
    assert span(opens) == (OPENS + WEEK, OPENS + WEEK + MINUTE)
    assert opens.summary == "Opens: Module 2, Week 2 in public (Running a Reliable Service)"
    assert opens.url == f"http://testserver/cohorts/{school.cohort}/modules/2"
    assert span(found[f"due-{place}-1"]) == (OPENS + 7 * DAY - MINUTE, OPENS + 7 * DAY)


def test_section_keeps_its_own_dates_and_sessions(read: Read, school: School, db: Database) -> None:
    everybody = db.write_now(session, school)
    evenings = db.write_now(session, school, section_id=school.evenings, title="Evening clinic")
    assert f"session-{evenings}" not in read(school.alice)
    bob = read(school.bob)
    assert span(bob[f"opens-{school.places['bob']}-1"])[0] == OPENS + 5 * HOUR  # midnight in New York
    assert span(bob[f"session-{everybody}"]) == (STARTS, STARTS + HOUR)
    begins, _ = span(bob[f"session-{evenings}"])
    assert begins.hour in {14, 15}
    assert str(bob[f"session-{evenings}"].dtstart).startswith(f"{TODAY} {AT}")


def test_closing_date_is_there_where_the_cohort_has_one(read: Read, school: School, db: Database) -> None:
    db.write_now(lambda conn: conn.execute(update(COHORT).values(close_days=10)))
    closes = read(school.alice)[f"closes-{school.places['alice']}-1"]
    assert span(closes)[0] == OPENS + 17 * DAY - MINUTE


def test_nothing_locked_is_told(read: Read, school: School, db: Database) -> None:
    later = db.write_now(session, school, TODAY + WEEK, module_number=2)
    before = read(school.alice)
    assert not [event for event in before.values() if "Secret" in str(event)]
    assert before[f"session-{later}"].location is None
    opened = read(school.alice, OPENS + WEEK)
    assert opened[f"session-{later}"].location == "https://meet.example.org/clinic"
    assert not [event for event in opened.values() if "video.example.org" in str(event)]


def test_extension_moves_the_entry_and_raises_its_sequence(read: Read, school: School, db: Database) -> None:
    uid = f"due-{school.places['alice']}-1"
    before = read(school.alice, OPENS)
    grant = _extend(db, school, "alice", OPENS + HOUR, due_on=TODAY + 9 * DAY, expires_at=OPENS + DAY)
    during, after = read(school.alice, OPENS + 2 * HOUR), read(school.alice, OPENS + DAY)
    assert [span(found[uid])[0] for found in (before, during, after)] == [
        OPENS + 7 * DAY - MINUTE,
        OPENS + 10 * DAY - MINUTE,
        OPENS + 7 * DAY - MINUTE,
    ]
    sequences = [found[uid].sequence or 0 for found in (before, during, after)]
    assert sequences == sorted(set(sequences))
    assert after[uid].last_modified == OPENS + DAY
    db.write_now(lambda conn: conn.execute(update(EXTENSION).where(EXTENSION.c.id == grant).values(reason="x")))
    _act(db, "extension", grant, OPENS + 2 * DAY)
    assert (read(school.alice, OPENS + 3 * DAY)[uid].sequence or 0) > sequences[-1]
    assert (read(school.bob, OPENS + 3 * DAY)[f"due-{school.places['bob']}-1"].sequence or 0) == sequences[0]


@pytest.mark.parametrize("subject", ["cohort", "section", "enrolment"])
def test_acts_on_what_dates_follow_from_raise_the_sequence(
    read: Read, school: School, db: Database, subject: str
) -> None:
    uid = f"opens-{school.places['bob']}-3"
    ids = {"cohort": school.cohort, "section": school.evenings, "enrolment": school.places["bob"]}
    old = read(school.bob)[uid]
    _act(db, subject, ids[subject], STARTS + HOUR)
    new = read(school.bob, STARTS + DAY)[uid]
    assert (new.sequence or 0) > (old.sequence or 0)
    assert new.last_modified == new.dtstamp == STARTS + HOUR


def test_acts_on_a_cohort_and_its_sections_raise_the_sequence_for_its_staff(
    read: Read, school: School, db: Database
) -> None:
    uid = f"grading-{school.cohort}-1"
    sequences = [read(school.greta)[uid].sequence or 0]
    for number, (kind, subject) in enumerate((("cohort", school.cohort), ("section", school.evenings)), 1):
        _act(db, kind, subject, STARTS + number * HOUR)
        sequences.append(read(school.greta, STARTS + DAY)[uid].sequence or 0)
    assert sequences == sorted(set(sequences))


def test_session_that_moves_or_is_cancelled_stays_the_same_event(read: Read, school: School, db: Database) -> None:
    made = db.write_now(session, school, TODAY + DAY)
    old = read(school.alice)[f"session-{made}"]
    db.write_now(cancel_session, school.teacher(STARTS + HOUR), school.cohort, made, "The room is closed.")
    new = read(school.alice, STARTS + 2 * HOUR)[f"session-{made}"]
    assert (new.status, new.summary) == ("CANCELLED", "Cancelled: Clinic (Running a Reliable Service)")
    assert (new.sequence or 0) > (old.sequence or 0)
    assert (new.location, new.dtstart) == (None, old.dtstart)


def test_who_left_or_never_came_gets_nothing(read: Read, school: School, db: Database) -> None:
    db.write_now(session, school)
    assert read(school.carol) == {}
    assert read(school.dora) == {}


def test_completed_course_leaves_the_calendar(read: Read, school: School, db: Database) -> None:
    done = update(ENROLMENT).where(ENROLMENT.c.id == school.places["alice"])
    db.write_now(lambda conn: conn.execute(done.values(state=EnrolmentState.COMPLETED)))
    assert read(school.alice) == {}


def test_teacher_gets_every_session_with_its_link_and_no_due_dates(read: Read, school: School, db: Database) -> None:
    later = db.write_now(session, school, TODAY + WEEK, module_number=2)
    evenings = db.write_now(session, school, section_id=school.evenings)
    found = read(school.ines)
    assert set(found) == {f"session-{later}", f"session-{evenings}"}
    assert found[f"session-{later}"].location == "https://meet.example.org/clinic"
    assert found[f"session-{later}"].summary == "Clinic (Running a Reliable Service, Autumn)"


def test_grader_is_told_when_evidence_comes_in(read: Read, school: School, db: Database) -> None:
    db.write_now(session, school)
    found = read(school.greta)
    assert sorted(found) == [f"grading-{school.cohort}-{n}" for n in (1, 2, 3, 4)]
    first = found[f"grading-{school.cohort}-1"]
    assert span(first)[0] == OPENS + 7 * DAY - MINUTE
    assert first.url == "http://testserver/grading"
    assert first.summary == "To grade: Module 1, Week 1 in public (Running a Reliable Service, Autumn)"


def _for_section(conn: Connection, role: Role, section: str, /) -> str:
    person = make.person(conn, "Sela Section")
    kind = ScopeKind.SECTION
    add(conn, RoleGrant(id=new_id(), person_id=person, role=role, scope_kind=kind, scope_id=section, granted_at=OPENS))
    return person


def test_role_for_a_section_brings_its_sessions_and_its_dates(read: Read, school: School, db: Database) -> None:
    everybody = db.write_now(session, school)
    evenings = db.write_now(session, school, section_id=school.evenings)
    mornings = Section(id=new_id(), cohort_id=school.cohort, name="Mornings")
    db.write_now(add, mornings)
    beside = db.write_now(session, school, section_id=mornings.id)
    dates = [f"grading-{school.evenings}-{n}" for n in (1, 2, 3, 4)]
    sessions = [f"session-{everybody}", f"session-{evenings}"]
    for role, expected in (
        (Role.INSTRUCTOR, sessions),
        (Role.GRADER, dates),
        (Role.LEAD, [*sessions, *dates]),
    ):
        found = read(db.write_now(_for_section, role, school.evenings))
        assert set(found) == set(expected), role
    first = found[dates[0]]
    assert span(first)[0] == OPENS + 5 * HOUR + 7 * DAY - MINUTE  # its own wall clock
    assert first.summary == "To grade: Module 1, Week 1 in public (Running a Reliable Service, Autumn, Evenings)"
    assert f"session-{beside}" in read(school.ines)


def test_role_for_the_whole_institution_brings_the_cohorts_one_has_made(
    read: Read, school: School, db: Database
) -> None:
    made = db.write_now(session, school)
    lead = db.write_now(make.with_role, Role.LEAD)
    assert read(lead) == {}
    db.write_now(lambda conn: conn.execute(update(COHORT).values(created_by=lead)))
    assert set(read(lead)) == {f"session-{made}", *(f"grading-{school.cohort}-{n}" for n in (1, 2, 3, 4))}
    assert read(lead, OPENS + 400 * DAY) == {}


def test_who_made_a_cohort_and_has_no_role_any_more_gets_nothing(read: Read, school: School, db: Database) -> None:
    db.write_now(session, school)
    db.write_now(lambda conn: conn.execute(update(COHORT).values(created_by=school.dora)))
    assert read(school.dora) == {}


def test_whoever_teaches_and_learns_has_each_session_once(read: Read, school: School, db: Database) -> None:
    made = db.write_now(session, school)
    both = db.write_now(make.with_role, Role.LEAD, "Lena Lead", school.cohort)
    db.write_now(make.enrol, school.cohort, both)
    found = read(both)
    kinds = Counter(uid.split("-")[0] for uid in found)
    assert kinds == {"opens": 4, "due": 4, "grading": 4, "session": 1}
    assert f"session-{made}" in found


def test_statements_do_not_grow_with_courses(read: Read, school: School, db: Database, house: Any) -> None:
    grader = db.write_now(make.with_role, Role.LEAD, "Lena Lead", school.cohort)
    read(grader)
    counts = []
    for _ in range(2):
        for _ in range(6):
            db.write_now(_course_with_everything, grader, school)
        with statements(house.db) as count:
            assert read(grader)
        counts.append(count.number)
    assert counts[0] == counts[1] <= 6


def test_demonstration_that_went_ahead_still_counts_every_act(school: School, db: Database) -> None:
    """Acts are noted by the real clock; here the school's is a month on, and an extension expired meanwhile."""
    path = db.write_now(give_address, school.alice)
    token = digest(path.removeprefix("/calendar/").removesuffix(".ics"))
    _extend(db, school, "alice", STARTS, shift_days=1, expires_at=STARTS + 3 * WEEK)

    def sequences(real: datetime) -> set[int]:
        visitor = Visitor(Now(real=real, school=real + 4 * WEEK))
        return {entry.sequence for entry in db.read_now(calendar, visitor, AssessmentsCoursework(), token, "en")}

    before = sequences(STARTS + HOUR)
    _act(db, "cohort", school.cohort, STARTS + 2 * HOUR)
    assert min(sequences(STARTS + 3 * HOUR)) > max(before)


def _course_with_everything(conn: Connection, person_id: str, school: School) -> None:
    made = make.course(conn)
    cohort = make.cohort(conn, made, date(2026, 11, 2))
    place = make.enrol(conn, cohort, person_id)
    for days in (1, 2):
        row = Extension(id=new_id(), enrolment_id=place, reason="ill", granted_at=OPENS, shift_days=days)
        add(conn, row)
    for _ in range(3):
        session(conn, replace(school, cohort=cohort))
