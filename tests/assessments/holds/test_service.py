"""Credit waits for an identity check, or for the registrar, and is then recorded with the days it always had."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError

from assessments.credit.ledger import ENTRY
from assessments.credit.service import record_due_credit
from assessments.holds.models import HoldAct, HoldCause
from assessments.holds.office import lift_hold, place_hold
from assessments.holds.pages import waiting_of
from assessments.holds.queries import HOLD, open_holds
from assessments.holds.service import held, lift, place
from assessments.identity_checks.queries import checks_of, newest_check
from assessments.identity_checks.service import record_check
from courses.cohorts.queries import COHORT
from fourweek.accounts.access import PERSON, Visitor
from fourweek.accounts.models import Role
from fourweek.audit.service import ROW
from fourweek.clock import Now
from fourweek.database import Database
from fourweek.errors import Conflict, Forbidden, Invalid, NotFound
from fourweek.outbox import OUTBOX
from tests import factories as make
from tests.assessments.corrections.factories import keeper
from tests.assessments.credit.factories import DAY, LATER, NOW, Learning, demonstrate, learning
from tests.statements import statements

PASSED = ("document_in_person", "2026-12-01", "passed", "")


def asked(conn: Connection) -> tuple[Learning, str, Visitor]:
    """A learner of a cohort that asks for an identity check, with two modules complete; their number; a registrar."""
    who = learning(conn)
    conn.execute(update(COHORT).where(COHORT.c.id == who.cohort_id).values(identity_check=True))
    for week in (1, 2):
        demonstrate(conn, who, week)
    return who, number_of(conn, who), keeper(conn, "Rita Record")


def number_of(conn: Connection, who: Learning) -> str:
    return str(conn.execute(select(PERSON.c.learner_number).where(PERSON.c.id == who.person_id)).scalar_one())


def days(conn: Connection) -> list[Any]:
    return list(conn.execute(select(ENTRY.c.completed_at).order_by(ENTRY.c.seq)).scalars())


def events(conn: Connection) -> list[tuple[HoldAct, HoldCause]]:
    return [(row.act, row.cause) for row in conn.execute(select(HOLD).order_by(HOLD.c.id))]


def test_credit_waits_for_a_check_and_keeps_its_days(db: Database) -> None:
    who, number, rita = db.write_now(asked)
    assert record_due_credit(db, NOW) == 0
    with statements(db) as count:
        assert record_due_credit(db, NOW) == 0
    assert count.number == 1  # what is held is not looked at again
    assert db.read_now(events) == [(HoldAct.PLACED, HoldCause.IDENTITY)]
    (waiting,) = db.read_now(waiting_of, who.person_id)
    assert (waiting.where, waiting.for_identity, waiting.by) == ("Running a Reliable Service, Autumn", True, "")
    assert db.write_now(record_check, rita, number, PASSED, "UTC") == 1
    later = Now(real=LATER + 9 * DAY, school=LATER + 9 * DAY)
    assert record_due_credit(db, later) == 2
    assert db.read_now(days) == [make.START + DAY, make.START + 2 * DAY]
    kinds = select(OUTBOX.c.kind).where(OUTBOX.c.person_id == who.person_id).order_by(OUTBOX.c.id)
    assert db.read_now(lambda conn: list(conn.execute(kinds).scalars())) == ["credit_waits", "credit_released"]


def test_a_check_that_was_passed_before_holds_nothing(db: Database) -> None:
    who, number, rita = db.write_now(asked)
    db.write_now(record_check, rita, number, PASSED, "UTC")
    assert record_due_credit(db, NOW) == 2
    assert db.read_now(open_holds, who.person_id) == []


def test_a_check_that_failed_lifts_nothing_and_counts_once_it_is_the_latest(db: Database) -> None:
    who, number, rita = db.write_now(asked)
    for day, result in (("2026-11-30", "passed"), ("2026-12-02", "failed"), ("2026-12-01", "passed")):
        db.write_now(record_check, rita, number, ("employer", day, result, ""), "UTC")
    newest = db.read_now(newest_check, who.person_id)
    assert newest is not None
    assert (newest.passed, newest.recorder) == (False, "Rita Record")
    assert [check.checked_on.day for check in db.read_now(checks_of, who.person_id)[0]] == [2, 1, 30]
    assert record_due_credit(db, NOW) == 0


def test_an_older_check_that_was_passed_lifts_nothing(db: Database) -> None:
    who, number, rita = db.write_now(asked)
    db.write_now(record_check, rita, number, ("employer", "2026-12-02", "failed", ""), "UTC")
    record_due_credit(db, NOW)
    assert db.write_now(record_check, rita, number, PASSED, "UTC") == 0
    assert len(db.read_now(open_holds, who.person_id)) == 1


def test_nobody_checks_or_holds_for_themselves(conn: Connection) -> None:
    who, number, rita = asked(conn)
    hold_id = place_hold(conn, rita, number, "", "A complaint.")
    own = make.visitor(who.person_id, LATER, (Role.REGISTRAR, ""))
    acts: list[Any] = [(place_hold, ("", "x")), (lift_hold, (hold_id, "x")), (record_check, (PASSED, "UTC"))]
    for act, given in acts:
        with pytest.raises(Forbidden, match="their own"):
            act(conn, own, number, *given)


def test_a_hold_lifted_by_hand_is_not_placed_again(db: Database) -> None:
    who, number, rita = db.write_now(asked)
    record_due_credit(db, NOW)
    (row,) = db.read_now(open_holds, who.person_id)
    db.write_now(lift_hold, rita, number, row.id, "The employer vouches for them, by letter.")
    assert record_due_credit(db, NOW) == 2
    db.write_now(demonstrate, who, 3)
    assert record_due_credit(db, NOW) == 1
    with pytest.raises(NotFound):
        db.write_now(lift_hold, rita, number, row.id, "Again.")


def test_a_hold_by_hand_is_of_one_course_or_of_all(conn: Connection) -> None:
    who, rita = learning(conn), keeper(conn, "Rita Record")
    number, other = number_of(conn, who), learning(conn)
    hold_id = place_hold(conn, rita, number, who.enrolment_id, "A complaint is looked into.")
    assert held(conn, who.person_id, who.enrolment_id)
    assert not held(conn, other.person_id, other.enrolment_id)
    with pytest.raises(Conflict):
        place_hold(conn, rita, number, who.enrolment_id, "Twice.")
    lift_hold(conn, rita, number, hold_id, "It is settled.")
    assert not held(conn, who.person_id, who.enrolment_id)
    place_hold(conn, rita, number, "", "All of it.")
    assert held(conn, who.person_id, who.enrolment_id)
    assert [one.where for one in waiting_of(conn, who.person_id)] == ["all courses"]
    acts = list(conn.execute(select(ROW.c.act, ROW.c.actor_id, ROW.c.reason).where(ROW.c.act.like("credit_hold.%"))))
    assert [tuple(row) for row in acts] == [
        ("credit_hold.place", rita.me.id, "A complaint is looked into."),
        ("credit_hold.lift", rita.me.id, "It is settled."),
        ("credit_hold.place", rita.me.id, "All of it."),
    ]


def test_nobody_else_holds_lifts_or_checks(conn: Connection) -> None:
    who, rita = learning(conn), keeper(conn, "Rita Record")
    number, other = number_of(conn, who), learning(conn)
    hold_id = place_hold(conn, rita, number, "", "A complaint.")
    for grants in ((), ((Role.LEAD, ""),), ((Role.REGISTRAR, who.cohort_id),)):
        stranger = make.visitor(who.person_id, LATER, *grants)
        for act, given in ((place_hold, ("", "x")), (lift_hold, (hold_id, "x")), (record_check, (PASSED, "UTC"))):
            with pytest.raises(NotFound):
                act(conn, stranger, number, *given)
    for wrong in ((number, other.enrolment_id), ("L-nobody", "")):
        with pytest.raises(NotFound):
            place_hold(conn, rita, *wrong, "Not theirs.")
    with pytest.raises(NotFound):
        lift_hold(conn, rita, number_of(conn, other), hold_id, "Not theirs.")


def test_what_is_wrong_is_said_beside_its_field(conn: Connection) -> None:
    who, rita = learning(conn), keeper(conn, "Rita Record")
    number = number_of(conn, who)
    tomorrow = (LATER + timedelta(days=1)).date().isoformat()
    with pytest.raises(Invalid) as caught:
        record_check(conn, rita, number, ("", tomorrow, "", "x" * 301), "UTC")
    assert set(caught.value.fields) == {"method", "checked_on", "result", "note"}
    for why in (" ", "x" * 501):
        with pytest.raises(Invalid):
            place_hold(conn, rita, number, "", why)


def test_a_hold_is_lifted_once_whoever_tries(conn: Connection) -> None:
    who = learning(conn)
    place(conn, who.person_id, None, cause=HoldCause.REGISTRAR, why="x", at=LATER, where="all courses")
    (row,) = open_holds(conn, who.person_id)
    lift(conn, row, cause=HoldCause.REGISTRAR, why="y", at=LATER, by=who.grader_id)
    with pytest.raises(IntegrityError), conn.begin_nested():
        lift(conn, row, cause=HoldCause.REGISTRAR, why="z", at=LATER, by=who.grader_id)
