"""Planning, changing and cancelling sessions: who may, what is shown first, what is kept."""

import threading
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from assessments.coursework import AssessmentsCoursework
from courses.live.forms import SessionForm
from courses.live.models import LiveSession
from courses.live.service import change_session, plan_sessions
from courses.live.staff import sessions_page, taught_page
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import Database, new_id
from fourweek.edge import House
from fourweek.errors import Conflict, Forbidden
from tests import factories as make
from tests.courses.live.school import DAY, OPENS, STARTS, TODAY, School, session
from tests.statements import statements
from tests.visits import Browser, forms

COURSEWORK = AssessmentsCoursework()
AtTime = Callable[[datetime], None]
Rows = Callable[[Any], list[Any]]


def typed(**values: str) -> dict[str, str]:
    given = {"title": "Clinic", "on": TODAY.isoformat(), "at": "19:00", "minutes": "60", "module": "1", "section": ""}
    return given | {"weeks": "4"} | values


def plan(teacher: Browser, school: School, **values: str) -> Any:
    """Look at the dates, then keep them as they were shown."""
    address = school.staff("/new")
    shown = teacher.submit(address, address, act="preview", **typed(**values))
    if shown.status_code != 200:
        return shown
    return teacher.post(address, data=forms(shown.text)[address] | typed(**values) | {"act": "plan"})


def test_pages_are_for_those_who_teach(school: School, browser: Any, db: Database) -> None:
    one = db.write_now(session, school)
    other = db.write_now(make.with_role, Role.INSTRUCTOR, "Otto Other", new_id())
    rest = ["", "/new", f"/{one}", f"/{one}/cancel", f"/{one}/attendance", f"/{one}/attendance/sheet"]
    rest.append(f"/{one}/attendance/sheet.csv")
    for address in rest:
        assert browser().get(school.staff(address)).headers["location"].startswith("/sign-in"), address
    for person, status in ((school.alice, 404), (school.dora, 404), (other, 404), (school.greta, 403)):
        visitor = browser(person)
        token = forms(visitor.get("/courses").text)["/sign-out"]["form_token"]
        for address in rest:
            assert visitor.get(school.staff(address)).status_code == status, address
        for address in ("/new", f"/{one}", f"/{one}/cancel", f"/{one}/attendance", f"/{one}/attendance/code"):
            data = {"form_token": token} | typed(act="plan", reason="Why not")
            assert visitor.post(school.staff(address), data=data).status_code in (status, 422), address
    teacher = browser(school.ines)
    assert [teacher.get(school.staff(address)).status_code for address in rest] == [200] * len(rest)
    assert [row.code for row in db.read_now(lambda conn: conn.execute(LiveSession.__table__.select()).all())] == [""]  # type: ignore[attr-defined]
    elsewhere = db.write_now(lambda conn: make.cohort(conn, school.made))
    lead = browser(db.write_now(make.with_role, Role.LEAD, "Lena Lead"))
    assert lead.get(school.staff(f"/{one}").replace(school.cohort, elsewhere)).status_code == 404


def test_one_session_is_shown_and_then_kept(school: School, browser: Any, rows: Rows) -> None:
    teacher = browser(school.ines)
    address = school.staff("/new")
    shown = teacher.submit(address, address, act="plan", **typed(title="A <b>clinic</b>"))
    assert (shown.status_code, rows(LiveSession)) == (200, [])
    assert "A &lt;b&gt;clinic&lt;/b&gt;" in shown.text
    answer = plan(teacher, school, join_url="https://meet.example.org/a?b=c", instructor="Ines")
    assert (answer.status_code, answer.headers["location"]) == (303, school.staff())
    (row,) = rows(LiveSession)
    assert (row.title, row.on, row.at, row.minutes, row.module_number) == ("Clinic", TODAY, time(19), 60, 1)
    assert (row.join_url, row.instructor, row.required, row.created_by) == (
        "https://meet.example.org/a?b=c",
        "Ines",
        False,
        school.ines,
    )
    (audit,) = [one for one in rows(AuditRow) if one.act == "session.plan"]
    assert (audit.subject_id, audit.actor_id, audit.detail["sessions"]) == (school.cohort, school.ines, [row.id])
    assert "Clinic" in teacher.get(school.staff()).text


def test_series_takes_its_days_and_the_module_of_each_week(school: School, browser: Any, rows: Rows) -> None:
    later = (TODAY + DAY).weekday()
    values = {f"weekday-{TODAY.weekday()}": "1", f"weekday-{later}": "1", "weeks": "3", "module": "week"}
    assert plan(browser(school.ines), school, required="1", **values).status_code == 303
    found = sorted((row.on, row.module_number, row.required) for row in rows(LiveSession))
    days = [(TODAY + timedelta(weeks=n, days=d), n + 1, True) for n in range(3) for d in (0, 1)]
    assert found == days


