"""A corrected legal name: in the record and in every badge that is not withdrawn."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from time import sleep
from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.awards.naming import CORRECTED, correct_name
from assessments.badges.awarding import award
from assessments.badges.queries import AWARD
from assessments.badges.restating import restate
from assessments.badges.snapshot import read_snapshot
from assessments.credit.service import record_due_credit
from fourweek.accounts.access import PERSON
from fourweek.accounts.models import Role
from fourweek.audit.service import ROW
from fourweek.database import Database
from fourweek.errors import Invalid, NotFound
from fourweek.outbox import OUTBOX
from tests import factories as make
from tests.assessments.awards.test_revoking import registrar, row
from tests.assessments.badges.factories import an_award, ready
from tests.assessments.credit.factories import NOW, Learning, learning


def learner_number(conn: Connection, who: Learning) -> str:
    found: str = conn.execute(select(PERSON.c.learner_number).where(PERSON.c.id == who.person_id)).scalar_one()
    return found


def names(conn: Connection, who: Learning) -> Any:
    wanted = select(PERSON.c.legal_name, PERSON.c.display_name).where(PERSON.c.id == who.person_id)
    return tuple(conn.execute(wanted).one())


def test_only_the_registrar_may(conn: Connection) -> None:
    number = learner_number(conn, learning(conn, weeks=1))
    for visitor in (make.visitor(make.person(conn)), make.visitor(make.person(conn), make.START, (Role.AUTHOR, ""))):
        with pytest.raises(NotFound):
            correct_name(conn, visitor, number, "Alice Stream", "She married.")
    with pytest.raises(NotFound):
        correct_name(conn, registrar(conn), "nobody", "Alice Stream", "She married.")


def test_badges_are_stated_anew_with_the_name(conn: Connection) -> None:
    who, visitor = learning(conn, weeks=1), registrar(conn)
    award_id = an_award(conn, who)
    said = row(conn, award_id).snapshot
    assert correct_name(conn, visitor, learner_number(conn, who), " Alice\u202e  Stream ", "As in her passport.") == 1
    found = row(conn, award_id)
    assert found.snapshot == {**said, "holder": "Alice Stream"}
    assert (found.number, found.why) == (2, CORRECTED)
    assert names(conn, who) == ("Alice Stream", "Alice Stream")
    note = conn.execute(select(ROW.c.reason, ROW.c.detail).where(ROW.c.act == "person.correct_name")).one()
    assert tuple(note) == ("As in her passport.", {"old": "Alice Brook", "new": "Alice Stream", "badges": 1})
    (letter,) = conn.execute(select(OUTBOX.c.kind, OUTBOX.c.person_id))
    assert tuple(letter) == ("name_corrected", who.person_id)


def test_the_same_correction_twice_is_done_once(conn: Connection) -> None:
    who, visitor = learning(conn, weeks=1), registrar(conn)
    award_id, number = an_award(conn, who), learner_number(conn, who)
    correct_name(conn, visitor, number, "Alice Stream", "She married.")
    assert correct_name(conn, visitor, number, "Alice Stream", "She married.") == 0
    assert row(conn, award_id).number == 2
    assert len(conn.execute(select(ROW.c.id).where(ROW.c.act == "person.correct_name")).all()) == 1


def test_a_withdrawn_badge_keeps_what_it_said(conn: Connection) -> None:
    who = learning(conn, weeks=1)
    award_id = an_award(conn, who, withdrawn_at=make.START)
    assert correct_name(conn, registrar(conn), learner_number(conn, who), "Alice Stream", "She married.") == 0
    assert row(conn, award_id).snapshot["holder"] == "Alice Brook"
    assert names(conn, who)[0] == "Alice Stream"


def test_an_award_that_is_made_meanwhile_says_the_corrected_name(db: Database) -> None:
    who, visitor = db.write_now(ready), db.write_now(registrar)
    record_due_credit(db, NOW)
    number, corrected = db.read_now(learner_number, who), Event()

    def correct(conn: Connection) -> None:
        correct_name(conn, visitor, number, "Alice Stream", "She married.")
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
    who, visitor = db.write_now(lambda conn: learning(conn, weeks=1)), db.write_now(registrar)
    award_id, number = db.write_now(an_award, who), db.read_now(learner_number, who)
    stated = Event()

    def state_anew(conn: Connection) -> None:
        said = read_snapshot(row(conn, award_id).snapshot)
        restate(conn, award_id, "Recounted.", make.START, actor_id=None, snapshot=replace(said, minutes=77))
        stated.set()
        sleep(0.3)  # not yet committed while the other transaction begins

    with ThreadPoolExecutor(1) as pool:
        stating = pool.submit(db.write_now, state_anew)
        stated.wait(5)
        assert db.write_now(correct_name, visitor, number, "Alice Stream", "She married.") == 1
        stating.result()
    found = db.read_now(row, award_id)
    assert (found.number, found.snapshot["minutes"], found.snapshot["holder"]) == (3, 77, "Alice Stream")


def test_a_name_of_their_own_on_pages_stays(conn: Connection) -> None:
    who = learning(conn, weeks=1)
    conn.execute(PERSON.update().where(PERSON.c.id == who.person_id).values(display_name="Ally"))
    correct_name(conn, registrar(conn), learner_number(conn, who), "Alice Stream", "She married.")
    assert names(conn, who) == ("Alice Stream", "Ally")


@pytest.mark.parametrize(
    ("name", "reason", "wrong"),
    [
        ("", "", {"name", "reason"}),
        ("\u202e", "Why not.", {"name"}),
        ("x" * 201, "Why not.", {"name"}),
        ("Alice 𓀀", "Why not.", {"name"}),
        ("Alice Stream", " ", {"reason"}),
    ],
)
def test_what_cannot_be_a_name_is_refused(conn: Connection, name: str, reason: str, wrong: set[str]) -> None:
    who = learning(conn, weeks=1)
    with pytest.raises(Invalid) as refused:
        correct_name(conn, registrar(conn), learner_number(conn, who), name, reason)
    assert refused.value.fields.keys() == wrong
    assert names(conn, who) == ("Alice Brook", "Alice Brook")
