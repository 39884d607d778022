"""Another legal name: in the record and in every badge that is not withdrawn."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from time import sleep
from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.awards.naming import RENAMED, Naming, give_name, wrong_name
from assessments.badges.awarding import award
from assessments.badges.queries import AWARD
from assessments.badges.restating import restate
from assessments.badges.snapshot import read_snapshot
from assessments.credit.service import record_due_credit
from fourweek.accounts.access import PERSON
from fourweek.database import Database
from tests import factories as make
from tests.assessments.awards.test_revoking import row
from tests.assessments.badges.factories import an_award, ready
from tests.assessments.credit.factories import NOW, Learning, learning


def rename(conn: Connection, person_id: str, *, everywhere: bool = False) -> int:
    return give_name(conn, person_id, Naming("Alice Stream", make.person(conn), make.START, everywhere=everywhere))


def names(conn: Connection, who: Learning) -> Any:
    wanted = select(PERSON.c.legal_name, PERSON.c.display_name).where(PERSON.c.id == who.person_id)
    return tuple(conn.execute(wanted).one())


def test_badges_are_stated_anew_with_the_name(conn: Connection) -> None:
    who = learning(conn, weeks=1)
    award_id = an_award(conn, who)
    said = row(conn, award_id).snapshot
    assert rename(conn, who.person_id) == 1
    found = row(conn, award_id)
    assert found.snapshot == {**said, "holder": "Alice Stream"}
    assert (found.number, found.why) == (2, RENAMED)
    assert names(conn, who) == ("Alice Stream", "Alice Stream")
    assert rename(conn, who.person_id) == 0


def test_a_withdrawn_badge_keeps_what_it_said(conn: Connection) -> None:
    who = learning(conn, weeks=1)
    award_id = an_award(conn, who, withdrawn_at=make.START)
    assert rename(conn, who.person_id) == 0
    assert row(conn, award_id).snapshot["holder"] == "Alice Brook"
    assert names(conn, who)[0] == "Alice Stream"


def test_an_award_that_is_made_meanwhile_says_the_corrected_name(db: Database) -> None:
    who, corrected = db.write_now(ready), Event()
    record_due_credit(db, NOW)

    def correct(conn: Connection) -> None:
        rename(conn, who.person_id)
        corrected.set()
        sleep(0.3)  # not yet committed while the other transaction begins

    with ThreadPoolExecutor(1) as pool:
        correcting = pool.submit(db.write_now, correct)
        corrected.wait(5)
        assert db.write_now(award, who.enrolment_id, "Test Institute", NOW)
        correcting.result()
    said = db.read_now(lambda conn: conn.execute(select(AWARD.c.snapshot)).scalar_one())
    assert said["holder"] == "Alice Stream"


def test_what_is_stated_anew_meanwhile_is_not_lost(db: Database) -> None:
    who = db.write_now(lambda conn: learning(conn, weeks=1))
    award_id = db.write_now(an_award, who)
    stated = Event()

    def state_anew(conn: Connection) -> None:
        said = read_snapshot(row(conn, award_id).snapshot)
        restate(conn, award_id, "Recounted.", make.START, actor_id=None, snapshot=replace(said, minutes=77))
        stated.set()
        sleep(0.3)  # not yet committed while the other transaction begins

    with ThreadPoolExecutor(1) as pool:
        stating = pool.submit(db.write_now, state_anew)
        stated.wait(5)
        assert db.write_now(rename, who.person_id) == 1
        stating.result()
    found = db.read_now(row, award_id)
    assert (found.number, found.snapshot["minutes"], found.snapshot["holder"]) == (3, 77, "Alice Stream")


def test_a_name_of_their_own_on_pages_stays(conn: Connection) -> None:
    who = learning(conn, weeks=1)
    conn.execute(PERSON.update().where(PERSON.c.id == who.person_id).values(display_name="Ally"))
    rename(conn, who.person_id)
    assert names(conn, who) == ("Alice Stream", "Ally")


def test_it_goes_too_where_no_former_name_may_stay(conn: Connection) -> None:
    who = learning(conn, weeks=1)
    conn.execute(PERSON.update().where(PERSON.c.id == who.person_id).values(display_name="Ally Brook"))
    rename(conn, who.person_id, everywhere=True)
    assert names(conn, who) == ("Alice Stream", "Alice Stream")


@pytest.mark.parametrize("name", ["", "x" * 201, "Alice 𓀀"])
def test_what_cannot_be_a_name_is_told(name: str) -> None:
    assert wrong_name(name)
    assert not wrong_name("Alice Stream")
