"""Webhooks are the registrars' and operators' alone: added, looked at, tested, sent again, ended."""

import json
from typing import Any

import pytest
from sqlalchemy import Connection, select

from fourweek.accounts.models import Role
from fourweek.audit.service import ROW
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.edge import House
from fourweek.webhooks.delivery import deliver_messages
from fourweek.webhooks.kinds import EventKind
from fourweek.webhooks.queries import HOOK, MESSAGE, PER_PAGE
from fourweek.webhooks.sending import Answer
from fourweek.webhooks.service import MOST_HOOKS, tell
from tests import factories
from tests.fourweek.webhooks.receiving import webhook
from tests.statements import statements

URL = "https://alumni.example/hook"


@pytest.fixture
def registrar(db: Database, browser: Any) -> Any:
    return browser(db.write_now(factories.with_role, Role.REGISTRAR))


def _message(conn: Connection, hook_id: str, number: int = 1) -> str:
    tell(conn, EventKind.REVOKED, f"revoked:{number}", {"badge": "https://learn.example/badges/<b>"}, real_time())
    wanted = select(MESSAGE.c.id).where(MESSAGE.c.webhook_id == hook_id).order_by(MESSAGE.c.id.desc())
    return str(conn.execute(wanted.limit(1)).scalar_one())


def _paths(hook_id: str, message_id: str) -> tuple[str, ...]:
    of_hook = f"/webhooks/{hook_id}"
    return ("/webhooks", "/webhooks/new", of_hook, f"{of_hook}/end", f"/webhooks/messages/{message_id}")


def test_guests_sign_in_and_others_find_nothing(db: Database, browser: Any) -> None:
    hook = db.write_now(webhook)
    message = db.write_now(_message, hook.id)
    author = browser(db.write_now(factories.with_role, Role.AUTHOR))
    operator = browser(db.write_now(factories.with_role, Role.OPERATOR))
    for path in _paths(hook.id, message):
        assert browser().get(path).headers["location"] == f"/sign-in?next={path}"
        assert (author.get(path).status_code, operator.get(path).status_code) == (404, 200)
    assert "/webhooks" not in author.get("/home").text
    assert '"/webhooks"' in operator.get("/home").text
    token = author.get("/notices/choices").text.split('name="form_token" value="')[1].split('"')[0]
    acts = [f"/webhooks/{hook.id}/{act}" for act in ("test", "again", "end")]
    for path in ("/webhooks/new", f"/webhooks/messages/{message}/again", *acts):
        assert author.post(path, data={"form_token": token, "url": URL, "title": "Mine"}).status_code == 404, path
    for path in ("/webhooks/unknown", "/webhooks/messages/unknown"):
        assert operator.get(path).status_code == 404, path


def test_a_webhook_is_added_and_its_secret_shown_once(db: Database, registrar: Any) -> None:
    page = registrar.submit("/webhooks/new", "/webhooks/new", title=" Alumni  system ", url=URL)
    row = db.read_now(lambda conn: conn.execute(select(HOOK)).one())
    assert (page.status_code, row.secret in page.text, page.headers["cache-control"]) == (200, True, "no-store")
    assert (row.title, row.url, row.kinds) == ("Alumni system", URL, ["badge.withdrawn"])
    act = db.read_now(lambda conn: conn.execute(select(ROW).where(ROW.c.act == "webhook.add")).one())
    assert (act.subject_id, act.detail) == (row.id, {"url": URL, "kinds": row.kinds})
    for path in ("/webhooks", f"/webhooks/{row.id}"):
        page = registrar.get(path).text
        assert ("Alumni system" in page, URL in page, row.secret in page) == (True, True, False)


def test_a_form_that_cannot_be_taken_comes_back(db: Database, registrar: Any) -> None:
    bad = registrar.submit("/webhooks/new", "/webhooks/new", title="", url="http://10.0.0.1/<b>", kinds=None)
    assert bad.status_code == 422
    for words in ("Say which program", "must begin with https://", "Choose what", "http://10.0.0.1/&lt;b&gt;"):
        assert words in bad.text
    db.write_now(webhook, URL)
    again = registrar.submit("/webhooks/new", "/webhooks/new", title="Twice", url=URL)
    assert (again.status_code, "leads to this address already" in again.text) == (422, True)
    for number in range(MOST_HOOKS):
        db.write_now(webhook, f"https://example.org/{number}")
    full = registrar.submit("/webhooks/new", "/webhooks/new", title="One more", url="https://more.example/")
    assert (full.status_code, f"There are {MOST_HOOKS} webhooks" in full.text) == (422, True)


