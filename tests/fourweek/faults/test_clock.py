"""The machine's clock jumps by a day, either way, and is put right: nobody is out, nothing is doubled or held up."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, select, update

from fourweek import outbox
from fourweek.accounts.access import Visit, identify
from fourweek.accounts.models import SignIn
from fourweek.accounts.service import clear_ended, digest
from fourweek.audit.checking import first_broken_link
from fourweek.audit.service import ROW, chain, record
from fourweek.database import Database, add, new_id
from fourweek.limits.rules import Limit
from fourweek.limits.service import allow, sweep
from fourweek.outbox import OUTBOX, Letter, deliver, post
from tests import factories

NOW = datetime(2026, 11, 4, 9, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
IDLE = timedelta(hours=12)
JUMPS = pytest.mark.parametrize("wrong", [NOW + DAY, NOW - DAY], ids=["ahead", "behind"])


def _knows(conn: Connection, token: str, at: datetime) -> bool:
    visit = Visit(real=at, token_hash=digest(token), demo=False)
    return identify(conn, visit, at - IDLE).person is not None


def _sign_in(conn: Connection, token: str, at: datetime) -> None:
    person, ends = factories.person(conn), at + timedelta(days=14)
    add(
        conn,
        SignIn(id=new_id(), token_hash=digest(token), person_id=person, created_at=at, seen_at=at, ends_at=ends),
    )


@JUMPS
def test_who_was_signed_in_still_is_when_the_clock_is_right_again(conn: Connection, wrong: datetime) -> None:
    _sign_in(conn, "before", NOW)
    clear_ended(conn, wrong)
    _sign_in(conn, "meanwhile", wrong)
    assert _knows(conn, "meanwhile", wrong)
    assert _knows(conn, "before", NOW + MINUTE)
    assert _knows(conn, "meanwhile", NOW + MINUTE) is (wrong > NOW)  # a day without use is too long as ever


def _sent(db: Database, at: datetime, sent: list[str], *, fails: bool = False) -> None:
    def send(letter: Letter) -> None:
        if fails:
            raise OSError("the mail server is away")
        sent.append(letter.message_id)

    deliver(db, send, at)


@JUMPS
def test_a_letter_leaves_once_and_soon_whatever_the_clock_said(db: Database, wrong: datetime) -> None:
    sent: list[str] = []
    person = db.write_now(factories.person)
    db.write_now(post, "k", "receipt", person, now=NOW, data={})
    _sent(db, wrong, sent, fails=True)
    _sent(db, NOW + 3 * MINUTE, sent)
    assert len(sent) == 1
    for at in (wrong, NOW + 2 * DAY):
        _sent(db, at, sent)
    assert len(sent) == 1


def test_a_letter_that_a_worker_took_with_it_into_the_future_is_sent_again(db: Database) -> None:
    """The worker died between taking it and sending it, with the clock a day ahead."""
    sent: list[str] = []
    person = db.write_now(factories.person)
    db.write_now(post, "k", "receipt", person, now=NOW, data={})
    db.write_now(lambda conn: conn.execute(update(OUTBOX).values(try_at=NOW + DAY + outbox.LEASE)))
    _sent(db, NOW, sent)
    assert len(sent) == 1


def test_one_that_is_to_leave_tomorrow_waits_all_the_same(db: Database) -> None:
    sent: list[str] = []
    person = db.write_now(factories.person)
    db.write_now(post, "k", "receipt", person, now=NOW, at=NOW + DAY, data={})
    _sent(db, NOW, sent)
    assert sent == []


@JUMPS
def test_tries_are_counted_anew_and_lock_nobody_out(conn: Connection, wrong: datetime) -> None:
    limit = Limit("tests", 2, 300)
    assert [allow(conn, limit, "k", wrong) for _ in range(3)] == [True, True, False]
    sweep(conn, NOW)
    assert [allow(conn, limit, "k", NOW) for _ in range(3)] == [True, True, False]


@JUMPS
def test_the_audit_chain_is_whole_and_keeps_its_order(conn: Connection, wrong: datetime) -> None:
    for number, at in enumerate((NOW, wrong, NOW + MINUTE)):
        record(conn, "person.add", "person", str(number), at=at, actor_id=None)
        chain(conn)
    assert first_broken_link(conn) is None
    assert conn.execute(select(ROW.c.subject_id).order_by(ROW.c.id)).scalars().all() == ["0", "1", "2"]
