"""Checking every ledger: 100,000 entries, beside reading and hashing the same rows and nothing else."""

import hashlib
import json
import sqlite3
import subprocess
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from assessments.credit.amounts import Amount, Part, stored_amounts, stored_parts
from assessments.credit.chain import GENESIS, EntryFields, EntryKind, entry_hash
from assessments.credit.ledger import ENTRY, LEDGER, first_broken_ledger
from fourweek.accounts.access import PERSON
from fourweek.accounts.models import Person
from fourweek.cli.serving import prepare
from fourweek.database import Database, new_id
from fourweek.settings import Settings
from tests import factories as make
from tests.bench import processes
from tests.bench.contest import Failed
from tests.bench.measures import Bench
from tests.bench.report import Finding, Goal
from tests.bench.timed import MIB, in_turn, seconds_of
from tests.servers import FOURWEEK, fourweek_environment, free_port

ENTRIES, EACH = 100_000, 50
"""Entries in all, and in each ledger."""
FEW = 1_000
READ = "SELECT * FROM credit_entry ORDER BY ledger_id, seq"


def checking(bench: Bench) -> list[Finding]:
    """Following every chain beside the bare parts of it, and the memory that the command takes for many and for few."""
    bench.step(f"a ledger of {ENTRIES:,} entries")
    many, few = (fill(bench.home.parent / f"ledger-{count}", count) for count in (ENTRIES, FEW))
    db = Database(Settings(home=many).database)
    path = db.url.removeprefix("sqlite:///")
    bench.step("checking every ledger")
    bare, ours = in_turn(bench.rounds, lambda: seconds_of(lambda: _bare(path)), lambda: seconds_of(lambda: _follow(db)))
    db.close()
    grown = (_peak(many) - _peak(few)) / MIB
    beside = f"reading and hashing alone: {bare:.1f} s"
    return [
        Finding(f"ledger check, {ENTRIES:,} entries", ours / bare, beside, None, ENTRIES / ours, ours * 1000),
        Finding("… memory more than for 1,000", grown, "", Goal(8, unit=" MiB"), unit=" MiB"),
    ]


def fill(home: Path, count: int) -> Path:
    """A house under `home` with ledgers that hold so many entries; returns `home`."""
    settings = Settings(home=home, base_url="http://testserver")
    prepare(settings)
    db = Database(settings.database)
    db.write_now(_fill, count)
    db.close()
    return home


def _fill(conn: Connection, count: int) -> None:
    course = make.course(conn)
    cohort = make.cohort(conn, course)
    enrolment = make.enrol(conn, cohort, make.person(conn))
    for number in range(count // EACH):
        person = Person(
            id=new_id(),
            learner_number=f"L-{number:08d}",
            legal_name="Many",
            display_name="Many",
            created_at=make.BEFORE,
        )
        conn.execute(insert(PERSON), person.model_dump())
        ledger = f"{number:026x}"
        rows, head = _chain(ledger, enrolment, course)
        conn.execute(insert(LEDGER), {"id": ledger, "person_id": person.id, "entries": EACH, "head": head})
        conn.execute(insert(ENTRY), rows)


def _chain(ledger: str, enrolment: str, course: make.MadeCourse) -> tuple[list[dict[str, Any]], str]:
    rows, head, one = [], GENESIS, _entry(ledger, enrolment, course)
    names = {"entry_id": "id", "sequence": "seq", "reverses": "reverses_id", "counted_minutes": "minutes"}
    names |= {"repeat_of": "repeat_of_id", "cause": "cause_id"}
    for place in range(1, EACH + 1):
        one = replace(one, entry_id=new_id(), sequence=place, minutes_before=150 * place)
        hashed = entry_hash(head, one)
        row = {names.get(field.name, field.name): getattr(one, field.name) for field in fields(one)}
        row |= {"amounts": stored_amounts(one.amounts), "parts": stored_parts(one.parts)}
        rows.append(row | {"module_id": course.modules[0], "previous": head, "hash": hashed})
        head = hashed
    return rows, head


def _entry(ledger: str, enrolment: str, course: make.MadeCourse) -> EntryFields:
    """Corrections, of which a module may have any number."""
    return EntryFields(
        entry_id="",
        ledger_id=ledger,
        sequence=0,
        kind=EntryKind.CORRECTION,
        reverses=None,
        reason_code=None,
        enrolment_id=enrolment,
        course_code=course.code,
        course_version="1.0",
        module_number=1,
        category="technical",
        credit_type="CEU",
        rule_id="ceu-nearest-2018",
        minutes_before=0,
        counted_minutes=150,
        tenths=2,
        completed_at=make.START,
        completed_on=make.START.date(),
        zone="UTC",
        recorded_at=make.START + timedelta(minutes=1),
        amounts=(Amount("PDH", "pdh-half-hour-2018", 5),),
        parts=(Part("ethics", 30), Part("technical", 120)),
        group_key="reliable-services/1",
    )


def _follow(db: Database) -> None:
    if broken := db.read_now(first_broken_ledger):
        raise Failed(str(broken))


def _bare(path: str) -> None:
    """Every row read by the driver alone, made into JSON and hashed, with its amounts and parts read."""
    with sqlite3.connect(path) as conn:
        found = conn.execute(READ)
        names = [column[0] for column in found.description]
        for row in found:
            values = dict(zip(names, row, strict=True))
            values |= {"amounts": json.loads(values["amounts"]), "parts": json.loads(values["parts"])}
            text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            hashlib.sha256(text.encode()).hexdigest()


def _peak(home: Path) -> int:
    """The most memory that the command held while it checked a house, in bytes."""
    process = subprocess.Popen(
        [FOURWEEK, "ledger", "check"], env=fourweek_environment(home, free_port()), stdout=subprocess.PIPE
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(processes.peaks(process.pid).values()))
    if process.returncode:
        raise Failed("ledger check found a broken link")
    return peak
