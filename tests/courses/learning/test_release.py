"""A locked module leaks nothing: over every address and face, a second before its release and at it (law 1)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest

from courses.learning.access import reader_of_open
from courses.learning.outline import outline
from fourweek.database import Database
from fourweek.errors import NotFound
from tests import factories as make
from tests.courses.learning.school import OPENS, SECOND, School, build
from tests.visits import Browser

AtTime = Callable[[datetime], None]
FACES = (
    {"accept": "text/html"},
    {"accept": "text/html", "hx-request": "true"},
    {"accept": "application/json"},
)


def _hidden(number: int) -> list[str]:
    """Addresses below a module that hold what is not public before its release."""
    base = f"/modules/{number}"
    return [
        f"{base}/lessons/secret-lesson-{number}-0",
        f"{base}/lessons/secret-lesson-{number}-1",
        f"{base}/lessons/secret-terms-{number}",
        f"{base}/files/fig/secret-{number}.svg",
        f"{base}/files/data/secret-{number}%20%C3%BCber.csv",
        f"{base}/files/secret-{number}.txt",
    ]


def _shown(number: int) -> list[str]:
    """Addresses that answer, and must keep silent about what is locked."""
    return ["", f"/modules/{number}", "/search?q=body", "/search?q=terms", f"/search?q={number}.0", "/search?q=%25"]


def _silent(answer: httpx2.Response) -> bool:
    own = answer.request.url  # its own address it may say
    return "secret" not in answer.text.replace(own.path, "").replace(own.raw_path.decode(), "").lower()


def _everywhere(school: School, number: int, *, assignment: bool = True) -> list[str]:
    own = [*_hidden(number), *([f"/modules/{number}/assignments/note-{number}"] if assignment else [])]
    return [school.at(rest) for rest in own]


def test_a_second_before_release_the_learner_gets_404_everywhere(school: School, browser: Any, at_time: AtTime) -> None:
    at_time(OPENS - SECOND)
    alice: Browser = browser(school.alice)
    for number in (1, 4):
        for address in _everywhere(school, number):
            for face in FACES:
                answer = alice.get(address, headers=face)
                assert (address, answer.status_code, _silent(answer)) == (address, 404, True)
        for address in _everywhere(school, number, assignment=False):
            assert alice.head(address).status_code == 404


def test_a_second_before_release_what_is_shown_says_when_and_nothing_else(
    school: School, browser: Any, at_time: AtTime
) -> None:
    at_time(OPENS - SECOND)
    alice: Browser = browser(school.alice)
    for address in ["/home", *(school.at(rest) for rest in _shown(1))]:
        for face in FACES:
            answer = alice.get(address, headers=face)
            assert (address, answer.status_code, _silent(answer)) == (address, 200, True)
    locked = alice.get(school.at("/modules/1"))
    assert "Week 1 in public" in locked.text
    assert f'<time datetime="{OPENS:%Y-%m-%dT%H:%M:%SZ}">' in locked.text
    overview = alice.get(school.at())
    assert overview.text.count("Opens <span") == 4
    assert f'href="{school.at("/modules/1")}"' not in overview.text


def test_at_release_everything_of_that_module_is_there_and_nothing_of_the_next(
    school: School, browser: Any, at_time: AtTime
) -> None:
    at_time(OPENS)
    alice: Browser = browser(school.alice)
    for address in _everywhere(school, 1):
        assert (address, alice.get(address).status_code) == (address, 200)
    for address in _everywhere(school, 1, assignment=False):
        assert alice.head(address).status_code == 200
    for address in _everywhere(school, 2):
        assert (address, alice.get(address).status_code) == (address, 404)
    for address in ["/home", *(school.at(rest) for rest in (*_shown(1), *_shown(2)))]:
        page = alice.get(address)
        assert page.status_code == 200
        for locked in ("secret lesson 2", "secret-lesson-2", "body 2.", "secret terms 2", "secret-2"):
            assert locked not in page.text.lower()
    assert "Secret lesson 1.0" in alice.get(school.at("/modules/1")).text


@pytest.mark.parametrize("who", ["bob", "carol", "dora", "greta"])
def test_withdrawn_stranger_other_cohort_and_its_grader_get_404(
    school: School, browser: Any, at_time: AtTime, who: str
) -> None:
    person: Browser = browser(getattr(school, who))
    for instant in (OPENS - SECOND, OPENS):
        at_time(instant)
        for address in [*_everywhere(school, 1), *(school.at(rest) for rest in _shown(1))]:
            for face in FACES:
                answer = person.get(address, headers=face)
                assert (address, answer.status_code, _silent(answer)) == (address, 404, True)


def test_anonymous_is_asked_to_sign_in(school: School, browser: Any, at_time: AtTime) -> None:
    guest: Browser = browser()
    for instant in (OPENS - SECOND, OPENS):
        at_time(instant)
        for address in ["/home", *_everywhere(school, 1), *(school.at(rest) for rest in _shown(1))]:
            page, json = guest.get(address), guest.get(address, headers={"accept": "application/json"})
            assert (page.status_code, json.status_code) == (303, 401)
            assert page.headers["location"].startswith("/sign-in?next=")
            assert _silent(page)
            assert _silent(json)


def test_marking_a_locked_lesson_is_404(school: School, browser: Any, at_time: AtTime) -> None:
    at_time(OPENS)
    alice: Browser = browser(school.alice)
    lesson = school.at("/modules/1/lessons/secret-lesson-1-0")
    token = alice.get(lesson).text.split('name="form_token" value="')[1].split('"')[0]
    at_time(OPENS - SECOND)
    answer = alice.post(lesson + "/read", data={"form_token": token, "read": "1"})
    assert (answer.status_code, _silent(answer)) == (404, True)


def test_release_is_decided_to_the_microsecond(db: Database) -> None:
    school = db.write_now(build)
    just_before = make.visitor(school.alice, OPENS - timedelta(microseconds=1))
    with pytest.raises(NotFound):
        db.read_now(reader_of_open, just_before, school.cohort, 1)
    assert db.read_now(reader_of_open, make.visitor(school.alice, OPENS), school.cohort, 1).place is not None


def test_kept_outline_opens_nothing(school: School, browser: Any, at_time: AtTime, db: Database) -> None:
    """Dora's cohort of the same version has long been open, so its lesson titles are in memory."""
    at_time(OPENS - SECOND)
    assert "Secret lesson 1.0" in browser(school.dora).get(school.at("/modules/1", school.other)).text
    assert db.read_now(outline, school.made.version_id)[0].lessons[0].title == "Secret lesson 1.0"
    alice: Browser = browser(school.alice)
    assert _silent(alice.get(school.at("/modules/1")))
    assert _silent(alice.get(school.at()))


@pytest.mark.parametrize("number", ["0", "5", "-1", "99999999999999999999999", "one"])
def test_modules_that_are_not_there_are_404(school: School, browser: Any, at_time: AtTime, number: str) -> None:
    at_time(OPENS)
    for who in (school.alice, school.lena):
        person: Browser = browser(who)
        for rest in ("", "/lessons/secret-lesson-1-0", "/files/secret-1.txt"):
            assert person.get(school.at(f"/modules/{number}{rest}")).status_code == 404


def test_odd_addresses_are_not_there(school: School, browser: Any, at_time: AtTime) -> None:
    at_time(OPENS)
    assert browser(school.alice).get(school.at("/modules/1/files/../../x")).status_code == 404


@pytest.mark.parametrize("rest", ["/modules/1/lessons/a%00b", "/modules/1/files/a%00b", "a%00b"])
def test_a_nul_in_an_address_is_refused_at_the_door(school: School, browser: Any, at_time: AtTime, rest: str) -> None:
    at_time(OPENS)
    assert browser(school.alice).get(school.at(rest)).status_code == 400
