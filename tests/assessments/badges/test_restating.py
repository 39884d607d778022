"""Asking for another signed form of an award."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Row, select, update

from assessments.badges.queries import AWARD
from assessments.badges.restating import restate
from assessments.badges.snapshot import read_snapshot
from fourweek.audit.models import AuditRow
from fourweek.database import Database, table
from fourweek.errors import NotFound
from tests.assessments.badges.factories import an_award
from tests.assessments.credit.factories import LATER

AUDIT = table(AuditRow)


def test_each_time_takes_the_next_number_and_says_why(conn: Connection) -> None:
    award_id = an_award(conn)
    snapshot = replace(read_snapshot(_award(conn, award_id).snapshot), holder="Alice Rivers")
    assert restate(conn, award_id, "A name was corrected.", LATER, actor_id=None, snapshot=snapshot) == 2
    assert restate(conn, award_id, "An appeal was upheld.", LATER, actor_id=None) == 3
    row = _award(conn, award_id)
    assert (row.number, row.why, row.snapshot["holder"]) == (3, "An appeal was upheld.", "Alice Rivers")
    acts = conn.execute(
        select(AUDIT.c.reason, AUDIT.c.detail).where(AUDIT.c.act == "award.restate").order_by(AUDIT.c.id)
    )
    assert [tuple(act) for act in acts] == [
        ("A name was corrected.", {"number": 2}),
        ("An appeal was upheld.", {"number": 3}),
    ]


def test_a_withdrawn_award_is_not_stated_anew(conn: Connection) -> None:
    award_id = an_award(conn)
    conn.execute(update(AWARD).where(AWARD.c.id == award_id).values(withdrawn_at=LATER))
    assert restate(conn, award_id, "A name was corrected.", LATER, actor_id=None) == 1
    assert conn.execute(select(AUDIT.c.id).where(AUDIT.c.act == "award.restate")).all() == []


def test_an_unknown_award_is_not_found(conn: Connection) -> None:
    with pytest.raises(NotFound):
        restate(conn, "unknown", "", LATER, actor_id=None)


def _award(conn: Connection, award_id: str) -> Row[Any]:
    return conn.execute(select(AWARD).where(AWARD.c.id == award_id)).one()


def test_many_at_once_each_take_a_number_of_their_own(db: Database) -> None:
    award_id = db.write_now(an_award)

    def ask(place: int) -> int:
        return db.write_now(restate, award_id, f"Reason {place}.", LATER, actor_id=None)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(ask, range(8))) == list(range(2, 10))
    assert db.read_now(_award, award_id).number == 9
