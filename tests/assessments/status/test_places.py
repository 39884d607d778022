"""Places in status lists: one for an award, random, never given twice, and a new list when one is half full."""

import secrets
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, select, update

from assessments.status.places import AWARD, ENTRY, LIST, newest_place, set_bit, status_object, take_place
from fourweek.database import Database
from tests.assessments.status.factories import BASE, award
from tests.factories import START


def test_an_award_keeps_its_place_until_the_bit_is_set(conn: Connection) -> None:
    award_id = award(conn)
    first = take_place(conn, award_id, START)
    assert take_place(conn, award_id, START) == first
    assert set_bit(conn, first.entry_id, START)
    assert not set_bit(conn, first.entry_id, START)
    second = take_place(conn, award_id, START)
    assert second.entry_id != first.entry_id
    assert newest_place(conn, award_id) == second
    row = conn.execute(select(LIST.c.taken, LIST.c.changes, LIST.c.size).where(LIST.c.number == second.number)).one()
    assert (row.taken, row.changes, row.size) == (2, 1, 131_072)


def test_a_revoked_award_names_a_place_whose_bit_is_set(conn: Connection) -> None:
    signed_before, never_signed = award(conn), award(conn, name="Bob Carter", revoked_at=START)
    place = take_place(conn, signed_before, START)
    set_bit(conn, place.entry_id, START)
    conn.execute(update(AWARD).where(AWARD.c.id == signed_before).values(revoked_at=START))
    assert take_place(conn, signed_before, START).entry_id == place.entry_id
    assert take_place(conn, never_signed, START).is_set


def test_a_list_that_is_half_full_takes_no_more(conn: Connection) -> None:
    first = take_place(conn, award(conn), START)
    conn.execute(update(LIST).where(LIST.c.number == first.number).values(taken=LIST.c.size // 2))
    second = take_place(conn, award(conn, name="Bob Carter"), START)
    assert second.number == first.number + 1


def test_each_address_of_the_site_has_lists_of_its_own(conn: Connection) -> None:
    moved = award(conn, name="Bob Carter", base_url="")
    old, new = take_place(conn, award(conn), START), take_place(conn, moved, START, "https://new.example")
    assert (old.base_url, new.base_url) == (BASE, "https://new.example")
    assert old.number != new.number


def test_a_taken_place_is_drawn_again(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    first = take_place(conn, award(conn), START)
    draws = iter([first.index, first.index, 77])
    monkeypatch.setattr(secrets, "randbelow", lambda _size: next(draws))
    assert take_place(conn, award(conn, name="Bob Carter", slug="another"), START).index == 77


def test_a_badge_points_to_its_place(conn: Connection) -> None:
    place = take_place(conn, award(conn), START)
    assert status_object(BASE, place) == {
        "id": f"{BASE}/status/{place.number}#{place.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(place.index),
        "statusListCredential": f"{BASE}/status/{place.number}",
    }


def test_many_at_once_get_one_place_each(db: Database) -> None:
    awards = [db.write_now(award, f"Learner {number}") for number in range(3)]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda award_id: db.write_now(take_place, award_id, START), awards * 4))
    assert len({place.entry_id for place in found}) == len(awards)
    assert {place.number for place in found} == {1}
    taken = Counter(db.read_now(lambda conn: conn.execute(select(ENTRY.c.award_id)).scalars().all()))
    assert taken == Counter(awards)
    assert db.read_now(lambda conn: conn.execute(select(LIST.c.taken)).scalar_one()) == len(awards)
