"""The list of who was there: a page in one act, reasons where they are due, nobody overwritten."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from courses.live.attendance.pages import list_page
from courses.live.attendance.rules import Entry
from courses.live.attendance.service import save_list
from courses.live.models import Attendance, Presence, Source
from fourweek.audit.models import AuditRow
from fourweek.database import Database
from fourweek.errors import Conflict, Invalid
from tests import factories as make
from tests.courses.live.school import DAY, HOUR, STARTS, School, attended, session
from tests.statements import statements
from tests.visits import forms

AtTime = Callable[[datetime], None]
Rows = Callable[[Any], list[Any]]


@pytest.fixture
def clinic(db: Database, school: School) -> str:
    return db.write_now(session, school)


def fields(school: School, who: str, presence: str = "", reason: str = "") -> dict[str, str]:
    place = school.places[who]
    return {f"p-{place}": presence, f"r-{place}": reason}


def kept(rows: Rows) -> dict[str, Presence]:
    return {row.enrolment_id: row.presence for row in rows(Attendance)}


def test_page_of_the_list_is_saved_in_one_act(
    school: School, clinic: str, browser: Any, at_time: AtTime, rows: Rows
) -> None:
    at_time(STARTS + HOUR)
    teacher, address = browser(school.ines), school.staff(f"/{clinic}/attendance")
    shown = teacher.get(address).text
    assert ("Alice Brook" in shown, "Bob Brook" in shown, "Carol Brook" in shown) == (True, True, False)
    values = fields(school, "alice", "present") | fields(school, "bob", "made_up", "Watched it and sent notes.")
    answer = teacher.submit(address, address, act="save", **values)
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    alice, bob = school.places["alice"], school.places["bob"]
    assert kept(rows) == {alice: Presence.PRESENT, bob: Presence.MADE_UP}
    row = next(one for one in rows(Attendance) if one.enrolment_id == bob)
    assert (row.source, row.reason, row.recorded_by, row.recorded_at) == (
        Source.LIST,
        "Watched it and sent notes.",
        school.ines,
        STARTS + HOUR,
    )
    (audit,) = [one for one in rows(AuditRow) if one.act == "attendance.record"]
    assert (audit.subject_id, audit.detail["recorded"]) == (clinic, {alice: "present", bob: "made_up"})
    again = teacher.get(address).text
    assert ("Present, by list, Ines Ortiz" in again, "Watched it and sent notes." in again) == (True, True)


def test_made_up_and_corrections_need_a_reason(
    school: School, clinic: str, browser: Any, db: Database, rows: Rows
) -> None:
    db.write_now(attended, school, clinic, "bob")
    teacher, address = browser(school.ines), school.staff(f"/{clinic}/attendance")
    values = fields(school, "alice", "made_up") | fields(school, "bob", "absent")
    answer = teacher.submit(address, address, act="save", **values)
    assert answer.status_code == 422
    assert "Say how it was made up." in answer.text
    assert "“Present” is recorded. Say why that changes." in answer.text
    assert kept(rows) == {school.places["bob"]: Presence.PRESENT}
    typed = forms(answer.text)[address]
    assert typed[f"p-{school.places['bob']}"] == "absent"
    values |= fields(school, "alice", "made_up", "Wrote <b>notes</b>") | fields(school, "bob", "absent", "Was ill.")
    assert teacher.submit(address, address, act="save", **values).status_code == 303
    assert kept(rows) == {school.places["alice"]: Presence.MADE_UP, school.places["bob"]: Presence.ABSENT}
    (audit,) = [one for one in rows(AuditRow) if one.act == "attendance.correct"]
    assert (audit.reason, audit.detail["corrected"]) == ("Was ill.", {school.places["bob"]: ["present", "absent"]})
    assert "Wrote &lt;b&gt;notes&lt;/b&gt;" in teacher.get(address).text


def test_others_of_the_page_can_be_absent_at_once(
    school: School, clinic: str, browser: Any, db: Database, rows: Rows
) -> None:
    teacher, address = browser(school.ines), school.staff(f"/{clinic}/attendance")
    form = forms(teacher.get(address).text)[address]
    db.write_now(attended, school, clinic, "bob")  # by code, while the list is open
    assert teacher.post(address, data=form | {"act": "rest"}).status_code == 303
    assert kept(rows) == {school.places["alice"]: Presence.ABSENT, school.places["bob"]: Presence.PRESENT}


def test_newer_record_of_somebody_else_is_shown_and_not_overwritten(
    school: School, clinic: str, browser: Any, db: Database, rows: Rows
) -> None:
    teacher, address = browser(school.ines), school.staff(f"/{clinic}/attendance")
    form = forms(teacher.get(address).text)[address]
    db.write_now(attended, school, clinic, "alice")
    values = form | fields(school, "alice", "absent") | fields(school, "bob", "present")
    answer = teacher.post(address, data=values | {"act": "save"})
    assert answer.status_code == 422
    assert "Somebody else recorded “Present” meanwhile." in answer.text
    assert kept(rows) == {school.places["alice"]: Presence.PRESENT}
    again = forms(answer.text)[address] | fields(school, "alice", "absent", "Was not there after all.")
    assert teacher.post(address, data=again | {"act": "save"}).status_code == 303
    assert kept(rows) == {school.places["alice"]: Presence.ABSENT, school.places["bob"]: Presence.PRESENT}


def test_untouched_row_leaves_what_somebody_else_recorded(
    school: School, clinic: str, db: Database, rows: Rows
) -> None:
    db.write_now(attended, school, clinic, "alice", Presence.ABSENT)
    seen = Entry(school.places["alice"], Presence.PRESENT, was="present")
    assert db.write_now(save_list, school.teacher(), school.cohort, clinic, [seen]) == 0
    assert kept(rows) == {school.places["alice"]: Presence.ABSENT}


def test_same_page_sent_twice_changes_nothing(school: School, clinic: str, db: Database, rows: Rows) -> None:
    entries = [Entry(school.places["alice"], Presence.PRESENT, was="")]
    assert db.write_now(save_list, school.teacher(STARTS), school.cohort, clinic, entries) == 1
    entries = [Entry(school.places["alice"], Presence.PRESENT, was="present")]
    assert db.write_now(save_list, school.teacher(STARTS + DAY), school.cohort, clinic, entries) == 0
    assert [row.recorded_at for row in rows(Attendance)] == [STARTS]
    assert [one.act for one in rows(AuditRow)].count("attendance.record") == 1


def test_people_of_other_sections_and_cohorts_are_left_out(school: School, db: Database, rows: Rows) -> None:
    evening = db.write_now(session, school, section_id=school.evenings)
    stranger = db.write_now(
        lambda conn: make.enrol(conn, make.cohort(conn, school.made), make.person(conn, "Else Where"))
    )
    entries = [Entry(one, Presence.PRESENT, was="") for one in (stranger, school.places["alice"], "nobody")]
    assert db.write_now(save_list, school.teacher(), school.cohort, evening, entries) == 0
    assert rows(Attendance) == []
    page = db.read_now(list_page, school.teacher(), school.cohort, evening, 1)
    assert [one.name for one in page.people] == ["Bob Brook"]


def test_cancelled_session_has_no_list(school: School, db: Database) -> None:
    one = db.write_now(session, school, cancelled_at=STARTS)
    entries = [Entry(school.places["alice"], Presence.PRESENT, was="")]
    with pytest.raises(Conflict):
        db.write_now(save_list, school.teacher(), school.cohort, one, entries)


def test_two_lists_saved_at_once_keep_the_first(school: School, clinic: str, db: Database, rows: Rows) -> None:
    ready, found = threading.Barrier(2), []

    def go(presence: Presence) -> None:
        ready.wait()
        try:
            entries = [Entry(school.places["alice"], presence, was="")]
            db.write_now(save_list, school.teacher(), school.cohort, clinic, entries)
            found.append(presence)
        except Invalid:
            pass

    threads = [threading.Thread(target=go, args=(one,)) for one in (Presence.PRESENT, Presence.ABSENT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(kept(rows).values()) == found
    assert len(found) == 1


def test_list_is_paged_with_constant_statements(school: School, clinic: str, db: Database) -> None:
    teacher, numbers = school.teacher(), []
    for number in (1, 59):
        for place in range(number):
            person = db.write_now(make.person, f"Person {number} {place:02}")
            db.write_now(make.enrol, school.cohort, person)
        with statements(db) as many:
            page = db.read_now(list_page, teacher, school.cohort, clinic, 1)
        entries = [Entry(one.enrolment_id, Presence.PRESENT, was=one.was) for one in page.people]
        with statements(db) as saved:
            db.write_now(save_list, teacher, school.cohort, clinic, entries)
        numbers.append((many.number, saved.number <= 8))
    assert numbers == [(3, True), (3, True)]
    assert (len(page.people), page.pager.words) == (25, "Page 1 of 3")
