"""The lesson page and its reading mark, with and without htmx."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from courses.learning.lesson_page import lesson_page
from courses.progress.queries import READ, Stop, reads, stop
from fourweek.audit.models import AuditRow
from fourweek.database import table
from fourweek.edge import House
from tests import factories as make
from tests.courses.learning.school import OPENS, School
from tests.statements import statements

AtTime = Callable[[datetime], None]
NOON = OPENS + timedelta(hours=12)
FIRST, SECOND = "/modules/1/lessons/secret-lesson-1-0", "/modules/1/lessons/secret-lesson-1-1"


def _marks(house: House) -> int:
    return int(house.db.read_now(lambda conn: conn.execute(select(func.count()).select_from(READ)).scalar_one()))


def test_lesson_shows_body_place_and_where_it_comes_from(school: School, browser: Any, at_time: AtTime) -> None:
    at_time(NOON)
    page = browser(school.alice).get(school.at(FIRST)).text
    assert "<p>Secret body 1.0 with <em>markup</em>.</p>" in page
    assert "Module 1 · Lesson 1 of 2 · about 20 minutes" in page
    assert f'rel="next" href="{school.at(SECOND)}"' in page
    assert 'rel="prev"' not in page
    assert "By Ida Writer." in page
    assert "Licence: CC BY 4.0" in page
    assert "<p>After a book.</p>" in page
    last = browser(school.alice).get(school.at(SECOND)).text
    assert f'rel="prev" href="{school.at(FIRST)}"' in last
    assert f'rel="next" href="{school.at("/modules/1")}"' in last


def test_reference_page_has_contents_and_no_mark(school: School, browser: Any, at_time: AtTime) -> None:
    at_time(NOON)
    page = browser(school.alice).get(school.at("/modules/1/lessons/secret-terms-1")).text
    assert '<li><a href="#first">First</a></li><li><a href="#second">Second</a></li>' in page
    assert "Module 1 · To look things up" in page
    assert "Mark as read" not in page


def test_opening_records_nothing(school: School, browser: Any, at_time: AtTime, house: House) -> None:
    at_time(NOON)
    assert browser(school.alice).get(school.at(FIRST)).status_code == 200
    assert _marks(house) == 0


def test_mark_by_a_plain_form_and_take_it_back(school: School, browser: Any, at_time: AtTime, house: House) -> None:
    at_time(NOON)
    alice, action = browser(school.alice), school.at(FIRST) + "/read"
    sent = alice.submit(school.at(FIRST), action, read="1")
    assert (sent.status_code, sent.headers["location"]) == (303, school.at(FIRST) + "#mark")
    assert alice.submit(school.at(FIRST), action, read="1").status_code == 303
    assert len(house.db.read_now(reads, school.enrolment)) == 1
    page = alice.get(school.at(FIRST)).text
    assert f'href="{school.at(SECOND)}"><span>Go on</span>' in page
    assert alice.submit(school.at(FIRST), action, read="0").status_code == 303
    assert _marks(house) == 0
    acts = house.db.read_now(lambda conn: list(conn.execute(select(table(AuditRow).c.act)).scalars()))
    assert [act for act in acts if "read" in act or "lesson" in act] == []


def test_mark_by_htmx_answers_the_fragment_alone(school: School, browser: Any, at_time: AtTime) -> None:
    at_time(NOON)
    alice = browser(school.alice)
    token = alice.get(school.at(FIRST)).text.split('name="form_token" value="')[1].split('"')[0]
    headers = {"hx-request": "true", "x-form-token": token}
    answer = alice.post(school.at(FIRST) + "/read", data={"read": "1"}, headers=headers)
    assert answer.status_code == 200
    assert answer.text.strip().startswith('<div id="mark">')
    assert "Mark as not read" in answer.text
    assert "<html" not in answer.text


def test_mark_without_the_token_is_refused(school: School, browser: Any, at_time: AtTime, house: House) -> None:
    at_time(NOON)
    assert browser(school.alice).post(school.at(FIRST) + "/read", data={"read": "1"}).status_code == 422
    assert _marks(house) == 0


def test_reference_page_cannot_be_marked(school: School, browser: Any, at_time: AtTime, house: House) -> None:
    at_time(NOON)
    alice = browser(school.alice)
    token = alice.get(school.at(FIRST)).text.split('name="form_token" value="')[1].split('"')[0]
    path = school.at("/modules/1/lessons/secret-terms-1/read")
    assert alice.post(path, data={"read": "1", "form_token": token}).status_code == 404
    assert _marks(house) == 0


def test_statements_of_a_lesson(school: School, house: House) -> None:
    visitor = make.visitor(school.alice, NOON)
    with statements(house.db) as count:
        house.db.read_now(lesson_page, visitor, school.cohort, 1, "secret-lesson-1-0")
    assert count.number <= 4


def _place(house: House, enrolment: str) -> Stop | None:
    return house.db.read_now(stop, enrolment)


def _tell(browser: Any, lesson: str, heading: str) -> int:
    token = browser.get(lesson).text.split('name="form_token" value="')[1].split('"')[0]
    return int(browser.post(lesson + "/place", data={"heading": heading, "form_token": token}).status_code)


def test_place_is_for_learners_of_open_modules(school: School, browser: Any, at_time: AtTime, house: House) -> None:
    terms = school.at("/modules/1/lessons/secret-terms-1")
    at_time(OPENS - timedelta(seconds=1))
    alice = browser(school.alice)
    token = alice.get("/home").text.split('name="form_token" value="')[1].split('"')[0]
    assert alice.post(terms + "/place", data={"heading": "first", "form_token": token}).status_code == 404
    at_time(NOON)
    assert browser().post(terms + "/place", data={"heading": "first"}).status_code in {303, 422}
    for stranger, status in ((school.carol, 404), (school.bob, 404), (school.lena, 403)):
        other = browser(stranger)
        token = other.get("/home").text.split('name="form_token" value="')[1].split('"')[0]
        answer = other.post(terms + "/place", data={"heading": "first", "form_token": token})
        assert answer.status_code == status
    assert _place(house, school.enrolment) is None
    assert 'data-place="' not in browser(school.lena).get(terms).text


def test_place_is_the_last_one_told(school: School, browser: Any, at_time: AtTime, house: House) -> None:
    at_time(NOON)
    alice, terms = browser(school.alice), school.at("/modules/1/lessons/secret-terms-1")
    assert f'data-place="{terms}/place"' in alice.get(terms).text
    assert _tell(alice, terms, "second") == 204
    kept = _place(house, school.enrolment)
    assert kept is not None
    assert kept.heading == "second"
    for page, words in (("/home", "Go on reading: "), (school.at(), ""), (school.at("/modules/1"), "")):
        shown = alice.get(page).text
        assert f'href="{terms}#second"' in shown
        assert words in shown
    assert _tell(alice, terms, "<script>") == 204
    assert _place(house, school.enrolment) == Stop(kept.lesson_id, "")
    assert _tell(alice, school.at(FIRST), "") == 204
    assert "Go on where you stopped" in alice.get(school.at()).text
    assert f'href="{school.at(FIRST)}"' in alice.get(school.at()).text


def test_marking_keeps_the_place_and_leads_on(school: School, browser: Any, at_time: AtTime, house: House) -> None:
    at_time(NOON)
    alice = browser(school.alice)
    assert alice.submit(school.at(FIRST), school.at(FIRST) + "/read", read="1").status_code == 303
    assert _place(house, school.enrolment) is not None
    page = alice.get(school.at("/modules/1")).text
    assert "Go on reading" in page
    assert f'href="{school.at(SECOND)}"' in page


def test_lessons_follow_each_other_through_open_modules(school: School, browser: Any) -> None:
    dora, base = browser(school.dora), f"/cohorts/{school.other}/modules"
    last = dora.get(f"{base}/1/lessons/secret-lesson-1-1").text
    assert f'rel="next" href="{base}/2/lessons/secret-lesson-2-0"' in last
    first = dora.get(f"{base}/3/lessons/secret-lesson-3-0").text
    assert f'rel="prev" href="{base}/2/lessons/secret-lesson-2-1"' in first
    end = dora.get(f"{base}/3/lessons/secret-lesson-3-1").text
    assert f'rel="next" href="{base}/3"' in end
    assert "Secret lesson 4" not in end
