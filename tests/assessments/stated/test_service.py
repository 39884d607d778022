"""What is stated is kept once, whoever sends it at once, and leaves other people's alone."""

import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.stated import service
from assessments.stated.forms import StatedForm, read_stated
from assessments.stated.queries import STATED, stated_of
from assessments.stated.service import state
from fourweek.database import Database
from fourweek.errors import Conflict
from tests import factories as make

FORM = StatedForm("Bridges", "Steel Society", "", "technical", "", "in_person", "", "", "2026-06-01", "1.5", "")
FACTS = read_stated(FORM, date(2026, 11, 22))


def test_several_who_send_the_same_at_once_keep_one(db: Database) -> None:
    alice = db.write_now(make.person)
    gate, new = threading.Barrier(4), []

    def send() -> None:
        gate.wait()
        new.append(db.write_now(state, make.visitor(alice), [FACTS]))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(new), len(db.read_now(stated_of, alice))) == ([0, 0, 0, 1], 1)


def test_two_people_may_state_the_same(conn: Connection) -> None:
    alice, bob = make.person(conn), make.person(conn, "Bob Other")
    assert [state(conn, make.visitor(person), [FACTS]) for person in (alice, bob, alice)] == [1, 1, 0]
    assert len(stated_of(conn, bob)) == 1


def test_there_is_an_end_to_what_is_kept(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = make.person(conn)
    monkeypatch.setattr(service, "MOST_STATED", 1)
    assert state(conn, make.visitor(alice), [FACTS]) == 1
    more: Any = [read_stated(StatedForm.typed({**_said(), "title": "Tunnels"}), date(2026, 11, 22))]
    with pytest.raises(Conflict):
        state(conn, make.visitor(alice), more)
    assert conn.execute(select(STATED.c.title).where(STATED.c.person_id == alice)).scalars().all() == ["Bridges"]


def _said() -> dict[str, str]:
    return {name: getattr(FORM, name) for name in FORM.__dataclass_fields__}
