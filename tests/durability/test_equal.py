"""A hundred equal requests at the same moment have one effect, on the real server with two processes."""

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from assessments.badges.keys import load_keys
from assessments.badges.queries import AWARD, ISSUE
from assessments.badges.service import award_due_badges
from assessments.credit.ledger import ENTRY, first_broken_ledger
from assessments.credit.rulebook import Book
from assessments.credit.rules import Mode
from assessments.credit.service import record_due_credit
from assessments.evidence.models import SubmissionState
from assessments.evidence.queries import SUBMISSION
from assessments.grading.access import CLAIM
from assessments.grading.queries import DECISION, POSTING
from courses.cohorts.queries import COHORT
from courses.enrolment.queries import ENROLMENT
from fourweek.accounts.service import EMAIL
from fourweek.clock import Now, real_time
from fourweek.edge import House
from fourweek.house import open_house
from fourweek.outbox import OUTBOX
from fourweek.settings import Settings
from tests import factories
from tests.databases import remove_postgres
from tests.durability.grader import LEVELS
from tests.durability.line import Answer, Line
from tests.durability.school import TEXT_SLOT, WEEKS, School, make_school
from tests.factories import sign_in
from tests.keys import put_jwt_key
from tests.servers import FOURWEEK, serving
from tests.visits import forms

TIMES = 100
pytestmark = pytest.mark.slow


@dataclass(slots=True)
class Case:
    """A running school, and cookies of who is in it."""

    school: School
    house: House
    submission: str
    learner: str
    graders: list[str]
    strangers: list[str]
    seat: str
    lines: list[Line] = field(default_factory=list)

    def line(self, cookie: str) -> Line:
        self.lines.append(Line(self.school.port, "", cookie))
        return self.lines[-1]

    def at_once(self, act: Callable[[Line], Answer], cookies: Sequence[str]) -> Counter[int]:
        """`act` on a line of its own for each cookie, all at the same moment; counts the answers by status."""
        ready = threading.Barrier(len(cookies))

        def go(cookie: str) -> int:
            line = self.line(cookie)
            ready.wait()
            try:
                return act(line).status
            finally:
                line.close()

        with ThreadPoolExecutor(len(cookies)) as pool:
            found = Counter(pool.map(go, cookies))
        print(dict(found), file=sys.stderr)
        return found

    def read(self, statement: Any) -> list[Any]:
        return self.house.db.read_now(lambda conn: list(conn.execute(statement)))

    def count(self, table: Any, *where: Any) -> int:
        return int(self.read(select(func.count()).select_from(table).where(*where))[0][0])


