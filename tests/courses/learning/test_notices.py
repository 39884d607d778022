"""Letters about modules: once each, to those they concern, whenever the worker comes round."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, update

from assessments.coursework import AssessmentsCoursework
from courses.cohorts.models import Extension
from courses.enrolment.models import Enrolment, EnrolmentState
from courses.learning.notices import PIECE, tell_learners
from courses.schedule.walltime import MINUTE
from fourweek.accounts.models import Person
from fourweek.clock import Now, real_time
from fourweek.database import Database, add, new_id, table
from fourweek.edge import House
from fourweek.mail import compose
from fourweek.outbox import OUTBOX, Letter, deliver
from fourweek.pages import Pages
from tests import factories as make
from tests.courses.learning.school import DAY, OPENS, WEEK, School, build
from tests.letters import text_of
from tests.statements import statements

COURSEWORK = AssessmentsCoursework()
DUE = OPENS + 6 * DAY + timedelta(hours=23, minutes=59)
HOUR = timedelta(hours=1)


def _now(at: datetime) -> Now:
    return Now(real=at, school=at)


def _tell(db: Database, at: datetime, kind: str) -> int:
    """One round of the scan; how many letters of this kind are new."""
    before = _count(db, kind)
    tell_learners(db, COURSEWORK, _now(at))
    return _count(db, kind) - before


def _count(db: Database, kind: str) -> int:
    wanted = select(func.count()).where(OUTBOX.c.kind == kind)
    return int(db.read_now(lambda conn: conn.execute(wanted).scalar_one()))


def _announce(db: Database, at: datetime) -> int:
    return _tell(db, at, "module_opened")


def _remind(db: Database, at: datetime) -> int:
    return _tell(db, at, "due_soon")


def _letters(db: Database, kind: str = "") -> list[tuple[str, str, int]]:
    """(kind with hours, person, module) of everything in the outbox, or of one kind."""
    rows = db.read_now(lambda conn: conn.execute(select(OUTBOX)).all())
    return sorted(
        (f"{row.kind}{row.data.get('hours') or ''}", row.person_id, row.data["number"])
        for row in rows
        if row.kind.startswith(kind)
    )


@pytest.fixture
def lone(db: Database) -> School:
    """Alice and withdrawn Bob alone: Dora's cohort has long been completed."""

    def fill(conn: Connection) -> School:
        school = build(conn)
        conn.execute(
            update(table(Enrolment))
            .where(table(Enrolment).c.person_id == school.dora)
            .values(state=EnrolmentState.COMPLETED)
        )
        return school

    return db.write_now(fill)


def test_release_is_announced_at_its_instant_and_once(db: Database, lone: School) -> None:
    assert _announce(db, OPENS - timedelta(microseconds=1)) == 0
    assert _letters(db) == []
    assert [_announce(db, OPENS), _announce(db, OPENS), _announce(db, OPENS + DAY)] == [1, 0, 0]
    assert _letters(db) == [("module_opened", lone.alice, 1)]


def test_release_is_announced_late_but_not_after_a_week(db: Database, lone: School) -> None:
    """The worker was dead: what opened within the last week is still said, older is not."""
    assert _announce(db, OPENS + 2 * WEEK) == 2
    assert _letters(db, "module_opened") == [("module_opened", lone.alice, 2), ("module_opened", lone.alice, 3)]
    assert _announce(db, OPENS + 4 * WEEK + MINUTE) == 0


def test_release_before_enrolment_is_not_announced(db: Database, lone: School) -> None:
    def join(conn: Connection) -> str:
        erin = make.person(conn, "Erin Brook")
        make.enrol(conn, lone.cohort, erin, at=OPENS + DAY)
        return erin

    db.write_now(join)
    assert _announce(db, OPENS + 2 * DAY) == 1
    assert _letters(db) == [("module_opened", lone.alice, 1)]


def test_two_workers_at_once_announce_and_remind_once(db: Database, lone: School) -> None:
    def join(conn: Connection) -> None:
        for _ in range(20):
            make.enrol(conn, lone.cohort, make.person(conn))

    db.write_now(join)
    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(tell_learners, db, COURSEWORK, _now(DUE - 20 * HOUR)) for _ in range(2)]
    assert sum(one.result() for one in done) == len(_letters(db)) == 42


def test_reminders_come_three_days_and_one_day_before(db: Database, lone: School) -> None:
    assert _remind(db, DUE - 72 * HOUR - MINUTE) == 0
    assert [_remind(db, DUE - 72 * HOUR), _remind(db, DUE - 48 * HOUR), _remind(db, DUE - 24 * HOUR)] == [1, 0, 1]
    assert [_remind(db, DUE), _remind(db, DUE + MINUTE), _remind(db, DUE + DAY)] == [0, 0, 0]
    assert _letters(db, "due_soon") == [("due_soon24", lone.alice, 1), ("due_soon72", lone.alice, 1)]


def test_late_tick_sends_the_nearer_reminder_only(db: Database, lone: School) -> None:
    assert _remind(db, DUE - HOUR) == 1
    assert _letters(db, "due_soon") == [("due_soon24", lone.alice, 1)]


def test_nobody_is_reminded_of_what_is_handed_in(db: Database, lone: School) -> None:
    db.write_now(make.submission, lone.made, lone.enrolment, at=OPENS)
    assert _remind(db, DUE - HOUR) == 0


