"""One line for each module, and whole chains, whatever races and whatever dies."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from assessments.corrections.changes import Change
from assessments.corrections.deciding import decide
from assessments.corrections.models import ProposedAct
from assessments.corrections.service import propose
from assessments.credit import service
from assessments.credit.ledger import ENTRY, LEDGER, first_broken_ledger
from assessments.credit.models import ReasonCode
from assessments.credit.service import record_due_credit
from assessments.merging.service import decide as decide_merge
from assessments.merging.service import propose as propose_merge
from fourweek.accounts.access import PERSON
from fourweek.audit.service import ROW
from fourweek.database import Database
from fourweek.errors import Conflict
from tests.assessments.corrections.factories import keeper
from tests.assessments.credit.factories import NOW, demonstrate, demonstrate_all, learning, one_more

PEOPLE = 40


class Killed(BaseException):
    """The process is gone."""


def many(conn: Connection, people: int = PEOPLE) -> None:
    """Learners of one cohort who have done everything, and whose credit is due."""
    first = learning(conn)
    for who in (first, *(one_more(conn, first, f"Bob{place} Marsh") for place in range(1, people))):
        demonstrate_all(conn, who)


def lines(conn: Connection) -> Counter[tuple[str, int]]:
    """How many lines each module of each enrolment has."""
    return Counter(tuple(row) for row in conn.execute(select(ENTRY.c.enrolment_id, ENTRY.c.module_number)))


def audited(conn: Connection) -> set[str]:
    return set(conn.execute(select(ROW.c.subject_id).where(ROW.c.act == "credit.record")).scalars())


def is_whole(db: Database) -> bool:
    """Chains hold, no module has two lines, each line has its audit row and no audit row is of none."""
    ids = db.read_now(lambda conn: set(conn.execute(select(ENTRY.c.id)).scalars()))
    once = set(db.read_now(lines).values()) <= {1}
    return db.read_now(first_broken_ledger) is None and once and db.read_now(audited) == ids


def test_fifty_completions_at_once_are_one_line_each(db: Database) -> None:
    """Fifty sweeps see the same modules due, as if fifty servers had been told of each at the same moment."""
    db.write_now(many, 2)
    with ThreadPoolExecutor(50) as pool:
        added = list(pool.map(lambda _: record_due_credit(db, NOW), range(50)))
    assert (sum(added), len(db.read_now(lines)), is_whole(db)) == (8, 8, True)


@pytest.mark.parametrize("step", ["hold_ledger", "append", "_note"])
def test_who_dies_at_any_step_leaves_nothing_half_done(
    db: Database, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    db.write_now(many, 2)
    real, calls = getattr(service, step), iter(range(100))

    def dying(*given: Any, **named: Any) -> Any:
        found = real(*given, **named)
        if next(calls) == 1:
            raise Killed
        return found

    monkeypatch.setattr(service, step, dying)
    with pytest.raises(Killed):
        record_due_credit(db, NOW)
    monkeypatch.undo()
    assert is_whole(db)
    record_due_credit(db, NOW)
    assert (len(db.read_now(lines)), is_whole(db)) == (8, True)


def test_sweeps_corrections_and_a_merge_at_once_leave_every_hour_once(db: Database) -> None:
    """Whatever comes first, the kept account ends with both courses, each module once."""
    kept, gone = db.write_now(learning), db.write_now(lambda conn: learning(conn, name="Alice Broock"))
    db.write_now(demonstrate_all, kept)
    db.write_now(demonstrate, gone, 1)
    record_due_credit(db, NOW)
    rita, rolf = (db.write_now(keeper, name) for name in ("Rita Record", "Rolf Rolls"))
    for week in (2, 3):
        db.write_now(demonstrate, gone, week)
    merge_id, proposal_id = db.write_now(_proposed, rita, kept, gone)
    acts: list[Callable[[], object]] = [lambda: record_due_credit(db, NOW)] * 6
    acts.insert(2, lambda: db.write_now(decide_merge, rolf, merge_id, approve=True, why=""))
    acts.insert(3, lambda: db.write_now(decide, rolf, proposal_id, approve=True, why=""))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(_tried, acts))
    record_due_credit(db, NOW)
    rows = db.read_now(lambda conn: list(conn.execute(_standing(kept.person_id))))
    assert sorted((row.enrolment_id, row.module_number) for row in rows) == sorted(
        [(kept.enrolment_id, week) for week in (1, 2, 3, 4)] + [(gone.enrolment_id, week) for week in (1, 2, 3)]
    )
    assert db.read_now(lambda conn: list(conn.execute(_standing(gone.person_id)))) == []
    assert db.read_now(first_broken_ledger) is None


def _tried(act: Callable[[], object]) -> None:
    """A correction of an entry that the merge took back first is refused, and that is right."""
    with suppress(Conflict):
        act()


def _proposed(conn: Connection, rita: Any, kept: Any, gone: Any) -> tuple[str, str]:
    numbers = {row.id: row.learner_number for row in conn.execute(select(PERSON.c.id, PERSON.c.learner_number))}
    merge_id = propose_merge(conn, rita, numbers[kept.person_id], numbers[gone.person_id], "The same passport.")
    entry = conn.execute(select(ENTRY.c.id).where(ENTRY.c.enrolment_id == gone.enrolment_id)).scalar_one()
    parts = (("technical", 90),)
    change = Change(ProposedAct.CORRECT, ReasonCode.RECORDED_IN_ERROR, "Shorter.", parts, date(2026, 11, 4))
    return merge_id, propose(conn, rita, entry, change)


def _standing(person_id: str) -> Any:
    taking_back = ENTRY.alias("taking_back")
    return (
        select(ENTRY.c.enrolment_id, ENTRY.c.module_number)
        .join(LEDGER, LEDGER.c.id == ENTRY.c.ledger_id)
        .outerjoin(taking_back, taking_back.c.reverses_id == ENTRY.c.id)
        .where(LEDGER.c.person_id == person_id, ENTRY.c.kind != "reversal", taking_back.c.id.is_(None))
    )


@pytest.mark.slow
def test_a_process_that_is_killed_while_it_records_leaves_whole_ledgers(db: Database) -> None:
    """SIGKILL after a random number of lines, again and again, until all is recorded; every time the ledgers hold."""
    db.write_now(many)
    chance, kills = random.Random(20261122), 0  # noqa: S311 a game of chance, not a secret
    while (before := db.read_now(_count)) < PEOPLE * 4:
        kills += _killed_at(db, before + chance.randrange(10, 50), chance.uniform(0, 0.02))
        assert is_whole(db)
    assert kills > 1, "most kills came when all was done, so this has proven little"
    assert (record_due_credit(db, NOW), len(db.read_now(lines))) == (0, PEOPLE * 4)


def _count(conn: Connection) -> int:
    return int(conn.execute(select(func.count()).select_from(ENTRY)).scalar_one())


def _killed_at(db: Database, number: int, later: float) -> bool:
    """Kill a process that records once there are so many lines, and a moment later; whether it had more to do."""
    environment = dict(os.environ) | {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    command = (sys.executable, "-m", "tests.assessments.credit.victim", db.url)
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == b"ready\n"
        while victim.poll() is None and db.read_now(_count) < number:
            time.sleep(0.002)
        time.sleep(later)
        victim.kill()
    return db.read_now(_count) < PEOPLE * 4
