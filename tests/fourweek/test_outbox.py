"""Mail leaves once per key, at least once, and a poisoned letter is parked."""

import threading
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from types import SimpleNamespace

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined
from sqlalchemy import Connection, select

from fourweek.database import Database
from fourweek.mail import sender
from fourweek.outbox import BATCH, LEASE, OUTBOX, PARK_AFTER, Letter, Mail, deliver, post, post_all, withdraw
from fourweek.settings import Settings
from tests import factories
from tests.letters import text_of
from tests.statements import statements

NOW = factories.START


def _post(conn: Connection, key: str = "hello:1") -> bool:
    return post(conn, key, "hello", factories.person(conn), now=NOW, data={"name": "Zoë <b>"})


def test_a_key_is_posted_once(conn: Connection) -> None:
    assert [_post(conn), _post(conn), _post(conn, "hello:2")] == [True, False, True]


def test_a_letter_of_a_rolled_back_act_never_leaves(db: Database) -> None:
    def act(conn: Connection) -> None:
        _post(conn)
        raise ValueError("the act failed")

    with pytest.raises(ValueError, match="the act failed"):
        db.write_now(act)
    assert deliver(db, lambda _letter: None, NOW) == 0


def test_a_letter_leaves_at_its_instant(db: Database) -> None:
    later = NOW + timedelta(minutes=10)

    def act(conn: Connection) -> None:
        post(conn, "later", "hello", factories.person(conn), now=NOW, at=later, data={})

    db.write_now(act)
    assert db.read_now(lambda c: c.execute(select(OUTBOX.c.created_at)).scalar_one()) == NOW
    assert deliver(db, lambda _letter: None, later - timedelta(seconds=1)) == 0
    assert deliver(db, lambda _letter: None, later) == 1


def test_a_withdrawn_letter_never_leaves_and_can_be_posted_again(db: Database) -> None:
    db.write_now(_post, "one")
    db.write_now(_post, "other")
    db.write_now(withdraw, "one")
    assert deliver(db, lambda _letter: None, NOW) == 1
    db.write_now(withdraw, "other")
    assert db.read_now(lambda c: c.execute(select(OUTBOX.c.key)).scalars().all()) == ["other"]
    assert db.write_now(_post, "one")


def test_two_workers_at_once_send_each_letter_once(db: Database) -> None:
    for number in range(30):
        db.write_now(_post, f"hello:{number}")
    sent: list[str] = []
    threads = [threading.Thread(target=deliver, args=(db, lambda a: sent.append(a.message_id), NOW)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent) == len(set(sent)) == 30


def test_a_letter_whose_sender_died_is_sent_again_with_the_same_id(db: Database) -> None:
    db.write_now(_post)
    seen: list[str] = []

    def die(letter: Letter) -> None:
        seen.append(letter.message_id)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(db, die, NOW)
    assert deliver(db, lambda a: seen.append(a.message_id), NOW + LEASE / 2) == 0
    assert deliver(db, lambda a: seen.append(a.message_id), NOW + LEASE) == 1
    assert len(seen) == 2
    assert seen[0] == seen[1]


def test_a_poisoned_letter_is_parked_and_the_others_leave(db: Database) -> None:
    db.write_now(_post, "poison")
    db.write_now(_post, "good")

    def send(letter: Letter) -> None:
        if letter.message_id == poison:
            raise OSError("the server says no")

    poison = db.read_now(lambda c: c.execute(select(OUTBOX.c.id).where(OUTBOX.c.key == "poison")).scalar_one())
    at = NOW
    assert deliver(db, send, at) == 1
    for _ in range(PARK_AFTER):
        at += timedelta(days=1)
        deliver(db, send, at)
    row = db.read_now(lambda c: c.execute(select(OUTBOX).where(OUTBOX.c.id == poison)).one())
    assert (row.attempts, row.try_at, row.sent_at, row.problem) == (PARK_AFTER, None, None, "the server says no")


def test_mail_is_written_as_a_file_with_a_stable_id(db: Database, settings: Settings) -> None:
    db.write_now(_post)
    text = "Hello {{ data.name }}\n\nfrom {{ institution }} at {{ base_url }}\n"
    env = Environment(loader=DictLoader({"email/hello.txt": text}), undefined=StrictUndefined, autoescape=False)  # noqa: S701
    assert deliver(db, sender(settings, SimpleNamespace(env=env)), NOW) == 1
    (file,) = settings.mail.glob("*.eml")
    mail = message_from_bytes(file.read_bytes(), policy=default)
    assert mail["Subject"] == "Hello Zoë <b>"
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"] == f"<{file.stem}@testserver>"
    assert text_of(mail).split("\r\n") == ["from Test Institute at http://testserver", ""]


def test_more_than_a_piece_leaves_in_one_turn(db: Database) -> None:
    def fill(conn: Connection) -> int:
        mails = [Mail(f"hello:{number}", factories.person(conn), {}) for number in range(BATCH + 5)]
        return post_all(conn, "hello", mails, now=NOW)

    assert db.write_now(fill) == BATCH + 5
    assert deliver(db, lambda _letter: None, NOW) == BATCH + 5


def test_many_are_put_in_at_once_and_only_the_new_ones_counted(db: Database) -> None:
    def twice(conn: Connection) -> list[int]:
        mails = [Mail(f"posted:{number}", factories.person(conn), {}) for number in range(3)]
        again = [*mails, Mail("posted:3", mails[0].person_id, {})]
        return [post_all(conn, "posted", some, now=NOW) for some in (mails, again, again, [])]

    assert db.write_now(twice) == [3, 1, 0, 0]
    with statements(db) as count:
        db.write_now(lambda conn: post_all(conn, "posted", [], now=NOW))
    assert count.number == 0


def test_leasing_a_piece_takes_the_same_few_statements_however_long_it_is(db: Database) -> None:
    for length in (2, 20):
        for number in range(length):
            db.write_now(
                lambda conn, key: post(conn, key, "posted", factories.person(conn), now=NOW, data={}),
                f"{length}:{number}",
            )
        with statements(db) as count:
            assert deliver(db, lambda _letter: None, NOW) == length
        assert count.number == 5 + length  # what is due, claim, addresses, two for new ones; each letter is noted alone