def test_nobody_is_reminded_of_what_is_locked(db: Database, lone: School) -> None:
    """Due the day after it opens: still locked within the three days before."""
    changes: dict[str, Any] = {"due_days": 0, "release_time": OPENS.time().replace(hour=20)}

    def other(conn: Connection) -> str:
        cohort = make.cohort(conn, lone.made, start=OPENS.date(), release_weekday=None, **changes)
        erin = make.person(conn, "Erin Brook")
        make.enrol(conn, cohort, erin)
        return erin

    erin = db.write_now(other)
    assert _remind(db, OPENS + 19 * HOUR) == 0
    assert _remind(db, OPENS + 20 * HOUR) == 1
    assert _letters(db, "due_soon") == [("due_soon24", erin, 1)]


def test_reminder_follows_an_extension(db: Database, lone: School) -> None:
    def extend(conn: Connection) -> None:
        row = Extension(
            id=new_id(),
            enrolment_id=lone.enrolment,
            module_number=1,
            shift_days=5,
            reason="Illness",
            granted_at=OPENS,
        )
        add(conn, row)

    db.write_now(extend)
    assert _remind(db, DUE - HOUR) == 0
    assert _remind(db, DUE + 5 * DAY - HOUR) == 2
    assert _letters(db, "due_soon") == [("due_soon24", lone.alice, 1), ("due_soon72", lone.alice, 2)]


def test_disabled_people_and_left_places_get_nothing(db: Database, lone: School) -> None:
    person = table(Person)
    db.write_now(
        lambda conn: conn.execute(update(person).where(person.c.id == lone.alice).values(disabled_at=make.BEFORE))
    )
    assert tell_learners(db, COURSEWORK, _now(DUE - HOUR)) == 0
    assert _letters(db) == []


def test_large_class_is_done_in_pieces_and_an_idle_tick_writes_nothing(db: Database, lone: School) -> None:
    def join(conn: Connection) -> None:
        for _ in range(PIECE + 4):
            make.enrol(conn, lone.cohort, make.person(conn))

    db.write_now(join)
    assert _announce(db, OPENS) == PIECE + 5
    deliver(db, lambda _letter: None, OPENS)
    with statements(db) as count:
        assert tell_learners(db, COURSEWORK, _now(OPENS + HOUR)) == 0
    assert [text for text in count.texts if not text.lstrip().startswith("SELECT")] == []
    assert count.number == 1 + 3 + 3 + 2  # what waits; what is shared; everybody; the keys of two pieces


def test_late_joiner_after_the_scan_is_reached_by_the_next(db: Database, lone: School) -> None:
    assert _announce(db, OPENS) == 1

    def join(conn: Connection) -> None:
        conn.execute(
            insert(table(Enrolment)).values(
                id=new_id(),
                cohort_id=lone.cohort,
                person_id=make.person(conn, "Finn Brook"),
                state=EnrolmentState.ACTIVE,
                enrolled_at=OPENS - timedelta(seconds=1),
            )
        )

    db.write_now(join)
    assert _announce(db, OPENS + HOUR) == 1


def _composed(house: House, kind: str) -> tuple[str, str]:
    wanted = select(OUTBOX).where(OUTBOX.c.kind == kind)
    (row,) = (row for row in house.db.read_now(lambda conn: conn.execute(wanted).all()) if row.data["number"] == 1)
    message = compose(
        Letter(row.id, real_time(), "alice@example.org", row.kind, row.data), house.settings, Pages((), str).env
    )
    return str(message["Subject"]), text_of(message).replace("\r\n", "\n")


def test_letters_read_well(db: Database, lone: School, house: House) -> None:
    assert (_announce(db, OPENS), _remind(db, DUE - HOUR)) == (1, 1)
    assert _tell(db, DUE + 9 * HOUR, "overdue") == 1
    subject, body = _composed(house, "module_opened")
    due = f"{DUE:%A} {DUE.day} {DUE:%B %Y}, 23:59 (UTC)"
    assert subject == "Module 1 is open: Week 1 in public"
    assert body == (
        'Module 1 of Running a Reliable Service is open for the cohort "Autumn": Week 1 in public.\n\n'
        f"To hand in: Note 1\nDue: {due}\n\n"
        f"Lessons and assignments:\nhttp://testserver{lone.at('/modules/1')}\n\nTest Institute\n"
    )
    subject, body = _composed(house, "overdue")
    last = DUE + 3 * DAY
    late = f"{last:%A} {last.day} {last:%B %Y}, 23:59 (UTC)"
    assert subject == "Overdue: Note 1"
    assert body == (
        "Evidence for module 1 of Running a Reliable Service (Week 1 in public) was due, and nothing is in yet:\n\n"
        f"- Note 1\n\nWas due: {due}\nLate work is taken until: {late}\n\n"
        f"Go on with it here:\nhttp://testserver{lone.at('/modules/1')}\n\nTest Institute\n"
    )
    subject, body = _composed(house, "due_soon")
    assert subject == "Due within a day: Note 1"
    assert body == (
        "Evidence for module 1 of Running a Reliable Service (Week 1 in public) has not been handed in yet:\n\n"
        f"- Note 1\n\nDue: {due}\n\n"
        f"Go on with it here:\nhttp://testserver{lone.at('/modules/1')}\n\nTest Institute\n"
    )
