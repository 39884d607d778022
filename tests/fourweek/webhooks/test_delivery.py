"""Messages arrive at least once and are signed anew on each try; a receiver in trouble holds up nobody but itself."""

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from fourweek.database import Database
from fourweek.outbox import OUTBOX
from fourweek.webhooks.delivery import LEASE, LONGEST_REST, PAUSES, deliver_messages
from fourweek.webhooks.keeping import HOUR, KEPT_FOR, look_after
from fourweek.webhooks.kinds import EventKind
from fourweek.webhooks.models import Webhook
from fourweek.webhooks.queries import HOOK, MESSAGE
from fourweek.webhooks.sending import Answer, Sender
from fourweek.webhooks.service import tell
from fourweek.webhooks.signing import signature
from tests import factories
from tests.fourweek.webhooks.receiving import listening, webhook

NOW = factories.START
MINUTE = timedelta(minutes=1)
WELL = "https://well.example/"
DOWN = Answer(503, "It answered 503.")


def _tell(conn: Connection, number: int) -> None:
    tell(conn, EventKind.AWARDED, f"award:{number}", {"badge": f"https://learn.example/badges/{number}"}, NOW)


def _hook(db: Database, url: str = WELL, messages: int = 0) -> Webhook:
    hook = db.write_now(webhook, url)
    for number in range(messages):
        db.write_now(_tell, number)
    return hook


def _rows(db: Database) -> list[Any]:
    return list(db.read_now(lambda conn: conn.execute(select(MESSAGE).order_by(MESSAGE.c.id)).all()))


class Program:
    """A receiver in this process: notes what it gets, and answers by address."""

    def __init__(self, answers: Mapping[str, Answer] | None = None) -> None:
        self.answers = answers or {}
        self.got: list[tuple[str, Mapping[str, str], str]] = []

    def __call__(self, url: str, headers: Mapping[str, str], body: str) -> Answer:
        self.got.append((url, headers, body))
        return self.answers.get(url, Answer(204))


def test_a_message_arrives_signed_with_its_exact_body(db: Database) -> None:
    with listening() as listener:
        hook = _hook(db, listener.url, messages=1)
        assert deliver_messages(db, Sender(inside=True), NOW) == 1
        assert deliver_messages(db, Sender(inside=True), NOW + LEASE) == 0
        ((_, headers, body),) = listener.got
    (row,) = _rows(db)
    assert (body.decode(), headers["webhook-id"]) == (row.body, row.id)
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["webhook-signature"] == signature(hook.secret, row.id, headers["webhook-timestamp"], row.body)
    assert (row.delivered_at, row.try_at, row.attempts, row.status, row.problem) == (NOW, None, 1, 204, "")


def test_a_failed_message_is_tried_again_with_growing_pauses_then_given_up(db: Database) -> None:
    _hook(db, messages=1)
    at, refusing = NOW, Program({WELL: Answer(400, "It answered 400: no.")})
    for pause in PAUSES:
        assert deliver_messages(db, refusing, at - timedelta(seconds=1)) == 0
        deliver_messages(db, refusing, at)
        (row,) = _rows(db)
        assert row.try_at == at + pause
        at += pause
    deliver_messages(db, refusing, at)
    (row,) = _rows(db)
    assert (row.attempts, row.try_at, row.delivered_at) == (len(PAUSES) + 1, None, None)
    assert (row.status, row.problem, row.tried_at) == (400, "It answered 400: no.", at)
    assert len(refusing.got) == len(PAUSES) + 1
    assert len({headers["webhook-id"] for _, headers, _ in refusing.got}) == 1
    assert len({headers["webhook-signature"] for _, headers, _ in refusing.got}) == len(PAUSES) + 1


def test_a_receiver_in_trouble_is_left_alone_and_the_others_are_told(db: Database) -> None:
    down = "https://down.example/"
    _hook(db, down)
    _hook(db, messages=3)
    program = Program({down: DOWN})
    assert deliver_messages(db, program, NOW) == 3
    assert [url for url, _, _ in program.got].count(down) == 1
    waiting = [row for row in _rows(db) if row.delivered_at is None]
    assert [(row.attempts, row.try_at) for row in waiting] == [(1, NOW + MINUTE), (0, NOW + MINUTE), (0, NOW + MINUTE)]
    program.answers = {}
    assert deliver_messages(db, program, NOW + MINUTE) == 3