def test_days_off_are_left_out_of_a_series(db: Database, house: House, browser: Any, rows: Rows) -> None:
    from tests.courses.live.school import build  # noqa: PLC0415

    week = (TODAY + timedelta(weeks=1)).isoformat()
    off = [{"first": week, "last": week, "title": "Founders’ Day"}]
    school = db.write_now(lambda conn: build(conn, blackouts=off))
    teacher = browser(school.ines)
    values = {f"weekday-{TODAY.weekday()}": "1", "weeks": "3"}
    address = school.staff("/new")
    assert "Founders’ Day" in teacher.submit(address, address, act="preview", **typed(**values)).text
    assert plan(teacher, school, **values).status_code == 303
    assert sorted(row.on for row in rows(LiveSession)) == [TODAY, TODAY + timedelta(weeks=2)]


def test_section_has_its_own_clock(school: School, browser: Any, rows: Rows) -> None:
    teacher = browser(school.ines)
    address = school.staff("/new")
    shown = teacher.submit(address, address, act="preview", **typed(section=school.evenings))
    assert "(America/New_York)" in shown.text
    assert plan(teacher, school, section=school.evenings).status_code == 303
    assert [row.section_id for row in rows(LiveSession)] == [school.evenings]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"title": " "}, "The title is missing."),
        ({"title": "x" * 201}, "The title has 201 characters; at most 200 are kept."),
        ({"on": "soon"}, "is not a date such as"),
        ({"on": "1850-01-01"}, "The year must lie between"),
        ({"at": "25:00"}, "is not a time such as 09:00."),
        ({"minutes": "0"}, "The length must be a whole number from 5 to 1440."),
        ({"module": "9"}, "The module must be a whole number from 1 to 4."),
        ({"section": "elsewhere"}, "Choose a section of this cohort, or everybody."),
        ({"weekday-1": "1", "weeks": "99"}, "The number of weeks must be a whole number from 1 to 26."),
        ({"join_url": "javascript:alert(1)"}, "Give a whole address that begins with https://"),
        ({"join_url": "meet.example.org"}, "Give a whole address that begins with https://"),
        ({"join_url": "https://[half"}, "Give a whole address that begins with https://"),
        ({"join_url": "https://e.org/" + "x" * 500}, "at most 500 are kept."),
        ({"required": "1", "module": ""}, "Choose the module that is complete only with attendance here."),
        ({"required": "1", "module": "week", "on": "2020-01-01"}, "no module is open yet"),
    ],
)
def test_wrong_plan_comes_back_with_what_was_typed(
    school: School, browser: Any, rows: Rows, values: dict[str, str], says: str
) -> None:
    answer = plan(browser(school.ines), school, instructor="Kept as typed", **values)
    assert answer.status_code == 422
    assert (says in answer.text, "Kept as typed" in answer.text) == (True, True)
    assert rows(LiveSession) == []


def test_attendance_needs_a_module_that_asks_for_evidence(school: School, browser: Any, db: Database) -> None:
    optional = "UPDATE assignment SET required = false WHERE module_id = :module"
    from sqlalchemy import text  # noqa: PLC0415

    db.write_now(lambda conn: conn.execute(text(optional), {"module": school.made.modules[0]}))
    answer = plan(browser(school.ines), school, required="1", module="1")
    assert (answer.status_code, "Module 1 asks for no evidence" in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2027-03-14", "The clock skips 02:30 that day, so it begins at 03:00."),
        ("2027-11-07", "The clock shows 01:30 twice that day; the first one is meant."),
    ],
)
def test_odd_hours_are_said_before_they_are_kept(school: School, browser: Any, day: str, says: str) -> None:
    at = "02:30" if day == "2027-03-14" else "01:30"
    teacher, address = browser(school.ines), school.staff("/new")
    shown = teacher.submit(address, address, act="preview", **typed(on=day, at=at, section=school.evenings))
    assert says in shown.text


def test_dates_changed_since_they_were_shown_are_shown_again(school: School, browser: Any, rows: Rows) -> None:
    teacher, address = browser(school.ines), school.staff("/new")
    shown = forms(teacher.submit(address, address, act="preview", **typed()).text)[address]
    answer = teacher.post(address, data=shown | typed(at="20:00") | {"act": "plan"})
    assert (answer.status_code, "The dates have changed since they were shown." in answer.text) == (200, True)
    assert rows(LiveSession) == []


def test_form_sent_twice_at_once_plans_once(school: School, db: Database, rows: Rows) -> None:
    form = SessionForm(key=new_id(), title="Clinic", module="1", on=TODAY.isoformat(), weekdays="0 2", weeks="2")
    ready = threading.Barrier(4)

    def go() -> None:
        ready.wait()
        db.write_now(plan_sessions, school.teacher(), COURSEWORK, school.cohort, form)

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(rows(LiveSession)), [one.act for one in rows(AuditRow)].count("session.plan")) == (4, 1)


