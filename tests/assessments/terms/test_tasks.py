"""Those who could still keep a promise are warned once, before it ends."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection

from assessments.evidence.models import Submission
from assessments.grading.claims import take
from assessments.grading.models import Outcome
from assessments.terms.models import GradingTerms, Holiday
from assessments.terms.tasks import warn_of_promises
from fourweek.clock import Now
from fourweek.database import Database, add
from fourweek.language.stored import say
from fourweek.outbox import OutboxMessage
from tests import factories as make
from tests.assessments.grading.factories import DAY, LEASE, NOW, School, given, promised, rows, school, waiting
from tests.statements import statements

AT = Now(real=NOW, school=NOW)  # a Wednesday
THURSDAY = datetime(2026, 11, 5, 23, 59, tzinfo=UTC)
FRIDAY = THURSDAY + DAY


def letters(conn: Connection) -> dict[str, Any]:
    return {row.person_id: row.data for row in rows(conn, OutboxMessage, kind="promise_near")}


def test_grader_and_leads_are_warned_once_and_told_of_all_in_one_letter(db: Database) -> None:
    made: School = db.write_now(school)

    def fill(conn: Connection) -> list[str]:
        more = waiting(conn, made, 3)
        promised(conn, {made.submission: THURSDAY, more[0]: THURSDAY, more[1]: FRIDAY, more[2]: NOW - 2 * DAY})
        given(conn, {made.submission: made.greta})
        assert take(conn, made.grader(made.gus), more[2], LEASE)
        return more

    db.write_now(fill)
    assert warn_of_promises(db, AT) == 3
    sent = db.read_now(letters)
    assert {person: data["count"] for person, data in sent.items()} == {made.greta: 1, made.gus: 1, made.lena: 3}
    assert [say(line).split(": ")[1] for line in sent[made.lena]["lines"]] == [
        "Decision overdue since Monday 2 November 2026",
        "1 business day left",
        "1 business day left",
    ]
    assert "Alice" not in str(sent)
    with statements(db) as count:
        assert warn_of_promises(db, AT) == 0
    assert count.number == 2
    assert warn_of_promises(db, Now(real=NOW + DAY, school=NOW + DAY)) == 1
    assert len(db.read_now(rows, OutboxMessage, kind="promise_near")) == 4


@pytest.mark.parametrize(
    ("change", "warned"),
    [("nothing", 0), ("two days before", 1), ("a holiday between", 1), ("decided", 0), ("posted", 0)],
)
def test_when_a_warning_is_due(db: Database, change: str, warned: int) -> None:
    def fill(conn: Connection) -> None:
        made = school(conn)
        promised(conn, {made.submission: FRIDAY})
        if change == "two days before":
            add(conn, GradingTerms(cohort_id=made.cohort, warn_days=2))
        if change == "a holiday between":
            add(conn, Holiday(day=date(2026, 11, 5), title="Founders' day", added_at=NOW))
        if change in {"decided", "posted"}:
            posted = NOW if change == "posted" else None
            make.decided(conn, made.course, made.submission, made.greta, outcome=Outcome.NOT_YET, posted_at=posted)

    db.write_now(fill)
    assert warn_of_promises(db, AT) == warned
    assert [row.warned_at is not None for row in db.read_now(rows, Submission)] == [bool(warned)]


def test_what_is_decided_and_not_posted_is_warned_of(db: Database) -> None:
    def fill(conn: Connection) -> School:
        made = school(conn)
        promised(conn, {made.submission: THURSDAY})
        make.decided(conn, made.course, made.submission, made.greta)
        return made

    made = db.write_now(fill)
    assert warn_of_promises(db, AT) == 1
    assert set(db.read_now(letters)) == {made.lena}
