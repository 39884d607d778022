"""Whatever the worker suffers: killed, stopped, late. No notice is missing, double, or sent without sense."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from assessments.coursework import AssessmentsCoursework
from courses.cohorts.models import Extension
from courses.coursework import Work
from courses.enrolment.models import Enrolment, EnrolmentState
from courses.learning.notices import IN_A_COHORT, PIECE, tell_learners
from fourweek.clock import Now
from fourweek.database import Database, add, new_id, table
from fourweek.notices.keeping import LISTED_FOR, clear_old
from fourweek.outbox import OUTBOX, deliver
from tests import factories as make
from tests.courses.learning.school import DAY, OPENS, School, build

DUE = OPENS + 6 * DAY + timedelta(hours=23, minutes=59)
HOUR = timedelta(hours=1)
COURSEWORK = AssessmentsCoursework()


class Killed(BaseException):
    """As a signal would end it: no handler of errors sees it."""


class Deadly(AssessmentsCoursework):
    """Lives through the given number of questions."""

    def __init__(self, lives: int) -> None:
        self.lives = lives

    def work_of_many(
        self, conn: Connection, enrolments: Mapping[str, str], now: datetime
    ) -> dict[str, tuple[Work, ...]]:
        self.lives -= 1
        if self.lives < 0:
            raise Killed
        return super().work_of_many(conn, enrolments, now)


@pytest.fixture
def school(db: Database) -> School:
    return db.write_now(build)


def _scan(db: Database, at: datetime, coursework: AssessmentsCoursework = COURSEWORK) -> int:
    return tell_learners(db, coursework, Now(real=at, school=at))


def _mail(db: Database, at: datetime) -> list[str]:
    """What leaves at `at`, after the scan of the same tick: kind with hours, of Alice's first module."""
    _scan(db, at)
    left: list[Any] = []
    deliver(db, left.append, at)
    return sorted(f"{one.kind}{one.data['hours'] if one.kind == 'due_soon' else ''}" for one in left if _first(one))


def _first(letter: Any) -> bool:
    return bool(letter.data["number"] == 1) and str(letter.to).startswith("alice")


def _keys(db: Database) -> list[str]:
    return list(db.read_now(lambda conn: conn.execute(select(OUTBOX.c.key).order_by(OUTBOX.c.key)).scalars().all()))


def _extend(conn: Connection, school: School, days: int) -> None:
    row = Extension(
        id=new_id(), enrolment_id=school.enrolment, shift_days=days, reason="Illness", granted_at=OPENS, module_number=1
    )
    add(conn, row)


def test_a_scan_killed_between_pieces_is_finished_by_the_next(db: Database, school: School) -> None:
    def join(conn: Connection) -> None:
        for _ in range(PIECE + 20):
            make.enrol(conn, school.cohort, make.person(conn))

    db.write_now(join)
    with pytest.raises(Killed):
        _scan(db, OPENS, Deadly(1))
    told = _keys(db)
    assert 0 < len(told) < PIECE + 20
    assert len(told) + _scan(db, OPENS + HOUR) == len(_keys(db))
    assert set(told) < set(_keys(db))
    opened = [key for key in _keys(db) if key.startswith("module_opened") and key.endswith(":1")]
    assert len(opened) == PIECE + 21  # everybody of the cohort, once
    assert _scan(db, OPENS + 2 * HOUR) == 0


def test_a_worker_killed_in_the_middle_of_sending_loses_nothing(db: Database, school: School) -> None:
    _scan(db, DUE - HOUR)
    waiting = len(_keys(db))
    sent: list[str] = []

    def die(letter: Any) -> None:
        if len(sent) == 1:
            raise Killed
        sent.append(letter.message_id)

    with pytest.raises(Killed):
        deliver(db, die, DUE - HOUR)
    assert deliver(db, lambda one: sent.append(one.message_id), DUE - HOUR) == 0  # leased to the dead
    deliver(db, lambda one: sent.append(one.message_id), DUE - HOUR + timedelta(minutes=5))
    assert len(sent) == len(set(sent)) == waiting


def test_mail_that_stood_still_leaves_only_where_it_still_makes_sense(db: Database, school: School) -> None:
    for at in (OPENS, DUE - 72 * HOUR, DUE - 24 * HOUR):
        _scan(db, at)
    assert _mail(db, DUE - HOUR) == ["due_soon24", "module_opened"]
    assert len([key for key in _keys(db) if f":{school.enrolment}:1" in key]) == 3  # still listed


@pytest.mark.parametrize("change", ["handed in", "extended", "withdrawn", "completed"])
def test_no_reminder_leaves_of_what_changed_while_it_waited(db: Database, school: School, change: str) -> None:
    _scan(db, DUE - 72 * HOUR)

    def act(conn: Connection) -> None:
        if change == "handed in":
            make.submission(conn, school.made, school.enrolment, at=DUE - 30 * HOUR)
        elif change == "extended":
            _extend(conn, school, 10)
        else:
            row, state = table(Enrolment), EnrolmentState(change)
            conn.execute(update(row).where(row.c.id == school.enrolment).values(state=state))

    db.write_now(act)
    gone = change in {"withdrawn", "completed"}
    assert _mail(db, DUE - 26 * HOUR) == ([] if gone else ["module_opened"])


def test_a_moved_due_date_is_reminded_of_anew(db: Database, school: School) -> None:
    assert _mail(db, DUE - 24 * HOUR) == ["due_soon24", "module_opened"]
    db.write_now(_extend, school, 10)
    assert _mail(db, DUE - 23 * HOUR) == []
    assert _mail(db, DUE + 10 * DAY - 72 * HOUR) == ["due_soon72"]
    assert _mail(db, DUE + 10 * DAY - 24 * HOUR) == ["due_soon24"]
    assert _mail(db, DUE + 10 * DAY + 9 * HOUR) == ["overdue"]
    assert _mail(db, DUE + 10 * DAY + 33 * HOUR) == []


def test_a_late_worker_says_what_is_left_to_say(db: Database, school: School) -> None:
    assert _mail(db, DUE + 2 * DAY) == ["overdue"]
    assert _mail(db, DUE + 2 * DAY + HOUR) == []


def test_rows_of_running_cohorts_outlive_the_year(db: Database, school: School) -> None:
    _mail(db, OPENS)
    before = _keys(db)
    assert clear_old(db, OPENS + LISTED_FOR, IN_A_COHORT) == 0
    assert _keys(db) == before
    row = table(Enrolment)
    db.write_now(lambda conn: conn.execute(update(row).values(state=EnrolmentState.COMPLETED)))
    assert clear_old(db, OPENS + LISTED_FOR + DAY, IN_A_COHORT) == len(before)
