"""What is typed of people who have no account does not stay."""

from sqlalchemy import Connection, select

from fourweek.accounts.sweeping import UNSENT_FOR, sweep
from fourweek.outbox import OUTBOX, post, post_to
from tests import factories
from tests.factories import START


def test_letters_to_an_address_go_when_they_left_or_never_will(conn: Connection) -> None:
    alice = factories.person(conn)
    post(conn, "t:kept", "password_changed", alice, now=START, data={})
    for key, at in (("t:sent", START), ("t:waits", START), ("t:old", START - UNSENT_FOR)):
        post_to(conn, key, "password_reset", "nobody@example.org", now=at, data={})
    conn.execute(OUTBOX.update().where(OUTBOX.c.key.in_(["t:sent", "t:kept"])).values(sent_at=START))
    sweep(conn, START)
    assert set(conn.execute(select(OUTBOX.c.key)).scalars()) == {"t:kept", "t:waits"}
