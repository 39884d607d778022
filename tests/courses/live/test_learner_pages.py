"""What a learner sees of live sessions, and when."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from courses.live.learner import session_page, sessions_page
from courses.live.models import Presence
from fourweek.database import Database
from fourweek.errors import NotFound
from tests import factories as make
from tests.courses.live.school import DAY, HOUR, MINUTE, STARTS, TODAY, School, attended, session
from tests.statements import statements

AtTime = Callable[[datetime], None]


def test_sessions_are_for_people_of_the_cohort(school: School, browser: Any, db: Database) -> None:
    one = db.write_now(session, school)
    for address in (school.page(), school.page(f"/{one}")):
        assert browser().get(address).headers["location"].startswith("/sign-in")
        statuses = [browser(who).get(address).status_code for who in (school.dora, school.carol)]
        assert statuses == [404, 404]
        assert [browser(who).get(address).status_code for who in (school.alice, school.bob, school.ines)] == [200] * 3
    assert browser(school.alice).get(school.page("/nowhere")).status_code == 404


def test_learner_sees_those_of_the_own_section_and_of_everybody(school: School, db: Database) -> None:
    db.write_now(session, school, title="For all")
    late = db.write_now(session, school, TODAY + DAY, title="For evenings", section_id=school.evenings)

    def titles(person: str) -> list[str]:
        page = db.read_now(sessions_page, make.visitor(person, STARTS), school.cohort, 1)
        return [line.title for line in (*([page.first] if page.first else []), *page.sessions)]

    assert (titles(school.alice), titles(school.bob)) == (["For all"], ["For all", "For evenings"])
    with pytest.raises(NotFound):
        db.read_now(session_page, make.visitor(school.alice, STARTS), school.cohort, late)
    page = db.read_now(session_page, make.visitor(school.bob, STARTS), school.cohort, late)
    assert "(America/New_York)" in page.line.when.words
    assert page.line.when.second is not None


def test_links_come_and_go_with_the_clock(school: School, db: Database) -> None:
    one = db.write_now(session, school)

    def links(at: datetime) -> tuple[str, str]:
        line = db.read_now(session_page, make.visitor(school.alice, at), school.cohort, one).line
        return line.join, line.recording

    join, recording = "https://meet.example.org/clinic", "https://video.example.org/clinic"
    assert links(STARTS - 16 * MINUTE) == ("", "")
    assert links(STARTS - 15 * MINUTE) == (join, "")
    assert links(STARTS + 59 * MINUTE) == (join, "")
    assert links(STARTS + HOUR) == ("", recording)


def test_links_of_a_locked_module_are_kept_back(school: School, browser: Any, db: Database, at_time: AtTime) -> None:
    one = db.write_now(session, school, module_number=2)
    at_time(STARTS)
    alice = browser(school.alice)
    for address in (school.page(), school.page(f"/{one}"), f"/cohorts/{school.cohort}"):
        page = alice.get(address).text
        assert ("Clinic" in page, "meet.example.org" in page) == (True, False), address
    assert "once module 2 is open for you" in alice.get(school.page(f"/{one}")).text
    at_time(STARTS + 2 * HOUR)
    for address in (school.page(), school.page(f"/{one}"), f"/cohorts/{school.cohort}"):
        assert "video.example.org" not in alice.get(address).text
    assert "video.example.org" in browser(school.ines).get(school.page(f"/{one}")).text


def test_next_session_stands_first_with_its_link(school: School, browser: Any, db: Database, at_time: AtTime) -> None:
    db.write_now(session, school, TODAY + DAY, title="Tomorrow")
    db.write_now(session, school, title="Now")
    db.write_now(session, school, TODAY, title="Gone", at=(STARTS - 3 * HOUR).time())
    at_time(STARTS)
    page = browser(school.alice).get(school.page()).text
    places = [page.index(words) for words in ("Join the session", "Tomorrow", "Gone")]
    assert places == sorted(places)
    assert page.index(">Now<") < places[0]


def test_attendance_is_said_on_the_pages(school: School, browser: Any, db: Database, at_time: AtTime) -> None:
    one = db.write_now(session, school, required=True)
    at_time(STARTS - HOUR)
    alice, words = browser(school.alice), "Module 1 is complete only with attendance here."
    module = f"/cohorts/{school.cohort}/modules/1"
    assert [words in alice.get(at).text for at in (school.page(), school.page(f"/{one}"), module)] == [True] * 3
    at_time(STARTS + 2 * HOUR)
    missing = "was not recorded."
    assert [missing in alice.get(at).text for at in (module, school.page(), f"/cohorts/{school.cohort}")] == [True] * 3
    db.write_now(attended, school, one, presence=Presence.MADE_UP)
    assert "Recorded as made up." in alice.get(school.page(f"/{one}")).text
    assert missing not in alice.get(f"/cohorts/{school.cohort}").text


def test_cohort_without_sessions_says_nothing_of_them(school: School, browser: Any) -> None:
    alice = browser(school.alice)
    assert "Live sessions" not in alice.get(f"/cohorts/{school.cohort}").text
    assert "No live session" in alice.get(school.page()).text


def test_pages_are_paged_with_constant_statements(school: School, db: Database) -> None:
    visitor, numbers = make.visitor(school.alice, STARTS), []
    for number in (1, 59):
        for place in range(number):
            one = db.write_now(session, school, TODAY + timedelta(days=place % 40 - 20))
        with statements(db) as many:
            page = db.read_now(sessions_page, visitor, school.cohort, 1)
        with statements(db) as single:
            db.read_now(session_page, visitor, school.cohort, one)
        numbers.append((many.number, single.number))
    assert numbers == [(2, 2), (2, 2)]
    assert (1 + len(page.sessions), page.pager.words) == (25, "Page 1 of 3")
