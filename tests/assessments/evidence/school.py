"""A learner with an open assignment, for the evidence tests: weeks open Mondays 09:00 UTC, due the Sunday after."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, select

from assessments.evidence.access import Where
from assessments.evidence.attempts import begin_next
from assessments.evidence.drafts import Change, save_draft
from assessments.evidence.forms import NewFile, Typed, text_answer
from assessments.evidence.models import Evidence, Submission
from assessments.evidence.service import Handed, hand_in, new_receipt
from assessments.grading.models import Outcome
from fourweek.accounts.access import Visitor
from fourweek.clock import SchoolClock, real_time
from fourweek.database import Database, table
from fourweek.edge import House
from tests import factories as make
from tests.visits import Browser, forms

T = TypeVar("T")
SUBMISSION, EVIDENCE = table(Submission), table(Evidence)
DUE = datetime(2026, 11, 8, 23, 59, tzinfo=make.START.tzinfo)
LATE_END = DUE + timedelta(days=3)
NOON = make.START + timedelta(hours=3)
GOOD = "The service kept its promise."
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
FILE = NewFile("proof", "shot.png", "image/png", 108, "ab" * 32)


@dataclass(slots=True)
class School:
    made: make.MadeCourse
    cohort: str
    alice: str
    enrolment: str
    bob: str
    greta: str

    @property
    def where(self) -> Where:
        return Where(self.cohort, 1, "note-1")

    @property
    def at(self) -> str:
        return self.where.path

    def visitor(self, at: datetime = NOON) -> Visitor:
        return make.visitor(self.alice, at)

    def save(self, db: Database, form: Typed, at: datetime = NOON) -> Change:
        return db.write_now(save_draft, self.visitor(at), self.where, form)

    def hand_in(self, db: Database, form: Typed, at: datetime = NOON) -> Handed:
        return db.write_now(hand_in, self.visitor(at), self.where, form, new_receipt())

    def next_attempt(self, db: Database, at: datetime = NOON) -> None:
        db.write_now(begin_next, self.visitor(at), self.where)


def typed(text: str = GOOD, seen: str = "", *, attempt: int = 1, agreed: bool = True, **more: Any) -> Typed:
    """A form whose report holds `text`; `seen` is the text that the page showed before."""
    answer = text_answer("report", text, seen and text_answer("report", seen).mark)
    return Typed(attempt=attempt, answers=(answer,), integrity=agreed, **more)


def at_once(act: Callable[[], T], times: int = 20) -> list[T]:
    """Do the same thing from so many threads at one moment; returns what each got, and raises what one raised."""
    start = threading.Barrier(times)

    def wait_and_act() -> T:
        start.wait()
        return act()

    with ThreadPoolExecutor(times) as pool:
        return [done.result() for done in [pool.submit(wait_and_act) for _ in range(times)]]


def build(conn: Connection, /, **changes: Any) -> School:
    """Alice in a cohort; Bob in another of the same course; Greta grades."""
    made = make.course(conn)
    cohort = make.cohort(conn, made, **changes)
    alice, bob, greta = make.person(conn), make.person(conn, "Bob Beck"), make.person(conn, "Greta Grant")
    enrolment = make.enrol(conn, cohort, alice)
    make.enrol(conn, make.cohort(conn, made), bob)
    return School(made, cohort, alice, enrolment, bob, greta)


def decide(conn: Connection, school: School, submission_id: str, outcome: Outcome, posted_at: datetime | None) -> str:
    return make.decided(conn, school.made, submission_id, school.greta, outcome=outcome, posted_at=posted_at)


def attempts(db: Database) -> list[Any]:
    return _rows(db, select(SUBMISSION).order_by(SUBMISSION.c.attempt))


def evidence(db: Database) -> list[Any]:
    order = (EVIDENCE.c.submission_id, EVIDENCE.c.kind, EVIDENCE.c.position)
    return _rows(db, select(EVIDENCE).order_by(*order))


def _rows(db: Database, wanted: Any) -> list[Any]:
    return db.read_now(lambda conn: list(conn.execute(wanted).all()))


def set_clock(db: Database, at: datetime) -> None:
    """Move the school's clock of a demonstration to about `at`."""
    ahead = int((at - real_time()).total_seconds())
    row = table(SchoolClock)

    def move(conn: Connection) -> None:
        conn.execute(row.delete())
        conn.execute(insert(row).values(id=1, ahead_seconds=ahead))

    db.write_now(move)


def fields(browser: Browser, school: School, **values: str) -> dict[str, str]:
    """What the evidence form of the page sends, with these values changed."""
    return {**forms(browser.get(school.at).text)[school.at + "/draft"], **values}


def spooled(house: House) -> list[str]:
    return [path.name for path in (house.settings.files / "spool").iterdir()]


def stored(house: House) -> list[str]:
    """Digests of all files in the store."""
    root = house.settings.files
    return sorted(p.name for p in root.rglob("*") if p.is_file() and "spool" not in p.parts)
