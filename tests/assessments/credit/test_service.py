"""Credit is recorded once, in order, by posted decisions alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, text

from assessments.assignments.models import Assignment
from assessments.credit.chain import EntryKind
from assessments.credit.ledger import ENTRY, LEDGER, first_broken_ledger
from assessments.credit.models import ReasonCode
from assessments.credit.service import record_due_credit
from assessments.grading.models import Decision, Outcome, Posting
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.clock import Now
from fourweek.database import Database, add, new_id, table
from tests import factories as make
from tests.assessments.credit.factories import (
    DAY,
    LATER,
    NOW,
    demonstrate,
    demonstrate_all,
    judge,
    learning,
    one_more,
    reverse_entry,
)
from tests.statements import statements


def entries(conn: Connection, enrolment_id: str) -> list[Any]:
    wanted = select(ENTRY).where(ENTRY.c.enrolment_id == enrolment_id).order_by(ENTRY.c.seq)
    return list(conn.execute(wanted).all())


def figures(db: Database, enrolment_id: str) -> list[tuple[int, int, int, int]]:
    rows = db.read_now(entries, enrolment_id)
    return [(row.module_number, row.minutes_before, row.minutes, row.tenths) for row in rows]


def test_modules_are_recorded_in_order_of_completion_and_add_up(db: Database) -> None:
    who = db.write_now(learning)
    for week, day in ((3, 1), (1, 2), (4, 3), (2, 4)):
        db.write_now(demonstrate, who, week, make.START + day * DAY)
    assert record_due_credit(db, NOW) == 4
    assert figures(db, who.enrolment_id) == [(3, 0, 150, 3), (1, 150, 150, 2), (4, 300, 150, 3), (2, 450, 150, 2)]
    assert db.read_now(first_broken_ledger) is None


def test_a_late_sweep_gives_the_lines_that_a_sweep_after_each_module_gave(db: Database) -> None:
    often, once = db.write_now(learning), db.write_now(learning)
    for week in (1, 2, 3, 4):
        db.write_now(demonstrate, often, week)
        record_due_credit(db, NOW)
    db.write_now(demonstrate_all, once)
    record_due_credit(db, NOW)
    assert figures(db, often.enrolment_id) == figures(db, once.enrolment_id)


def test_what_is_recorded_says_course_rule_and_local_day(db: Database) -> None:
    who = db.write_now(learning, zone="Pacific/Auckland")
    evening = make.START.replace(hour=20)
    db.write_now(demonstrate, who, 1, evening)
    record_due_credit(db, NOW)
    (row,) = db.read_now(entries, who.enrolment_id)
    assert (row.kind, row.seq, row.rule_id, row.credit_type) == (EntryKind.EARNED, 1, "ceu-nearest-2018", "CEU")
    assert (row.course_code, row.course_version, row.module_number) == (who.course.code, "1.0", 1)
    assert (row.completed_at, row.completed_on, row.zone) == (evening, date(2026, 11, 3), "Pacific/Auckland")
    assert row.recorded_at == NOW.real
    ledger = db.read_now(lambda conn: conn.execute(select(LEDGER)).one())
    assert (ledger.person_id, ledger.id, ledger.entries, ledger.head) == (who.person_id, row.ledger_id, 1, row.hash)
    assert who.person_id not in [str(value) for value in row]
    acts = db.read_now(
        lambda conn: conn.execute(select(AUDIT.c.subject_id).where(AUDIT.c.act == "credit.record")).all()
    )
    assert [act.subject_id for act in acts] == [row.id]


AUDIT = table(AuditRow)


def test_nothing_is_recorded_before_a_decision_is_posted(db: Database) -> None:
    who = db.write_now(learning)
    db.write_now(demonstrate, who, 1, LATER + timedelta(minutes=1))
    assert record_due_credit(db, NOW) == 0
    after = Now(real=LATER, school=LATER + timedelta(minutes=1))
    assert record_due_credit(db, after) == 1


@pytest.mark.parametrize("outcome", [Outcome.NOT_YET, Outcome.RETURNED_INCOMPLETE])
def test_nothing_is_recorded_for_another_outcome(db: Database, outcome: Outcome) -> None:
    who = db.write_now(learning)
    db.write_now(judge, who, 1, make.START, outcome)
    assert record_due_credit(db, NOW) == 0


def test_a_second_attempt_completes_the_module_when_it_is_posted(db: Database) -> None:
    who = db.write_now(learning)
    db.write_now(judge, who, 1, make.START, Outcome.NOT_YET)
    db.write_now(judge, who, 1, make.START + 2 * DAY, Outcome.DEMONSTRATED, attempt=2)
    record_due_credit(db, NOW)
    (row,) = db.read_now(entries, who.enrolment_id)
    assert row.completed_at == make.START + 2 * DAY


def test_a_decision_that_was_superseded_before_the_sweep_earns_nothing(db: Database) -> None:
    who = db.write_now(learning)
    first = db.write_now(demonstrate, who, 1)
    db.write_now(_supersede, first, who.grader_id)
    assert record_due_credit(db, NOW) == 0


def _supersede(conn: Connection, decision_id: str, grader_id: str) -> None:
    decision = table(Decision)
    old = conn.execute(select(decision).where(decision.c.id == decision_id)).one()
    row = Decision(
        id=new_id(),
        submission_id=old.submission_id,
        outcome=Outcome.NOT_YET,
        rubric_id=old.rubric_id,
        decided_by=grader_id,
        decided_at=old.decided_at,
        supersedes_id=old.id,
        reason="The wrong submission was open.",
    )
    add(conn, row)
    add(conn, Posting(decision_id=row.id, posted_at=make.START + 3 * DAY, posted_by=grader_id))


def test_a_module_with_two_required_assignments_needs_both(db: Database) -> None:
    who = db.write_now(learning)
    db.write_now(_second_assignment, who.course, required=True)
    db.write_now(demonstrate, who, 1)
    assert record_due_credit(db, NOW) == 0


def test_an_optional_assignment_is_not_needed(db: Database) -> None:
    who = db.write_now(learning)
    db.write_now(_second_assignment, who.course, required=False)
    db.write_now(demonstrate, who, 1)
    assert record_due_credit(db, NOW) == 1


def _second_assignment(conn: Connection, course: make.MadeCourse, *, required: bool) -> None:
    row = Assignment(
        id=new_id(),
        version_id=course.version_id,
        module_id=course.modules[0],
        position=1,
        key="second",
        title="Second",
        instructions_html="",
        required=required,
        rubric_id=course.rubrics[0],
    )
    add(conn, row)


def test_minutes_too_few_for_a_tenth_are_recorded_and_count_later(db: Database) -> None:
    who = db.write_now(learning, minutes=20)
    db.write_now(demonstrate_all, who)
    assert record_due_credit(db, NOW) == 4
    assert figures(db, who.enrolment_id) == [(1, 0, 20, 0), (2, 20, 20, 1), (3, 40, 20, 0), (4, 60, 20, 0)]


def test_sweep_twice_adds_nothing(db: Database) -> None:
    who = db.write_now(learning)
    db.write_now(demonstrate_all, who)
    assert [record_due_credit(db, NOW), record_due_credit(db, NOW)] == [4, 0]


def test_twenty_sweeps_at_once_record_each_module_once(db: Database) -> None:
    first = db.write_now(learning)
    people = [first, db.write_now(one_more, first), db.write_now(one_more, first, "Carol Dunn")]
    for who in people:
        db.write_now(demonstrate_all, who)
    with ThreadPoolExecutor(20) as pool:
        added = list(pool.map(lambda _: record_due_credit(db, NOW), range(20)))
    assert sum(added) == 12
    for who in people:
        assert [row[0] for row in figures(db, who.enrolment_id)] == [1, 2, 3, 4]
    assert db.read_now(first_broken_ledger) is None


def test_one_enrolment_that_fails_does_not_stop_the_others(db: Database) -> None:
    wrong, right = db.write_now(learning, zone="Nowhere/Land"), db.write_now(learning)
    db.write_now(demonstrate, wrong, 1)
    db.write_now(demonstrate, right, 1)
    assert record_due_credit(db, NOW) == 1
    assert figures(db, right.enrolment_id) == [(1, 0, 150, 3)]


def test_looking_for_credit_takes_as_many_statements_for_many_as_for_one(db: Database) -> None:
    first = db.write_now(learning)
    with statements(db) as few:
        record_due_credit(db, NOW)
    for _ in range(30):
        who = db.write_now(one_more, first)
        db.write_now(judge, who, 1, make.START, Outcome.NOT_YET)
    with statements(db) as many:
        record_due_credit(db, NOW)
    assert (few.number, many.number) == (1, 1)


def _change(conn: Connection) -> None:
    conn.execute(ENTRY.update().values(minutes=600))


def _remove(conn: Connection) -> None:
    conn.execute(ENTRY.delete())


def _replace(conn: Connection) -> None:
    row = conn.execute(select(ENTRY)).one()._asdict()
    values = insert(ENTRY).values(row | {"minutes": 600})
    if conn.dialect.name == "sqlite":
        conn.execute(values.prefix_with("OR REPLACE"))
    else:
        from sqlalchemy.dialects.postgresql import insert as pg_insert  # noqa: PLC0415

        upsert = pg_insert(ENTRY).values(row)
        conn.execute(upsert.on_conflict_do_update(index_elements=["id"], set_={"minutes": 600}))


@pytest.mark.parametrize("act", [_change, _remove, _replace])
def test_the_database_refuses_to_change_an_entry(db: Database, act: Any) -> None:
    who = db.write_now(learning)
    db.write_now(demonstrate, who, 1)
    record_due_credit(db, NOW)
    with pytest.raises(Exception, match="append-only"):
        db.write_now(act)
    assert figures(db, who.enrolment_id) == [(1, 0, 150, 3)]


def _recorded(db: Database, weeks: int = 4) -> tuple[Any, list[Any]]:
    who = db.write_now(learning)
    for week in range(1, weeks + 1):
        db.write_now(demonstrate, who, week)
    record_due_credit(db, NOW)
    return who, db.read_now(entries, who.enrolment_id)


def test_reversing_takes_an_entry_back_once_and_keeps_it(db: Database) -> None:
    who, rows = _recorded(db)
    registrar = db.write_now(make.with_role, Role.REGISTRAR)
    visitor = make.visitor(registrar, LATER, (Role.REGISTRAR, ""))
    db.write_now(reverse_entry, visitor, rows[1].id, "recorded_in_error", " The wrong person. ")
    last = db.read_now(entries, who.enrolment_id)[-1]
    assert (last.kind, last.reverses_id, last.reason_code) == (
        EntryKind.REVERSAL,
        rows[1].id,
        ReasonCode.RECORDED_IN_ERROR,
    )
    assert (last.minutes, last.tenths, last.seq) == (-150, -2, 5)
    assert record_due_credit(db, NOW) == 0
    assert db.read_now(first_broken_ledger) is None


def test_after_a_reversal_the_next_module_brings_the_course_to_its_hours(db: Database) -> None:
    who, rows = _recorded(db, weeks=3)
    visitor = make.visitor(db.write_now(make.with_role, Role.REGISTRAR), LATER, (Role.REGISTRAR, ""))
    db.write_now(reverse_entry, visitor, rows[0].id, "integrity", "Not their own work.")
    db.write_now(demonstrate, who, 4)
    record_due_credit(db, NOW)
    total = db.read_now(lambda conn: conn.execute(select(func.sum(ENTRY.c.minutes), func.sum(ENTRY.c.tenths))).one())
    assert tuple(total) == (450, 8)


def _tamper(conn: Connection, act: Any) -> None:
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("DROP TRIGGER credit_entry_no_update")
        conn.exec_driver_sql("DROP TRIGGER credit_entry_no_delete")
    else:
        conn.exec_driver_sql("ALTER TABLE credit_entry DISABLE TRIGGER USER")
    conn.execute(act)


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (ENTRY.update().where(ENTRY.c.seq == 2).values(tenths=9), "content does not match"),
        (text("UPDATE credit_entry SET tenths = 3.5 WHERE seq = 2"), "content does not match"),
        (text("UPDATE credit_entry SET kind = 'given' WHERE seq = 2"), "holds what no entry can hold"),
        (ENTRY.delete().where(ENTRY.c.seq == 2), "Its number is 3"),
        (ENTRY.delete().where(ENTRY.c.seq == 4), "not the one that was recorded last"),
    ],
)
def test_checking_the_ledgers_finds_what_was_done_behind_our_back(db: Database, act: Any, why: str) -> None:
    _recorded(db)
    _recorded(db)
    assert db.read_now(first_broken_ledger) is None
    db.write_now(_tamper, act)
    assert why in str(db.read_now(first_broken_ledger))


def test_completion_instants_are_aware(db: Database) -> None:
    _, rows = _recorded(db, weeks=1)
    assert isinstance(rows[0].completed_at, datetime)
    assert rows[0].completed_at.tzinfo is not None
