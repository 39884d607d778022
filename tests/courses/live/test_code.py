"""Typing the code of a session: in time, by those it concerns, not too often."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import update

from courses.enrolment.access import LIVE
from courses.live.attending import attend
from courses.live.models import Attendance, LiveSession, Presence, Source, WrongCode
from fourweek.audit.models import AuditRow
from fourweek.database import Database
from fourweek.errors import NotFound
from tests import factories as make
from tests.courses.live.school import DAY, HOUR, MINUTE, STARTS, School, attended, session
from tests.visits import forms

AtTime = Callable[[datetime], None]
Rows = Callable[[Any], list[Any]]
CODE = "A2C4E6"


@pytest.fixture
def clinic(db: Database, school: School) -> str:
    return db.write_now(session, school, code=CODE)


def came(db: Database, school: School, person: str, one: str, typed: str, at: datetime = STARTS) -> tuple[bool, str]:
    found = db.write_now(attend, make.visitor(person, at), school.cohort, one, typed)
    return found.is_recorded, found.words


def test_code_is_typed_by_those_whom_the_session_concerns(
    school: School, clinic: str, browser: Any, db: Database, rows: Rows
) -> None:
    address = school.page(f"/{clinic}/attend")
    answers = []
    for person in (school.dora, school.carol, school.ines):
        visitor = browser(person)
        token = forms(visitor.get("/courses").text)["/sign-out"]["form_token"]
        answers.append(visitor.post(address, data={"form_token": token, "code": CODE}).status_code)
    assert answers == [404, 404, 404]
    evening = db.write_now(session, school, code=CODE, section_id=school.evenings)
    with pytest.raises(NotFound):
        came(db, school, school.alice, evening, CODE)
    assert rows(Attendance) == []


def test_right_code_records_presence_once(
    school: School, clinic: str, browser: Any, at_time: AtTime, rows: Rows
) -> None:
    at_time(STARTS + 5 * MINUTE)
    alice = browser(school.alice)
    page, action = school.page(f"/{clinic}"), school.page(f"/{clinic}/attend")
    assert CODE not in alice.get(page).text
    answer = alice.submit(page, action, code=" a2c-4e6 ")
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    (row,) = rows(Attendance)
    assert (row.enrolment_id, row.presence, row.source) == (school.places["alice"], Presence.PRESENT, Source.CODE)
    assert (row.recorded_by, row.recorded_at) == (school.alice, STARTS + 5 * MINUTE)
    (audit,) = [one for one in rows(AuditRow) if one.act == "attendance.code"]
    assert (audit.subject_id, audit.actor_id, audit.detail) == (
        clinic,
        school.alice,
        {"enrolment_id": school.places["alice"]},
    )
    shown = alice.get(page).text
    assert ("You were there, by the code of the session." in shown, action in shown) == (True, False)


def test_wrong_code_comes_back_and_five_are_enough(
    school: School, clinic: str, browser: Any, at_time: AtTime, rows: Rows
) -> None:
    at_time(STARTS)
    alice = browser(school.alice)
    page, action = school.page(f"/{clinic}"), school.page(f"/{clinic}/attend")
    said = ["4 tries are left.", "3 tries are left.", "2 tries are left.", "1 try is left.", "No try is left."]
    for words in said:
        answer = alice.submit(page, action, code="<wrong>")
        assert (answer.status_code, words in answer.text, "&lt;wrong&gt;" in answer.text) == (422, True, True)
    answer = alice.submit(page, action, code=CODE)
    assert (answer.status_code, "too many wrong codes" in answer.text) == (422, True)
    assert ([row.times for row in rows(WrongCode)], rows(Attendance)) == ([5], [])


def test_tries_are_counted_for_each_person_and_session(school: School, clinic: str, db: Database) -> None:
    second = db.write_now(session, school, code=CODE)
    for _ in range(5):
        came(db, school, school.alice, clinic, "")
    assert not came(db, school, school.alice, clinic, CODE)[0]
    assert came(db, school, school.alice, second, CODE)[0]
    assert came(db, school, school.bob, clinic, CODE)[0]


def test_code_counts_in_its_time_only(school: School, clinic: str, db: Database) -> None:
    early, late = STARTS - 16 * MINUTE, STARTS + HOUR + 30 * MINUTE
    assert [came(db, school, school.alice, clinic, CODE, at)[0] for at in (early, late)] == [False, False]
    assert came(db, school, school.alice, clinic, CODE, early + MINUTE)[0]
    assert came(db, school, school.bob, clinic, CODE, late - MINUTE)[0]


def test_without_a_code_nothing_is_right(school: School, db: Database) -> None:
    one = db.write_now(session, school)
    assert came(db, school, school.alice, one, "") == (False, "No code is taken for this session now.")


def test_code_changes_nothing_that_staff_recorded(school: School, clinic: str, db: Database, rows: Rows) -> None:
    db.write_now(attended, school, clinic, presence=Presence.ABSENT)
    recorded, words = came(db, school, school.alice, clinic, CODE)
    assert (recorded, words) == (False, "You were recorded as absent. Ask the instructor about it.")
    assert [row.presence for row in rows(Attendance)] == [Presence.ABSENT]


def test_staff_make_a_code_and_another_one(
    school: School, browser: Any, db: Database, at_time: AtTime, rows: Rows
) -> None:
    one = db.write_now(session, school)
    list_, action = school.staff(f"/{one}/attendance"), school.staff(f"/{one}/attendance/code")
    teacher = browser(school.ines)
    at_time(STARTS - 16 * MINUTE)
    token = forms(teacher.get(list_).text)[school.staff(f"/{one}/attendance")]["form_token"]
    assert action not in forms(teacher.get(list_).text)
    assert teacher.post(action, data={"form_token": token}).status_code == 409
    at_time(STARTS)
    codes = []
    for _ in range(2):
        assert teacher.submit(list_, action).headers["location"] == list_
        codes.append(rows(LiveSession)[0].code)
        assert f"{codes[-1][:3]} {codes[-1][3:]}" in teacher.get(list_).text
    assert (len(codes[0]), codes[0] == codes[1]) == (6, False)
    assert [one.act for one in rows(AuditRow)].count("session.code") == 2


def test_code_typed_many_times_at_once_records_once(school: School, clinic: str, db: Database, rows: Rows) -> None:
    ready, found = threading.Barrier(6), []

    def go(typed: str) -> None:
        ready.wait()
        found.append(came(db, school, school.alice, clinic, typed)[0])

    threads = [threading.Thread(target=go, args=(typed,)) for typed in (CODE, CODE, CODE, "no", "no", "no")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rows(Attendance)) == 1
    assert [one.act for one in rows(AuditRow)].count("attendance.code") == 1
    assert sum(row.times for row in rows(WrongCode)) <= 3


def test_cancelled_session_takes_no_code(school: School, clinic: str, db: Database) -> None:
    db.write_now(lambda conn: conn.execute(update(LIVE).values(cancelled_at=STARTS - DAY)))
    assert not came(db, school, school.alice, clinic, CODE)[0]
