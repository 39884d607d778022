"""Answers, closing, hiding, and changing what one has just posted."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from courses.questions.models import Question, Reply
from courses.questions.queries import QUESTION, REPLY
from courses.questions.rules import EDIT_FOR, TOO_LATE
from fourweek.audit.models import AuditRow
from fourweek.clock import real_time
from tests.courses.questions.conftest import Forum, ask, press, reply
from tests.visits import Browser, forms

LATER = EDIT_FOR + timedelta(seconds=2)


def test_who_may_settle_and_who_may_hide(forum: Forum, alice: Browser, erin: Browser, browser: Any) -> None:
    ask(alice, forum)
    reply(erin, forum)
    one, answer = forum.one, forum.reply.id
    acts: tuple[tuple[str, dict[str, str]], ...] = (
        (f"{one}/answer", {"reply": answer}),
        (f"{one}/close", {"closed": "1"}),
        (f"{one}/hide", {"reason": "R"}),
        (f"{one}/show", {}),
    )
    expected = {
        forum.school.carol: [404] * 4,
        forum.school.bob: [404] * 4,
        forum.jade: [404] * 4,
        forum.erin: [403] * 4,
        forum.school.lena: [403] * 4,
    }
    for person, statuses in expected.items():
        visitor = browser(person)
        assert [press(visitor, path, **values).status_code for path, values in acts] == statuses
    assert [press(alice, path, **values).status_code for path, values in acts[2:]] == [403, 403]
    assert [browser(person).get(f"{one}/hide").status_code for person in (forum.erin, forum.ivan)] == [403, 200]
    assert forum.acts() == ["question.ask", "question.reply"]


def test_asker_marks_the_answer_and_takes_the_mark_away(forum: Forum, alice: Browser, erin: Browser) -> None:
    ask(alice, forum)
    reply(erin, forum)
    one, answer = forum.one, forum.reply.id
    assert press(alice, f"{one}/answer", reply="0" * 26).status_code == 404
    assert alice.submit(one, f"{one}/answer").headers["location"] == one
    assert (forum.question.answer_id, forum.question.answered_at is not None) == (answer, True)
    page = erin.get(one).text
    assert (">Answered<" in page, ">Answer</h2>" in page, page.count("<strong>things</strong>")) == (True, True, 1)
    listed = [erin.get(f"{forum.at}?show={show}").text for show in ("all", "open", "answered", "odd")]
    assert ["Why a budget?" in text for text in listed] == [True, False, True, True]
    alice.submit(one, f"{one}/answer")
    assert (forum.question.answer_id, forum.question.answered_at) == (None, None)
    assert forum.acts()[2:] == ["question.answer", "question.unanswer"]


def test_staff_may_reply_with_the_answer_but_a_learner_may_not(
    forum: Forum, alice: Browser, erin: Browser, ivan: Browser
) -> None:
    ask(alice, forum)
    reply(erin, forum, answers="1")
    assert forum.question.answer_id is None
    reply(ivan, forum, "It is this.", answers="1")
    assert forum.question.answer_id == forum.reply.id


def test_those_who_teach_see_who_settled_a_question(
    forum: Forum, alice: Browser, erin: Browser, ivan: Browser, browser: Any
) -> None:
    ask(alice, forum)
    reply(erin, forum)
    one, answer = forum.one, forum.reply.id
    press(alice, f"{one}/answer", reply=answer)
    press(ivan, f"{one}/close", closed="1")
    assert (forum.question.answered_by, forum.question.closed_by) == (forum.school.alice, forum.ivan)
    said = ("Answer marked by Alice Brook, ", "Closed by Ivan Teach, ")
    for visitor, seen in ((ivan, True), (alice, False), (erin, False), (browser(forum.school.lena), False)):
        page = visitor.get(one).text
        assert [words in page for words in said] == [seen, seen]
    press(alice, f"{one}/close", closed="0")
    press(ivan, f"{one}/answer", reply="")
    assert (forum.question.answered_by, forum.question.closed_by) == (None, None)
    assert "marked by" not in ivan.get(one).text


def test_closed_question_takes_no_reply_and_gives_back_what_was_typed(
    forum: Forum, alice: Browser, erin: Browser
) -> None:
    ask(alice, forum)
    fields = forms(erin.get(forum.one).text)[f"{forum.one}/reply"]
    alice.submit(forum.one, f"{forum.one}/close")
    assert forum.question.closed_at is not None
    answer = erin.post(f"{forum.one}/reply", data=fields | {"body": "Typed before it closed.", "act": "post"})
    assert (answer.status_code, "Typed before it closed." in answer.text) == (422, True)
    assert "takes no replies any more" in answer.text
    assert f"{forum.one}/reply" not in forms(erin.get(forum.one).text)
    alice.submit(forum.one, f"{forum.one}/close")
    assert (forum.question.closed_at, reply(erin, forum).status_code) == (None, 303)
    assert forum.acts() == ["question.ask", "question.close", "question.reopen", "question.reply"]


def test_hidden_reply_is_seen_by_its_author_and_staff_with_the_reason(
    forum: Forum, alice: Browser, erin: Browser, ivan: Browser
) -> None:
    ask(alice, forum)
    reply(erin, forum, "Rude words.")
    one, hidden = forum.one, forum.reply.id
    alice.submit(one, f"{one}/answer")
    empty = ivan.submit(f"{one}/hide?reply={hidden}", f"{one}/hide", reason=" ")
    assert (empty.status_code, forum.reply.hidden_at, "Rude words." in empty.text) == (422, None, True)
    assert ivan.submit(f"{one}/hide?reply={hidden}", f"{one}/hide", reason="Be kind.").status_code == 303
    assert forum.question.answer_id is None
    assert forum.letters("question_replied") == set()
    shown = {name: visitor.get(one).text for name, visitor in (("alice", alice), ("erin", erin), ("ivan", ivan))}
    assert {name: "Rude words." in text for name, text in shown.items()} == {"alice": False, "erin": True, "ivan": True}
    assert {name: "Be kind." in text for name, text in shown.items()} == {"alice": False, "erin": True, "ivan": True}
    assert ("Hidden by staff." in shown["alice"], "Hidden by Ivan Teach on" in shown["ivan"]) == (True, True)
    assert press(alice, f"{one}/answer", reply=hidden).status_code == 409
    assert press(ivan, f"{one}/hide", reply=hidden, reason="Again").status_code == 409
    (audit,) = [row for row in forum.rows(AuditRow) if row.act == "reply.hide"]
    assert (audit.reason, audit.subject_id, audit.actor_id) == ("Be kind.", hidden, forum.ivan)
    ivan.submit(one, f"{one}/show")
    assert ("Rude words." in alice.get(one).text, forum.acts()[-1]) == (True, "reply.show")


def test_hidden_question_hides_its_title_and_its_replies(
    forum: Forum, alice: Browser, erin: Browser, ivan: Browser
) -> None:
    ask(alice, forum, title="Rude title")
    reply(erin, forum, "Quoted: rude.")
    one = forum.one
    press(ivan, f"{one}/hide", reason="Be kind.")
    assert forum.letters("question_asked") == set()
    for page in (forum.at, one):
        assert ("Rude title" in erin.get(page).text, "Hidden by staff" in erin.get(page).text) == (False, True)
        assert ("Rude title" in alice.get(page).text, "Rude title" in ivan.get(page).text) == (True, True)
    assert ("Quoted: rude." in erin.get(one).text, "Be kind." in alice.get(one).text) == (False, True)
    key = "0" * 25 + "1"
    assert press(erin, f"{one}/reply", key=key, body="More", act="post").status_code == 422
    assert press(alice, f"{one}/close", closed="1").status_code == 409
    assert len(forum.rows(Reply)) == 1
    press(ivan, f"{one}/show")
    assert "Rude title" in erin.get(one).text


def test_author_alone_changes_a_post_within_fifteen_minutes(
    forum: Forum, alice: Browser, erin: Browser, ivan: Browser
) -> None:
    ask(alice, forum)
    reply(erin, forum)
    pages = (f"{forum.one}/edit", f"{forum.one}/replies/{forum.reply.id}/edit")
    assert [[visitor.get(page).status_code for page in pages] for visitor in (alice, erin, ivan)] == [
        [200, 403],
        [403, 200],
        [403, 403],
    ]
    assert press(ivan, pages[0], title="T", body="B", act="post").status_code == 403
    alice.submit(pages[0], pages[0], title="Why, again?", act="post")
    erin.submit(pages[1], pages[1], body="Because *so*.", act="post")
    assert (forum.question.title, forum.reply.html) == ("Why, again?", "<p>Because <em>so</em>.</p>")
    assert forum.acts()[2:] == ["question.edit", "reply.edit"]
    assert erin.submit(pages[1], pages[1], body="P", act="preview").status_code == 200
    fields = forms(alice.get(pages[0]).text)[pages[0]]

    past = real_time() - LATER
    forum.db.write_now(lambda conn: conn.execute(update(QUESTION).values(asked_at=past)))
    forum.db.write_now(lambda conn: conn.execute(update(REPLY).values(said_at=past)))
    assert [alice.get(pages[0]).status_code, erin.get(pages[1]).status_code] == [403, 403]
    assert "Change it" not in alice.get(forum.one).text
    late = alice.post(pages[0], data=fields | {"title": "Too late", "act": "post"})
    assert (late.status_code, TOO_LATE in late.text, 'value="Too late"' in late.text) == (422, True, True)
    assert forum.question.title == "Why, again?"


def test_post_of_another_question_is_not_found(forum: Forum, alice: Browser, ivan: Browser) -> None:
    ask(alice, forum)
    reply(alice, forum)
    first, answer = forum.question.id, forum.reply.id
    ask(alice, forum, title="Second")
    second = next(row.id for row in forum.rows(Question) if row.id != first)
    there = f"{forum.at}/{second}"
    assert alice.get(f"{there}/replies/{answer}/edit").status_code == 404
    assert press(alice, f"{there}/answer", reply=answer).status_code == 404
    assert press(ivan, f"{there}/hide", reply=answer, reason="R").status_code == 404
