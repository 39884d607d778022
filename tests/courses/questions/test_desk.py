"""What waits for an answer, for those who teach."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from courses.questions.models import Question
from fourweek.accounts.models import Role
from fourweek.clock import real_time
from fourweek.database import add
from tests import factories as make
from tests.courses.questions.conftest import Forum, ask, press, reply
from tests.visits import Browser

DESK = "/staff/questions"


def test_desk_is_for_those_who_teach(forum: Forum, alice: Browser, browser: Any) -> None:
    assert browser().get(DESK).headers["location"].startswith("/sign-in")
    people = (forum.school.carol, forum.school.alice, forum.school.lena, forum.ivan)
    assert [browser(person).get(DESK).status_code for person in people] == [403, 403, 403, 200]
    assert [DESK in browser(person).get("/courses").text for person in people] == [False, False, False, True]


def test_desk_lists_what_waits_in_the_cohorts_one_teaches(
    forum: Forum, alice: Browser, ivan: Browser, browser: Any
) -> None:
    assert "Nothing waits" in ivan.get(DESK).text
    ask(alice, forum)
    lead = browser(forum.db.write_now(make.with_role, Role.LEAD, "Lea Lead"))
    jade = browser(forum.jade)
    assert ["Why a budget?" in visitor.get(DESK).text for visitor in (ivan, lead, jade)] == [True, True, False]
    assert [forum.school.cohort in visitor.get(DESK).text for visitor in (ivan, lead, jade)] == [True, True, False]
    reply(ivan, forum)
    assert "Why a budget?" in ivan.get(DESK).text
    reply(ivan, forum, "It is so.", answers="1")
    assert "Nothing waits" in ivan.get(DESK).text


def test_closed_and_hidden_questions_do_not_wait(forum: Forum, alice: Browser, ivan: Browser) -> None:
    ask(alice, forum)
    press(alice, f"{forum.one}/close", closed="1")
    assert "Nothing waits" in ivan.get(DESK).text
    press(alice, f"{forum.one}/close", closed="0")
    assert "Why a budget?" in ivan.get(DESK).text
    press(ivan, f"{forum.one}/hide", reason="Off the point.")
    assert "Nothing waits" in ivan.get(DESK).text


def test_desk_is_paged_oldest_first_and_its_statements_do_not_grow(
    forum: Forum, alice: Browser, ivan: Browser, count_of: Any
) -> None:
    ask(alice, forum)
    ivan.get(DESK)
    few = count_of(ivan, DESK)

    def fill(conn: Connection) -> None:
        for number in range(26):
            row = Question(
                id=f"{number:026}",
                cohort_id=forum.school.cohort,
                module_number=1,
                author_id=forum.erin,
                title=f"Old {number}.",
                body="b",
                html="<p>b</p>",
                asked_at=real_time() - timedelta(days=30 - number),
            )
            add(conn, row)

    forum.db.write_now(fill)
    assert (count_of(ivan, DESK), few) == (few, 3)
    first, second = ivan.get(DESK).text, ivan.get(f"{DESK}?page=2").text
    assert ("27 questions wait." in first, "Page 1 of 2" in first) == (True, True)
    assert (first.index("Old 0.") < first.index("Old 24."), "Why a budget?" in first) == (True, False)
    assert ("Old 25." in second, "Why a budget?" in second) == (True, True)
