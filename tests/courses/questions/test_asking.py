"""Asking and replying: who may, what is kept, who is told, what is refused and how nothing typed is lost."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import EnrolmentState
from courses.questions import service
from courses.questions.access import Spot
from courses.questions.forms import PostForm
from courses.questions.models import Question, Reply
from courses.questions.queries import QUESTION
from courses.questions.rules import MOST_POSTS, TOO_MANY
from fourweek.accounts.access import GRANT
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.clock import real_time
from fourweek.database import add, new_id
from fourweek.edge import House
from fourweek.errors import Invalid
from fourweek.mail import compose
from fourweek.outbox import OUTBOX, Letter
from fourweek.pages import Pages
from tests import factories as make
from tests.courses.questions.conftest import Forum, ask, press, reply
from tests.letters import text_of
from tests.visits import Browser, forms


def test_only_who_may_read_the_module_sees_its_questions(forum: Forum, alice: Browser, browser: Any) -> None:
    ask(alice, forum)
    pages = (forum.at, f"{forum.at}/new", forum.one)
    guest = browser()
    assert {guest.get(page).headers["location"].split("?")[0] for page in pages} == {"/sign-in"}
    school = forum.school
    for person, status in (
        (school.carol, 404),
        (school.bob, 404),
        (school.dora, 404),
        (forum.jade, 404),
        (forum.erin, 200),
        (school.lena, 200),
        (forum.ivan, 200),
    ):
        visitor = browser(person)
        assert [visitor.get(page).status_code for page in pages] == [status] * 3
        if status == 404:
            sent = {"key": new_id(), "title": "T", "body": "B"}
            assert press(visitor, f"{forum.at}/new", **sent).status_code == 404
            assert press(visitor, f"{forum.one}/reply", **sent).status_code == 404
    assert (len(forum.rows(Question)), len(forum.rows(Reply))) == (1, 0)


def test_questions_of_a_locked_module_are_not_there(forum: Forum, alice: Browser, ivan: Browser) -> None:
    ask(ivan, forum, title="Secret ahead")
    forum.db.write_now(lambda conn: conn.execute(update(QUESTION).values(module_number=3)))
    ahead = forum.school.at("/modules/3/questions")
    pages = (ahead, f"{ahead}/new", f"{ahead}/{forum.question.id}")
    assert [alice.get(page).status_code for page in pages] == [404] * 3
    assert [ivan.get(page).status_code for page in pages] == [200] * 3
    assert alice.get(f"{forum.at}/{forum.question.id}").status_code == 404
    assert press(alice, f"{ahead}/new", title="T", body="B").status_code == 404


def test_question_is_kept_with_safe_html_and_teachers_are_told(forum: Forum, alice: Browser, erin: Browser) -> None:
    answer = ask(alice, forum, body="<b>x</b> [l](javascript:x)")
    row = forum.question
    assert (answer.status_code, answer.headers["location"]) == (303, forum.one)
    assert (row.author_id, row.module_number, row.title) == (forum.school.alice, 1, "Why a budget?")
    assert row.html == "<p>&lt;b&gt;x&lt;/b&gt; [l](javascript:x)</p>"
    assert forum.acts() == ["question.ask"]
    edited = alice.submit(f"{forum.one}/edit", f"{forum.one}/edit", title="Why a budget?!", body="B", act="save")
    assert (edited.status_code, forum.acts()) == (303, ["question.ask", "question.edit"])
    assert "budget" not in "".join(str(row.detail) for row in forum.rows(AuditRow))  # the log outlives every erasure
    assert forum.letters("question_asked") == {forum.ivan}
    page = erin.get(forum.at).text
    assert ("Why a budget?" in page, "Alice Brook" in page, "no reply" in page) == (True, True, True)


def test_teachers_of_the_school_are_told_where_none_teaches_the_cohort(forum: Forum, alice: Browser) -> None:
    lead = forum.db.write_now(make.with_role, Role.LEAD, "Lea Lead")
    mine = GRANT.c.person_id == forum.ivan
    forum.db.write_now(lambda conn: conn.execute(GRANT.delete().where(mine)))
    ask(alice, forum)
    assert forum.letters("question_asked") == {lead}


def test_reply_tells_the_asker_and_earlier_repliers_only(
    forum: Forum, alice: Browser, erin: Browser, ivan: Browser, browser: Any
) -> None:
    ask(alice, forum)
    answer = reply(erin, forum)
    assert answer.headers["location"] == f"{forum.one}?page=1#reply-{forum.reply.id}"
    assert forum.letters("question_replied") == {forum.school.alice}
    forum.db.write_now(lambda conn: conn.execute(OUTBOX.delete()))
    reply(browser(forum.school.lena), forum, "Lena says.")
    assert forum.letters("question_replied") == {forum.school.alice, forum.erin}
    forum.db.write_now(lambda conn: conn.execute(OUTBOX.delete()))
    gone = ENROLMENT.c.person_id == forum.erin
    left = update(ENROLMENT).where(gone).values(state=EnrolmentState.WITHDRAWN)
    forum.db.write_now(lambda conn: conn.execute(left))
    reply(ivan, forum, "Ivan says.")
    assert forum.letters("question_replied") == {forum.school.alice, forum.school.lena}
    page = alice.get(forum.one).text
    assert (page.count("Because <strong>things</strong> break."), page.count(">Staff<")) == (1, 2)
    assert forum.acts() == ["question.ask"] + ["question.reply"] * 3


def test_completed_learner_goes_on_reading_and_posting(forum: Forum, alice: Browser) -> None:
    done = ENROLMENT.c.person_id == forum.school.alice
    change = update(ENROLMENT).where(done).values(state=EnrolmentState.COMPLETED)
    forum.db.write_now(lambda conn: conn.execute(change))
    assert ask(alice, forum).status_code == 303


def test_preview_keeps_nothing(forum: Forum, alice: Browser) -> None:
    shown = ask(alice, forum, act="preview")
    assert (shown.status_code, "What is <em>it</em> for?" in shown.text) == (200, True)
    assert forms(shown.text)[f"{forum.at}/new"]["title"] == "Why a budget?"
    assert forum.rows(Question) == []
    ask(alice, forum)
    shown = reply(alice, forum, act="preview")
    assert (shown.status_code, "Because <strong>things</strong> break." in shown.text) == (200, True)
    assert forms(shown.text)[f"{forum.one}/reply"]["body"].strip() == "Because **things** break."
    assert forum.rows(Reply) == []


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"title": " "}, "Give it a title."),
        ({"title": "x" * 201}, "at most 200 are kept."),
        ({"body": " "}, "Write something first."),
        ({"body": "y" * 10_001}, "at most 10,000 are kept."),
    ],
)
def test_wrong_question_comes_back_with_what_was_typed(
    forum: Forum, alice: Browser, values: dict[str, str], says: str
) -> None:
    answer = ask(alice, forum, **values)
    assert (answer.status_code, says in answer.text) == (422, True)
    typed = {"title": "Why a budget?", "body": "What is *it* for?"} | values
    shown = forms(answer.text)[f"{forum.at}/new"]
    assert (shown["title"].strip(), shown["body"].strip()) == (typed["title"].strip(), typed["body"].strip())
    assert forum.rows(Question) == []


def test_form_sent_twice_at_once_posts_once(forum: Forum) -> None:
    visitor, ready = make.visitor(forum.school.alice, real_time()), threading.Barrier(4)
    question, answer = PostForm(new_id(), "T", "B"), PostForm(new_id(), "", "R")

    def together(fn: Any, spot: Spot, typed: PostForm) -> None:
        def go() -> None:
            ready.wait()
            forum.db.write_now(fn, visitor, spot, typed, "<p>B</p>")

        threads = [threading.Thread(target=go) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    together(service.ask, Spot(forum.school.cohort, 1), question)
    together(service.reply, Spot(forum.school.cohort, 1, question.key), answer)
    assert (len(forum.rows(Question)), len(forum.rows(Reply))) == (1, 1)
    assert forum.acts() == ["question.ask", "question.reply"]


def test_twenty_posts_an_hour_and_no_more_even_at_once(forum: Forum, alice: Browser) -> None:
    """Two posts at once when one is left: one of them is refused, with what was typed."""
    ask(alice, forum)
    spot = Spot(forum.school.cohort, 1, forum.question.id)
    visitor, ready = make.visitor(forum.school.alice, real_time()), threading.Barrier(2)

    def post() -> None:
        forum.db.write_now(service.reply, visitor, spot, PostForm(new_id(), "", "R"), "<p>R</p>")

    for _ in range(MOST_POSTS - 2):
        post()
    refused: list[str] = []

    def go() -> None:
        ready.wait()
        try:
            post()
        except Invalid as invalid:
            refused.append(invalid.fields[""])

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (refused, len(forum.rows(Reply))) == ([TOO_MANY.format(count=MOST_POSTS)], MOST_POSTS - 1)
    for answer in (reply(alice, forum, "Kept text"), ask(alice, forum, body="Kept text")):
        assert (answer.status_code, "You have posted 20 times" in answer.text, "Kept text" in answer.text) == (
            422,
            True,
            True,
        )
    back = timedelta(hours=1)
    forum.db.write_now(lambda conn: conn.execute(update(QUESTION).values(asked_at=real_time() - back)))
    assert reply(alice, forum).status_code == 303


def test_replies_are_paged_and_statements_do_not_grow(forum: Forum, alice: Browser, count_of: Any) -> None:
    ask(alice, forum)
    alice.get(forum.one)
    few = (count_of(alice, forum.at), count_of(alice, forum.one))
    question = forum.question

    def fill(conn: Connection) -> None:
        for number in range(30):
            person = make.person(conn, f"P{number} Brook")
            row: Any = {"author_id": person, "body": "b", "html": "<p>b</p>"}
            at = real_time() + timedelta(seconds=number)
            make_reply = Reply(id=f"{number:026}", question_id=question.id, said_at=at, **row)
            asked = Question(
                id=f"q{number:025}", cohort_id=question.cohort_id, module_number=1, title="Q", asked_at=at, **row
            )
            add(conn, make_reply)
            add(conn, asked)

    forum.db.write_now(fill)
    assert (count_of(alice, forum.at), count_of(alice, forum.at, "?page=2")) == (few[0], few[0])
    assert count_of(alice, f"{forum.at}/{question.id}") == few[1]
    assert max(few) <= 6
    one = f"{forum.at}/{question.id}"
    assert ["P0 Brook" in alice.get(page).text for page in (one, f"{one}?page=2")] == [True, False]
    assert ["P29 Brook" in alice.get(page).text for page in (one, f"{one}?page=2")] == [False, True]
    assert "Page 1 of 2" in alice.get(forum.at).text
    answer = alice.submit(one, f"{one}/reply", body="Last", act="post")
    assert answer.headers["location"].startswith(f"{one}?page=2#reply-")


def test_letters_read_well(forum: Forum, alice: Browser, erin: Browser, house: House) -> None:
    ask(alice, forum)
    reply(erin, forum)
    rows = forum.db.read_now(lambda conn: conn.execute(OUTBOX.select().order_by(OUTBOX.c.kind)).all())
    letters = [Letter("m", make.START, "a@example.org", row.kind, row.data) for row in rows]
    asked, replied = (compose(letter, house.settings, Pages((), str).env) for letter in letters)
    assert asked["Subject"] == "A question on module 1: Why a budget?"
    assert text_of(asked).startswith("Alice Brook asks about module 1 of Running a Reliable Service")
    assert replied["Subject"] == "A reply to: Why a budget?"
    assert f"http://testserver{forum.one}?page=1#reply-{forum.reply.id}" in text_of(replied)
