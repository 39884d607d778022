"""Letters about live sessions: to those concerned, once, while they make sense."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from courses.enrolment.access import ENROLMENT, LIVE
from courses.live.notices import tell_sessions
from fourweek.accounts.access import PERSON
from fourweek.database import Database
from fourweek.mail import sender
from fourweek.outbox import OutboxMessage, deliver
from fourweek.pages import Pages
from tests import factories as make
from tests.courses.live.school import DAY, HOUR, MINUTE, STARTS, TODAY, WEEK, School, now, session
from tests.statements import statements

Rows = Callable[[Any], list[Any]]


def letters(rows: Rows) -> list[tuple[str, str]]:
    return sorted((row.kind, row.person_id) for row in rows(OutboxMessage))


def change(db: Database, **values: Any) -> None:
    db.write_now(lambda conn: conn.execute(update(LIVE).values(**values)))


def test_reminders_come_a_day_and_an_hour_before(school: School, db: Database, rows: Rows) -> None:
    one = db.write_now(session, school)
    sent = [tell_sessions(db, now(STARTS - before)) for before in (25 * HOUR, 24 * HOUR, 23 * HOUR, HOUR, MINUTE)]
    assert sent == [0, 2, 0, 2, 0]
    assert tell_sessions(db, now(STARTS)) == 0
    assert letters(rows) == sorted([("session_soon", school.alice), ("session_soon", school.bob)] * 2)
    keys = {row.key for row in rows(OutboxMessage)}
    assert f"session_soon:24:{one}:{school.places['alice']}:0" in keys
    assert f"session_soon:1:{one}:{school.places['bob']}:0" in keys


def test_late_tick_sends_the_nearer_reminder_only(school: School, db: Database, rows: Rows) -> None:
    db.write_now(session, school)
    assert tell_sessions(db, now(STARTS - 30 * MINUTE)) == 2
    assert {row.data["hours"] for row in rows(OutboxMessage)} == {1}


def test_only_those_concerned_are_reminded(school: School, db: Database, rows: Rows) -> None:
    db.write_now(session, school, section_id=school.evenings)  # 10:00 in New York
    db.write_now(session, school, cancelled_at=STARTS - 30 * DAY)
    db.write_now(session, school, module_number=4)  # not open by then
    starts = db.read_now(lambda conn: conn.execute(LIVE.select()).all())
    assert len(starts) == 3
    assert tell_sessions(db, now(STARTS)) == 1
    assert letters(rows) == [("session_soon", school.bob)]


def test_people_who_left_or_are_disabled_get_nothing(school: School, db: Database, rows: Rows) -> None:
    db.write_now(session, school)
    disable = update(PERSON).where(PERSON.c.id == school.alice).values(disabled_at=STARTS - DAY)
    db.write_now(lambda conn: conn.execute(disable))
    assert tell_sessions(db, now(STARTS - HOUR)) == 1
    assert letters(rows) == [("session_soon", school.bob)]


def test_moved_and_cancelled_are_told_once(school: School, db: Database, rows: Rows) -> None:
    one = db.write_now(session, school, TODAY + timedelta(days=10))
    moved_at = STARTS + HOUR
    change(db, moved_at=moved_at, moved_from=STARTS + 9 * DAY, revision=1)
    assert [tell_sessions(db, now(moved_at + MINUTE * n)) for n in (1, 2)] == [2, 0]
    (row, _) = sorted(rows(OutboxMessage), key=lambda row: row.person_id != school.alice)
    assert row.key == f"session_moved:{one}:{school.places['alice']}:{moved_at:%Y%m%dT%H%M%S}"
    change(db, moved_at=moved_at + HOUR, revision=2)
    assert tell_sessions(db, now(moved_at + 2 * HOUR)) == 2
    change(db, cancelled_at=moved_at + 3 * HOUR, revision=3)
    assert [tell_sessions(db, now(moved_at + (3 + n) * HOUR)) for n in (1, 2)] == [2, 0]
    kinds = [kind for kind, _ in letters(rows)]
    assert kinds == ["session_cancelled"] * 2 + ["session_moved"] * 4


def test_what_is_past_or_long_ago_is_not_told(school: School, db: Database) -> None:
    db.write_now(session, school, moved_at=STARTS + 2 * HOUR, moved_from=STARTS)
    db.write_now(session, school, cancelled_at=STARTS + 2 * HOUR)
    assert tell_sessions(db, now(STARTS + 3 * HOUR)) == 0
    db.write_now(session, school, TODAY + timedelta(days=30), moved_at=STARTS, moved_from=STARTS)
    assert tell_sessions(db, now(STARTS + WEEK + MINUTE)) == 0


def test_who_enrolled_after_the_change_is_not_told_of_it(school: School, db: Database, rows: Rows) -> None:
    db.write_now(session, school, TODAY + timedelta(days=10), moved_at=STARTS, moved_from=STARTS)
    later = update(ENROLMENT).where(ENROLMENT.c.person_id == school.alice).values(enrolled_at=STARTS + HOUR)
    db.write_now(lambda conn: conn.execute(later))
    assert tell_sessions(db, now(STARTS + 2 * HOUR)) == 1
    assert letters(rows) == [("session_moved", school.bob)]


def test_letters_read_well(school: School, db: Database, house: Any) -> None:
    send = sender(house.settings, Pages((), str))

    def tick(before: timedelta) -> int:
        assert tell_sessions(db, now(STARTS - before)) == 2
        return deliver(db, send, STARTS - before)

    db.write_now(session, school, required=True)
    assert tick(HOUR) == 2
    change(db, on=TODAY + DAY, moved_at=STARTS - 30 * MINUTE, moved_from=STARTS)
    assert tick(20 * MINUTE) == 2
    change(db, cancelled_at=STARTS - 10 * MINUTE)
    assert tick(5 * MINUTE) == 2
    texts = sorted(path.read_text() for path in house.settings.mail.iterdir())
    for words in ("Subject: Within an hour: Clinic", "Subject: Moved: Clinic", "Subject: Cancelled: Clinic"):
        assert sum(words in text for text in texts) == 2, words
    assert not any("meet.example.org" in text for text in texts)
    assert all(f"http://testserver/cohorts/{school.cohort}/sessions/" in text for text in texts)


def test_two_workers_at_once_tell_once(school: School, db: Database, rows: Rows) -> None:
    db.write_now(session, school)
    ready = threading.Barrier(3)

    def go() -> None:
        ready.wait()
        tell_sessions(db, now(STARTS - HOUR))

    threads = [threading.Thread(target=go) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rows(OutboxMessage)) == 2


def test_large_class_is_told_in_pieces_and_an_idle_tick_writes_nothing(
    school: School, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("courses.live.notices.PIECE", 7)
    db.write_now(session, school)
    for place in range(20):
        db.write_now(make.enrol, school.cohort, db.write_now(make.person, f"Person {place}"))
    at = now(STARTS - HOUR)
    assert tell_sessions(db, at) == 22
    with statements(db) as idle:
        assert tell_sessions(db, at) == 0
    assert not any(text.startswith(("INSERT", "UPDATE", "DELETE")) for text in idle.texts)


def test_no_letter_that_lost_its_sense_leaves_once_mail_goes_again(school: School, db: Database) -> None:
    db.write_now(session, school)
    tell_sessions(db, now(STARTS - 24 * HOUR))
    change(db, cancelled_at=STARTS - 2 * HOUR)
    tell_sessions(db, now(STARTS - HOUR))
    left: list[str] = []
    deliver(db, lambda letter: left.append(letter.kind), STARTS - HOUR)
    assert left == ["session_cancelled"] * 2


def test_nobody_is_called_to_a_session_that_has_begun(school: School, db: Database) -> None:
    db.write_now(session, school)
    assert tell_sessions(db, now(STARTS - HOUR)) == 2
    assert tell_sessions(db, now(STARTS)) == 0
    assert deliver(db, lambda _letter: None, STARTS) == 0
