"""Limits that hold together: whom they hold up, and whom they never do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from fourweek.errors import TooMany
from fourweek.limits.bounds import Bounds, Tries, give_back, take
from fourweek.limits.rules import Limit
from fourweek.limits.service import COUNT
from tests.factories import START

SMALL = Bounds(
    both=Limit("t-both", 2, 60),
    account=Limit("t-account", 3, 60),
    network=Limit("t-network", 4, 60),
    ceiling=Limit("t-all", 6, 60),
    few=1,
    device=Limit("t-device", 2, 60),
)
ALICE, BOB, CAROL, DAVE = (letter * 64 for letter in "abcd")
HERE, THERE, FAR, NEW = (digit * 64 for digit in "1234")
MINE = "9" * 64
Try = Callable[..., bool]


@pytest.fixture
def tried(conn: Connection) -> Try:
    """Whether a try is looked at; a refusal takes back what it counted, as the transaction of a request does."""

    def once(account: str, network: str, *, known: bool = False, device: str = MINE) -> bool:
        try:
            with conn.begin_nested():
                take(conn, SMALL, Tries(account, network, device, START), known=known)
        except TooMany:
            return False
        return True

    return once


def test_one_account_from_one_network_is_held_up_first(tried: Try) -> None:
    assert [tried(ALICE, HERE) for _ in range(3)] == [True, True, False]
    assert [tried(ALICE, THERE), tried(BOB, HERE)] == [True, True]


def test_one_account_from_everywhere(tried: Try) -> None:
    assert [tried(ALICE, place) for place in (HERE, THERE, FAR, NEW)] == [True, True, True, False]
    assert tried(BOB, NEW)


def test_one_network_on_every_account(tried: Try) -> None:
    assert [tried(who, HERE) for who in (ALICE, BOB, CAROL, DAVE, "e" * 64)] == [True, True, True, True, False]
    assert tried(ALICE, THERE)


def test_beyond_the_ceiling_those_who_tried_little_still_come_through(tried: Try) -> None:
    assert all(tried(who, place) for place in (HERE, THERE) for who in (BOB, CAROL, DAVE))
    assert [tried("e" * 64, HERE), tried("e" * 64, FAR), tried("f" * 64, FAR)] == [False, True, False]


def test_a_known_browser_is_held_up_by_itself_alone(tried: Try) -> None:
    assert [tried(ALICE, place) for place in (HERE, THERE, FAR, NEW)][-1] is False
    assert [tried(ALICE, HERE, known=True) for _ in range(3)] == [True, True, False]
    assert tried(ALICE, HERE, known=True, device="8" * 64)


def test_what_is_refused_uses_up_nothing(tried: Try, conn: Connection) -> None:
    for _ in range(5):
        tried(ALICE, HERE)
    counts = dict(map(tuple, conn.execute(select(COUNT.c.kind, COUNT.c.count).where(COUNT.c.kind.startswith("t-")))))
    assert counts == {"t-both/60": 2, "t-account/60": 2, "t-network/60": 2, "t-all/60": 2}


def test_what_was_right_does_not_count(tried: Try, conn: Connection) -> None:
    tries = Tries(ALICE, HERE, MINE, START)
    for known in (False, True):
        for _ in range(5):
            assert tried(ALICE, HERE, known=known)
            give_back(conn, SMALL, replace(tries), known=known)


def test_the_wait_is_until_the_span_ends(conn: Connection) -> None:
    for at, wait in ((START + timedelta(seconds=50), 10), (START + timedelta(seconds=119), 1)):
        tries = Tries(ALICE, HERE, MINE, at)
        for _ in range(2):
            take(conn, SMALL, tries, known=False)
        with pytest.raises(TooMany) as refused:
            take(conn, SMALL, tries, known=False)
        assert refused.value.wait == wait