@pytest.fixture(params=["sqlite", "postgres"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    school = make_school(tmp_path, request.param, learners=1, graders=2, pile=1)
    with _house(school) as house:
        made = house.db.write_now(_people, school)
        command = [FOURWEEK, "serve", "--workers", "2"]
        with serving(command, school.port, school.environment, tmp_path / "server.log"):
            made_case = Case(school, house, *made)
            yield made_case
            for line in made_case.lines:
                line.close()
    remove_postgres(school.database_url)


@contextmanager
def _house(school: School) -> Iterator[House]:
    settings = Settings(home=school.home, database_url=school.database_url, base_url=f"http://127.0.0.1:{school.port}")
    put_jwt_key(school.home)
    house = open_house(settings)
    try:
        yield house
    finally:
        house.db.close()


def _people(conn: Connection, school: School) -> tuple[str, str, list[str], list[str], str]:
    now = real_time()
    by_address = {row.address: row.person_id for row in conn.execute(select(EMAIL.c.address, EMAIL.c.person_id))}
    learner = sign_in(conn, by_address[school.addresses[0]], now)
    graders = [sign_in(conn, by_address[address], now) for address in school.piles]
    course = factories.course(conn)
    seat = factories.cohort(conn, course, (now + timedelta(days=30)).date(), capacity=1)
    strangers = [sign_in(conn, factories.person(conn, f"P{number} Brook"), now) for number in range(TIMES)]
    submission = next(iter(school.piles.values()))[0]
    return submission, learner, graders, strangers, seat


def test_a_hundred_submits_are_one(case: Case) -> None:
    path = case.school.assignments[0]
    line = case.line(case.learner)
    assert line.post(f"{path}/draft/{TEXT_SLOT}", {"attempt": "1", f"text-{TEXT_SLOT}": "We kept it all."}).status < 400
    form = forms(line.get(path))[f"{path}/draft"]
    fields = {name: value for name, value in form.items() if name != "form_token"} | {"integrity": "1"}
    answers = case.at_once(lambda one: one.post(f"{path}/submit", fields), [case.learner] * TIMES)
    assert set(answers) <= {303, 503}, answers
    [row] = case.read(select(SUBMISSION).where(SUBMISSION.c.submitted_at > real_time() - timedelta(hours=1)))
    assert (row.state, row.attempt) == (SubmissionState.SUBMITTED, 1)
    assert case.count(OUTBOX, OUTBOX.c.kind == "receipt") == 1


def test_a_hundred_claims_are_one_and_so_are_decisions_and_postings(case: Case) -> None:
    path = f"/grading/{case.submission}"
    answers = case.at_once(lambda one: one.post(f"{path}/claim", {}), case.graders * (TIMES // 2))
    assert max(answers) < 504, answers
    [claim] = case.read(select(CLAIM))
    holder = next(one for one in case.graders if path in forms(case.line(one).get(path)))
    form = forms(case.line(holder).get(path))[path]
    fields = {name: value for name, value in form.items() if name != "form_token"}
    fields |= LEVELS | {"comment": "Read with care.", "act": "decide-post"}
    answers = case.at_once(lambda one: one.post(path, fields), [holder] * TIMES)
    assert max(answers) < 504, answers
    mine = DECISION.c.submission_id == claim.submission_id
    assert case.count(DECISION, mine) == 1
    assert case.count(POSTING, POSTING.c.decision_id.in_(select(DECISION.c.id).where(mine))) == 1
    assert case.count(OUTBOX, OUTBOX.c.kind == "posted") == 1


def test_the_last_seat_is_given_once(case: Case) -> None:
    answers = case.at_once(lambda one: one.post(f"/cohorts/{case.seat}/enrol", {"step": "enrol"}), case.strangers)
    assert max(answers) < 504, answers
    assert case.count(ENROLMENT, ENROLMENT.c.cohort_id == case.seat) == 1
    [row] = case.read(select(COHORT.c.capacity).where(COHORT.c.id == case.seat))
    assert row.capacity == 1


def test_a_hundred_scans_record_credit_and_award_once(case: Case) -> None:
    _post(case)
    now = Now(real_time(), real_time())
    with ThreadPoolExecutor(TIMES) as pool:
        list(pool.map(lambda _: record_due_credit(case.house.db, now, Book(Mode.NEAREST)), range(TIMES)))
        keys = load_keys(case.house.settings)
        award = partial(award_due_badges, case.house.db, case.house.store, keys, case.house.settings)
        list(pool.map(lambda _: award(now), range(TIMES)))
    lines = Counter(tuple(row) for row in case.read(select(ENTRY.c.enrolment_id, ENTRY.c.module_number)))
    assert set(lines.values()) == {1}
    assert max(Counter(enrolment for enrolment, _ in lines).values()) == WEEKS
    assert case.count(AWARD) == case.count(ISSUE) == 1
    assert case.house.db.read_now(first_broken_ledger) is None


def _post(case: Case) -> None:
    """The one submission that was missing is decided and posted."""
    line = case.line(case.graders[0])
    path = f"/grading/{case.submission}"
    assert line.post(f"{path}/claim", {}).status == 303
    form = forms(line.get(path))[path]
    fields = {name: value for name, value in form.items() if name != "form_token"}
    assert line.post(path, fields | LEVELS | {"comment": "Read.", "act": "decide-post"}).status == 303
