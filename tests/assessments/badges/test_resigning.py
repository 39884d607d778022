"""What was signed with a revoked key is stated anew, once, and nothing else is."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.badges import resigning
from assessments.badges.keys import load_keys
from assessments.badges.keys.published import Revocation
from assessments.badges.keys.turning import revoke
from assessments.badges.models import CredentialIssue
from assessments.badges.queries import AWARD
from assessments.badges.resigning import Resigning, standing_by_key, state_anew
from fourweek.audit.service import ROW as AUDIT
from fourweek.clock import Now
from fourweek.database import Database, add, new_id
from fourweek.edge import House
from tests.assessments.badges.factories import an_award
from tests.assessments.credit.factories import NOW, learning

ED, RSA, OTHER = "z6MkOld", "RsaOld", "z6MkNew"
REVOKED = Revocation(ED, NOW.real, "Stolen.")


def signed(conn: Connection, key_id: str, jwt_key_id: str = OTHER, /, **award: Any) -> str:
    award_id = an_award(conn, **award)
    digests = {"document_sha256": "ab" * 32, "picture_sha256": "cd" * 32}
    values: dict[str, Any] = {"number": 1, "document": b"{}", "issued_at": NOW.real, **digests}
    add(conn, CredentialIssue(id=new_id(), award_id=award_id, key_id=key_id, jwt_key_id=jwt_key_id, **values))
    return award_id


def school(conn: Connection) -> dict[str, str]:
    person = learning(conn, weeks=1).person_id
    return {
        "under": signed(conn, ED),
        "token": signed(conn, OTHER, ED),
        "newer": signed(conn, OTHER),
        "waits": signed(conn, ED, number=2),
        "revoked": signed(conn, ED, revoked_at=NOW.real, revoked_by=person, revoked_why="Withdrawn."),
        "gone": signed(conn, ED, withdrawn_at=NOW.real),
    }


def numbers(db: Database) -> dict[str, int]:
    rows = db.read_now(lambda conn: conn.execute(select(AWARD.c.id, AWARD.c.number)).all())
    return {row.id: row.number for row in rows}


def test_newest_forms_under_the_key_are_stated_anew_once(db: Database) -> None:
    made, heard = db.write_now(school), list[int]()
    assert db.read_now(standing_by_key) == {ED: 2, OTHER: 3}
    assert state_anew(db, REVOKED, NOW.real, heard.append) == 2
    assert heard == [2]
    found = numbers(db)
    assert {name: found[award_id] for name, award_id in made.items()} == {
        "under": 2,
        "token": 2,
        "newer": 1,
        "waits": 2,
        "revoked": 1,
        "gone": 1,
    }
    whys = db.read_now(lambda conn: conn.execute(select(AUDIT.c.reason).where(AUDIT.c.act == "award.restate")).all())
    assert [row.reason for row in whys] == ["The key it was signed with was revoked: Stolen."] * 2
    assert state_anew(db, REVOKED, NOW.real) == 0
    assert numbers(db) == found


def test_stopped_on_the_way_it_goes_on(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    db.write_now(lambda conn: [signed(conn, ED) for _ in range(3)])
    monkeypatch.setattr(resigning, "_SOME", resigning._SOME.limit(1))

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        state_anew(db, REVOKED, NOW.real, stop)
    assert sorted(numbers(db).values()) == [1, 1, 2]
    assert state_anew(db, REVOKED, NOW.real) == 2
    assert sorted(numbers(db).values()) == [2, 2, 2]


def test_worker_takes_up_what_was_signed_while_the_key_was_revoked(house: House) -> None:
    key_id = load_keys(house.settings).signing.public.key_id
    scan = Resigning(house.db, lambda: load_keys(house.settings))
    house.db.write_now(signed, key_id)
    assert scan.run(NOW) == 0
    revoke(house.settings, key_id, "Stolen.", NOW.real)
    assert (scan.run(NOW), scan.run(NOW)) == (1, 0)
    house.db.write_now(signed, key_id)
    later = NOW.real + timedelta(hours=2)
    assert scan.run(Now(real=later, school=later)) == 1
    house.db.write_now(signed, key_id)
    assert scan.run(Now(real=later, school=later)) == 0