def test_change_keeps_what_was_typed_and_counts_what_calendars_show(school: School, browser: Any, rows: Rows) -> None:
    teacher = browser(school.ines)
    one = school_session(school, teacher)
    address = school.staff(f"/{one}")
    values = typed(at="10:00", recording_url="https://video.example.org/clinic", instructor="Ines Ortiz")
    values["join_url"] = "https://meet.example.org/clinic"
    assert teacher.submit(address, address, **values | {"instructor": "Otto"}).status_code == 303
    (row,) = rows(LiveSession)
    assert (row.instructor, row.revision, row.moved_at) == ("Otto", 0, None)
    teacher.submit(address, address, **values | {"at": "11:00", "module": "2", "required": "1"})
    (row,) = rows(LiveSession)
    assert (row.at, row.module_number, row.required, row.revision) == (time(11), 2, True, 1)
    assert row.moved_from == STARTS
    assert row.moved_at is not None
    smaller, larger = sorted((audit.detail for audit in rows(AuditRow) if audit.act == "session.change"), key=len)
    assert smaller == {"instructor": ["Ines Ortiz", "Otto"]}
    assert larger["at"] == ["10:00:00", "11:00:00"]
    wrong = teacher.submit(address, address, **values | {"join_url": "nowhere", "title": "Kept"})
    assert (wrong.status_code, "Kept" in wrong.text, rows(LiveSession)[0].title) == (422, True, "Clinic")


def school_session(school: School, teacher: Browser) -> str:
    return str(teacher.house.db.write_now(session, school))


def test_change_after_somebody_elses_is_refused(school: School, db: Database, rows: Rows) -> None:
    one = db.write_now(session, school)
    seen = (OPENS - timedelta(weeks=1)).isoformat()
    form = SessionForm(title="Mine", module="1", on=TODAY.isoformat(), at="10:00", seen=seen)
    db.write_now(change_session, school.teacher(), COURSEWORK, school.cohort, one, form)
    with pytest.raises(Conflict, match="Somebody changed this session meanwhile"):
        db.write_now(change_session, school.teacher(STARTS + DAY), COURSEWORK, school.cohort, one, form)
    assert [row.title for row in rows(LiveSession)] == ["Mine"]


def test_cancelled_session_is_kept_and_says_why_to_the_record(school: School, browser: Any, rows: Rows) -> None:
    teacher = browser(school.ines)
    one = school_session(school, teacher)
    address = school.staff(f"/{one}/cancel")
    assert teacher.submit(address, address, reason=" ").status_code == 422
    assert teacher.submit(address, address, reason="The  room burnt.").status_code == 303
    (row,) = rows(LiveSession)
    assert (row.cancelled_at is not None, row.revision) == (True, 1)
    (audit,) = [one for one in rows(AuditRow) if one.act == "session.cancel"]
    assert (audit.subject_id, audit.reason) == (one, "The room burnt.")
    assert teacher.get(address).status_code == 409
    assert teacher.get(school.staff(f"/{one}")).status_code == 409
    assert "Cancelled" in teacher.get(school.staff()).text
    assert "Cancelled" in browser(school.alice).get(school.page()).text


def test_lists_of_staff_are_paged_with_constant_statements(school: School, db: Database) -> None:
    teacher = school.teacher()
    numbers = []
    for number in (1, 59):
        for place in range(number):
            db.write_now(session, school, TODAY + timedelta(days=place % 40))
        with statements(db) as one:
            page = db.read_now(sessions_page, teacher, school.cohort, 1)
        with statements(db) as all_of_them:
            taught = db.read_now(taught_page, teacher, 1)
        numbers.append((one.number, all_of_them.number))
    assert numbers == [(3, 2), (3, 2)]
    assert (len(page.sessions), page.pager.words, len(taught.sessions)) == (25, "Page 1 of 3", 25)
    assert [cohort[0] for cohort in taught.cohorts] == [school.cohort]
    with pytest.raises(Forbidden):
        db.read_now(taught_page, make.visitor(school.alice, STARTS), 1)


def test_navigation_leads_an_instructor_to_the_sessions(school: School, browser: Any, db: Database) -> None:
    db.write_now(session, school, TODAY + timedelta(days=3))
    teacher = browser(school.ines)
    assert '<a href="/staff/sessions"' in teacher.get("/home").text
    assert school.staff() in teacher.get("/staff/sessions").text
    assert school.staff() in teacher.get(school.page()).text
    assert browser(school.alice).get("/staff/sessions").status_code == 403