def test_the_log_is_paged_and_filtered_in_few_statements(house: House, registrar: Any) -> None:
    hook = house.db.write_now(webhook)
    for number in range(PER_PAGE + 3):
        house.db.write_now(_message, hook.id, number)
    with statements(house.db) as count:
        page = registrar.get(f"/webhooks/{hook.id}").text
    assert count.number <= 6
    assert page.count('href="/webhooks/messages/') == PER_PAGE
    assert f"Waiting ({PER_PAGE + 3})" in page
    older = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert registrar.get(older).text.count('href="/webhooks/messages/') == 3
    assert "No such message" in registrar.get(f"/webhooks/{hook.id}?show=delivered").text
    assert registrar.get(f"/webhooks/{hook.id}?show=waiting").text.count('href="/webhooks/messages/') == PER_PAGE


def test_one_message_shows_what_is_sent_and_what_came_of_it(db: Database, registrar: Any) -> None:
    hook = db.write_now(webhook)
    message = db.write_now(_message, hook.id)
    deliver_messages(db, lambda *_sent: Answer(400, "It answered 400: <no>"), real_time())
    page = registrar.get(f"/webhooks/messages/{message}").text
    for words in ("It answered 400: &lt;no&gt;", "/badges/&lt;b&gt;", "Tried once", "To be tried again", message):
        assert words in page
    assert hook.secret not in page


def test_a_message_is_sent_again(db: Database, registrar: Any) -> None:
    hook = db.write_now(webhook)
    message = db.write_now(_message, hook.id)
    sent: list[str] = []

    def send(_url: str, _headers: object, body: str) -> Answer:
        sent.append(json.loads(body)["id"])
        return Answer(200)

    deliver_messages(db, send, real_time())
    here = f"/webhooks/messages/{message}"
    assert "Delivered" in registrar.get(here).text
    assert registrar.submit(here, f"{here}/again").headers["location"] == here
    deliver_messages(db, send, real_time())
    assert sent == [message, message]


def test_a_test_message_goes_to_one_webhook_alone(db: Database, registrar: Any) -> None:
    hook, other = db.write_now(webhook), db.write_now(webhook, "https://example.org/2")
    answer = registrar.submit(f"/webhooks/{hook.id}", f"/webhooks/{hook.id}/test")
    row = db.read_now(lambda conn: conn.execute(select(MESSAGE)).one())
    assert (row.webhook_id, row.kind, other.id == hook.id) == (hook.id, "webhook.test", False)
    assert answer.headers["location"] == f"/webhooks/messages/{row.id}"


def test_what_was_given_up_is_sent_again_together(db: Database, registrar: Any) -> None:
    hook = db.write_now(webhook)
    for number in range(3):
        db.write_now(_message, hook.id, number)
    here = f"/webhooks/{hook.id}"
    assert f"{here}/again" not in registrar.get(here).text
    db.write_now(lambda conn: conn.execute(MESSAGE.update().values(try_at=None, attempts=10)))
    assert registrar.submit(here, f"{here}/again").status_code == 303
    assert deliver_messages(db, lambda *_sent: Answer(200), real_time()) == 3


def test_an_ended_webhook_gets_nothing_more(db: Database, registrar: Any) -> None:
    hook = db.write_now(webhook)
    message = db.write_now(_message, hook.id)
    assert registrar.submit(f"/webhooks/{hook.id}/end", f"/webhooks/{hook.id}/end").status_code == 303
    assert deliver_messages(db, lambda *_sent: Answer(200), real_time()) == 0
    page = registrar.get(f"/webhooks/{hook.id}").text
    assert ("Ended" in page, f"/webhooks/{hook.id}/test" in page) == (True, False)
    assert "It has ended already" in registrar.get(f"/webhooks/{hook.id}/end").text
    token = registrar.get("/webhooks/new").text.split('name="form_token" value="')[1].split('"')[0]
    for path in (f"/webhooks/messages/{message}/again", f"/webhooks/{hook.id}/test"):
        assert registrar.post(path, data={"form_token": token}).status_code == 409
    assert registrar.post(f"/webhooks/{hook.id}/end", data={"form_token": token}).status_code == 303
