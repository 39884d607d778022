"""Spans of time, and whom a request came from as far as it can be believed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourweek.limits.rules import Limit, caller_behind, read_networks

NOON = datetime(2026, 11, 22, 12, 0, 40, tzinfo=UTC)
MINUTE = Limit("check", 30, 60)
OURS = read_networks("127.0.0.1, ::1, 10.0.0.0/8")


def test_a_span_ends_on_the_clock_and_the_wait_says_when() -> None:
    assert MINUTE.wait(NOON) == 20
    assert MINUTE.span(NOON + timedelta(seconds=19)) == MINUTE.span(NOON)
    assert MINUTE.span(NOON + timedelta(seconds=20)) == MINUTE.span(NOON) + 1
    assert MINUTE.name == "check/60"


@settings(max_examples=60)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(1, 90_000))  # noqa: DTZ001 made aware below
def test_who_waits_as_told_is_in_the_next_span(naive: datetime, seconds: int) -> None:
    now, limit = naive.replace(tzinfo=UTC), Limit("x", 1, seconds)
    assert limit.span(now + timedelta(seconds=limit.wait(now))) == limit.span(now) + 1
    assert 1 <= limit.wait(now) <= seconds


@pytest.mark.parametrize(
    ("peer", "forwarded", "who"),
    [
        ("198.51.100.7", [], "198.51.100.7"),
        ("198.51.100.7", ["203.0.113.9"], "198.51.100.7"),
        ("127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["8.8.8.8, 203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["8.8.8.8", "203.0.113.9, 10.2.3.4"], "203.0.113.9"),
        ("::1", ["[2001:db8:1:2:3:4:5:6]:443"], "2001:db8:1:2::/64"),
        ("::1", ["203.0.113.9:5123"], "203.0.113.9"),
        ("::ffff:127.0.0.1", ["::ffff:203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["not an address"], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.9, <script>"], "127.0.0.1"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("fe80::1%eth0", [], "fe80::/64"),
        ("", ["203.0.113.9"], ""),
    ],
)
def test_only_what_our_own_proxies_add_is_believed(peer: str, forwarded: list[str], who: str) -> None:
    assert caller_behind(peer, forwarded, OURS) == who


def test_two_addresses_of_one_household_are_one_caller() -> None:
    first, second = (caller_behind(f"2001:db8::{last}", [], OURS) for last in ("1", "ffff:1"))
    assert first == second != caller_behind("2001:db8:0:1::1", [], OURS)


@pytest.mark.parametrize("said", ["localhost", "10.0.0.0/99", "1.2.3"])
def test_what_is_no_network_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="appear"):
        read_networks(said)
