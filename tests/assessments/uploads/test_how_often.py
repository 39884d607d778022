"""How often one may begin to send files, and whom that never holds up."""

from pathlib import Path

import pytest
from sqlalchemy import Connection

from assessments.uploads import limits
from assessments.uploads.limits import count_upload
from fourweek.errors import TooMany
from fourweek.limits.bounds import Bounds
from fourweek.limits.rules import Limit
from fourweek.settings import Settings
from tests import factories

HERE, THERE = "1" * 64, "2" * 64
SMALL = Bounds(
    both=Limit("u-both", 3, 600),
    account=Limit("u-account", 4, 600),
    network=Limit("u-network", 4, 600),
    ceiling=Limit("u-all", 6, 600),
    few=1,
    device=Limit("u-device", 1, 600),
)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UPLOADS", SMALL)


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def _sends(conn: Connection, own: Settings, person: str, network: str) -> bool:
    try:
        with conn.begin_nested():
            count_upload(conn, factories.visitor(person), own, network)
    except TooMany:
        return False
    return True


@pytest.mark.usefixtures("small")
def test_who_sends_very_much_waits(conn: Connection, own: Settings) -> None:
    assert [_sends(conn, own, "alice", HERE) for _ in range(4)] == [True, True, True, False]
    assert [_sends(conn, own, "alice", THERE) for _ in range(2)] == [True, False]


@pytest.mark.usefixtures("small")
def test_nobody_is_kept_from_handing_in_by_what_others_send(conn: Connection, own: Settings) -> None:
    busy = [_sends(conn, own, who, place) for who, place in (("a", HERE), ("b", HERE), ("c", THERE)) for _ in range(3)]
    assert busy.count(False) > 0
    assert [_sends(conn, own, who, place) for who, place in (("zoe", HERE), ("yan", THERE))] == [True, True]


def test_a_class_behind_one_address_hands_in_at_once() -> None:
    bounds = limits.UPLOADS
    assert bounds.few >= 40
    assert bounds.network.most >= 500 * 10
