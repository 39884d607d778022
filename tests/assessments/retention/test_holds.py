"""Legal holds: who places them, that they win over the purge, and what is written down."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.retention.models import LegalHold
from assessments.retention.purge import purge
from assessments.retention.service import hold_cohort, hold_person, lift
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import EmailAddress, Role
from fourweek.database import Database, table
from fourweek.errors import Invalid, NotFound, SignInNeeded
from tests import factories as make
from tests.assessments.evidence.school import at_once
from tests.assessments.retention import school
from tests.assessments.retention.school import DAYS, NOW, OVER, Past, acts, content

HOLD, ADDRESS = table(LegalHold), table(EmailAddress)


def rita(past: Past) -> Visitor:
    return make.visitor(past.rita, OVER, (Role.REGISTRAR, ""))


def address_of(conn: Connection, person_id: str) -> str:
    return str(conn.execute(select(ADDRESS.c.address).where(ADDRESS.c.person_id == person_id)).scalar_one())


def holds(conn: Connection) -> list[Any]:
    return list(conn.execute(select(HOLD).order_by(HOLD.c.id)))


@pytest.mark.parametrize("role", [Role.LEAD, Role.GRADER, Role.AUTHOR, Role.INSTRUCTOR, Role.OPERATOR])
def test_nobody_else_places_or_lifts_one(conn: Connection, role: Role) -> None:
    past = school.build(conn)
    hold = school.held(conn, past, person_id=past.alice)
    others = (make.visitor(past.greta, OVER, (role, "")), make.visitor(past.alice, OVER))
    scoped = make.visitor(past.rita, OVER, (Role.REGISTRAR, past.cohort))
    for visitor in (*others, scoped):
        for act in (
            lambda who: hold_person(conn, who, "alice@example.org", "Why."),
            lambda who: hold_cohort(conn, who, past.cohort, "Why."),
            lambda who: lift(conn, who, hold, "Why."),
        ):
            with pytest.raises(NotFound):
                act(visitor)
    with pytest.raises(SignInNeeded):
        hold_cohort(conn, make.visitor(None, OVER), past.cohort, "Why.")
    assert [(row.id, row.lifted_at) for row in holds(conn)] == [(hold, None)]


def test_a_hold_on_a_person_is_placed_and_noted(conn: Connection) -> None:
    past = school.build(conn)
    hold = hold_person(conn, rita(past), f" {address_of(conn, past.alice).upper()} ", " A complaint of 3 May. ")
    [row] = holds(conn)
    assert (row.id, row.person_id, row.cohort_id, row.reason) == (hold, past.alice, None, "A complaint of 3 May.")
    assert (row.placed_at, row.placed_by, row.lifted_at) == (OVER, past.rita, None)
    [act] = acts(conn, "legal_hold.place")
    assert (act.actor_id, act.subject_id, act.reason) == (past.rita, hold, "A complaint of 3 May.")
    assert act.detail == {"person_id": past.alice}


def test_a_hold_on_a_cohort_is_lifted_once_and_noted(conn: Connection) -> None:
    past = school.build(conn)
    hold = hold_cohort(conn, rita(past), past.cohort, "A review.")
    for reason in ("It is settled.", "Again."):
        lift(conn, rita(past), hold, reason)
    [row] = holds(conn)
    assert (row.lifted_at, row.lifted_by, row.lift_reason) == (OVER, past.rita, "It is settled.")
    [act] = acts(conn, "legal_hold.lift")
    assert (act.subject_id, act.reason, act.detail) == (hold, "It is settled.", {"cohort_id": past.cohort})


def test_what_cannot_be_is_said_beside_the_field(conn: Connection) -> None:
    past = school.build(conn)
    cases = {("nobody@example.org", "Why."): {"address"}, (" ", " "): {"address", "reason"}}
    cases[(address_of(conn, past.alice), "x" * 501)] = {"reason"}
    for (address, reason), wrong in cases.items():
        with pytest.raises(Invalid) as error:
            hold_person(conn, rita(past), address, reason)
        assert set(error.value.fields) == wrong
    with pytest.raises(NotFound):
        hold_cohort(conn, rita(past), "no-such-cohort", "Why.")
    assert holds(conn) == []


def test_the_same_hold_sent_many_times_is_placed_once(db: Database) -> None:
    past = db.write_now(school.build)
    address = db.read_now(address_of, past.alice)
    made = at_once(lambda: db.write_now(hold_person, rita(past), address, "A complaint."), 8)
    assert (len(set(made)), len(db.read_now(holds))) == (1, 1)
    db.write_now(lift, rita(past), made[0], "Settled.")
    assert db.write_now(hold_person, rita(past), address, "A complaint.") != made[0]


@pytest.mark.parametrize("on", ["person", "cohort"])
def test_a_hold_that_is_being_placed_while_the_purge_runs_wins(db: Database, on: str) -> None:
    past = db.write_now(school.build)
    placed, purging = threading.Event(), threading.Event()

    def place(conn: Connection) -> None:
        if on == "person":
            hold_person(conn, rita(past), address_of(conn, past.alice), "A complaint.")
        else:
            hold_cohort(conn, rita(past), past.cohort, "A complaint.")
        placed.set()
        assert purging.wait(5)
        time.sleep(0.3)  # the purge has begun, and finds nothing of this yet

    def run() -> int:
        assert placed.wait(5)
        purging.set()
        return db.write_now(purge, NOW, DAYS, [past.attempt])

    with ThreadPoolExecutor(2) as pool:
        placing, running = pool.submit(db.write_now, place), pool.submit(run)
        placing.result()
        assert running.result() == 0
    assert len(db.read_now(content, past.attempt)) == 2


def test_a_purge_that_came_first_is_waited_for(db: Database) -> None:
    """Then the hold says nothing that is not so: it is placed after what went had gone."""
    past = db.write_now(school.build)
    address = db.read_now(address_of, past.alice)
    gone, order = threading.Event(), list[str]()

    def run(conn: Connection) -> None:
        purge(conn, NOW, DAYS, [past.attempt])
        gone.set()
        time.sleep(0.3)
        order.append("purged")

    def place() -> None:
        assert gone.wait(5)
        db.write_now(hold_person, rita(past), address, "A complaint.")
        order.append("placed")

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(db.write_now, run), pool.submit(place)]:
            done.result()
    assert (order, db.read_now(content, past.attempt)) == (["purged", "placed"], [])


def test_holds_and_purges_at_once_never_lose_what_is_held(db: Database) -> None:
    pasts = [db.write_now(school.build) for _ in range(6)]
    held: list[Past] = []

    def place(past: Past) -> None:
        before = len(db.read_now(content, past.attempt))
        db.write_now(hold_cohort, rita(past), past.cohort, "A complaint.")
        after = len(db.read_now(content, past.attempt))
        if before == after == 2:
            held.append(past)

    with ThreadPoolExecutor(8) as pool:
        purging = [pool.submit(db.write_now, purge, NOW, DAYS, [one.attempt for one in pasts]) for _ in range(4)]
        placing = [pool.submit(place, past) for past in pasts]
        for purged in purging:
            purged.result()
        for placed in placing:
            placed.result()
    db.write_now(purge, NOW, DAYS, [past.attempt for past in pasts])
    assert [len(db.read_now(content, past.attempt)) for past in held] == [2] * len(held)