def test_what_waits_behind_an_old_message_does_not_wait_as_long(db: Database) -> None:
    _hook(db, messages=2)
    first = _rows(db)[0].id
    db.write_now(lambda conn: conn.execute(update(MESSAGE).where(MESSAGE.c.id == first).values(attempts=8)))
    deliver_messages(db, Program({WELL: DOWN}), NOW)
    assert [row.try_at for row in _rows(db)] == [NOW + timedelta(days=1), NOW + LONGEST_REST]


def test_a_refused_message_does_not_hold_up_the_next(db: Database) -> None:
    _hook(db, messages=2)
    first = _rows(db)[0].id

    def send(_url: str, headers: Mapping[str, str], _body: str) -> Answer:
        return Answer(422, "It answered 422.") if headers["webhook-id"] == first else Answer(200)

    assert deliver_messages(db, send, NOW) == 1
    assert [row.status for row in _rows(db)] == [422, 200]


def test_two_workers_at_once_send_each_message_once(db: Database) -> None:
    _hook(db, messages=20)
    program = Program()
    threads = [threading.Thread(target=deliver_messages, args=(db, program, NOW)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = [headers["webhook-id"] for _, headers, _ in program.got]
    assert len(sent) == len(set(sent)) == 20


def test_a_message_whose_worker_died_is_sent_again_when_the_lease_ends(db: Database) -> None:
    _hook(db, messages=1)

    def die(*_message: object) -> Answer:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver_messages(db, die, NOW)
    program = Program()
    assert deliver_messages(db, program, NOW + LEASE / 2) == 0
    assert deliver_messages(db, program, NOW + LEASE) == 1


def test_a_message_that_cannot_be_sent_does_not_stop_the_others(db: Database) -> None:
    _hook(db, "https://odd.example/")
    _hook(db, messages=1)

    def send(url: str, _headers: Mapping[str, str], _body: str) -> Answer:
        if url == WELL:
            return Answer(200)
        raise ValueError("a fault of our own")

    assert deliver_messages(db, send, NOW) == 1
    assert sorted(row.problem for row in _rows(db)) == ["", "It could not be sent (ValueError)."]


def test_nothing_is_sent_to_a_webhook_that_has_ended(db: Database) -> None:
    hook = _hook(db, messages=1)
    db.write_now(lambda conn: conn.execute(update(HOOK).where(HOOK.c.id == hook.id).values(ended_at=NOW)))
    program = Program()
    assert (deliver_messages(db, program, NOW), program.got) == (0, [])


def test_whoever_made_a_webhook_is_told_once_that_it_fails_for_days(db: Database) -> None:
    hook = _hook(db, messages=1)
    deliver_messages(db, Program({WELL: DOWN}), NOW)
    later = NOW + timedelta(days=2)
    assert [look_after(db, at) for at in (later - MINUTE, later, later + HOUR, later + 2 * HOUR)] == [0, 0, 1, 0]
    (notice,) = db.read_now(lambda conn: conn.execute(select(OUTBOX)).all())
    assert (notice.kind, notice.person_id, notice.data) == (
        "webhook_failing",
        hook.made_by,
        {"title": "Alumni system", "url": WELL, "problem": "It answered 503.", "path": f"/webhooks/{hook.id}"},
    )


def test_a_webhook_that_took_something_meanwhile_does_not_fail(db: Database) -> None:
    _hook(db, messages=2)
    first = _rows(db)[0].id
    later = NOW + timedelta(days=2)

    def send(_url: str, headers: Mapping[str, str], _body: str) -> Answer:
        return Answer(422, "It answered 422.") if headers["webhook-id"] == first else Answer(200)

    deliver_messages(db, send, NOW + MINUTE)
    assert look_after(db, later) == 0


def test_old_messages_are_removed_unless_they_still_wait(db: Database) -> None:
    _hook(db, messages=2)
    first = _rows(db)[0].id
    db.write_now(lambda conn: conn.execute(update(MESSAGE).where(MESSAGE.c.id == first).values(try_at=None)))
    assert [look_after(db, NOW + KEPT_FOR - HOUR * 2), look_after(db, NOW + KEPT_FOR)] == [0, 1]
    assert [row.id == first for row in _rows(db)] == [False]
