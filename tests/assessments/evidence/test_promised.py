"""Until when a decision is promised: kept when evidence is handed in, shown to its learner while it waits."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from assessments.evidence.attempts import begin_next, withdraw
from assessments.evidence.models import Submission
from assessments.evidence.pages import assignment_page
from assessments.evidence.receipts import receipt_page
from assessments.evidence.service import hand_in, new_receipt
from assessments.grading.models import Outcome
from assessments.terms.models import GradingTerms, Holiday
from fourweek.database import add, table
from fourweek.language.stored import say
from fourweek.outbox import OutboxMessage
from tests.assessments.evidence.school import GOOD, NOON, School, build, decide, typed

SUBMISSION = table(Submission)
DAY = timedelta(days=1)
MONDAY_AFTER = datetime(2026, 11, 9, 23, 59, tzinfo=UTC)


def _attempts(conn: Connection) -> list[Any]:
    return list(conn.execute(select(SUBMISSION).order_by(SUBMISSION.c.attempt)))


def _hand_in(conn: Connection, school: School, at: datetime = NOON, attempt: int = 1) -> Any:
    form = typed(attempt=attempt, seen=GOOD if attempt > 1 else "")
    assert hand_in(conn, school.visitor(at), school.where, form, new_receipt()).receipt
    return _attempts(conn)[-1]


def test_a_decision_is_promised_within_five_business_days_where_no_terms_were_set(conn: Connection) -> None:
    school = build(conn)
    made = _hand_in(conn, school)
    assert made.promised_at == MONDAY_AFTER
    words = "Monday 9 November 2026, 23:59 (UTC)"
    page = assignment_page(conn, school.visitor(), school.where)
    assert page.hear == "Within 5 business days of handing in"
    assert [str(attempt.promised.words) for attempt in page.earlier if attempt.promised] == [words]
    receipt = receipt_page(conn, school.visitor(), made.receipt, 100)
    assert receipt.promised is not None
    assert receipt.promised.words == words
    (letter,) = conn.execute(select(table(OutboxMessage).c.data)).scalars()
    assert say(letter["promised"]) == words


def test_terms_and_holidays_are_those_of_the_cohort_when_it_is_handed_in(conn: Connection) -> None:
    school = build(conn, zone="Europe/Berlin")
    add(conn, GradingTerms(cohort_id=school.cohort, promise_days=2))
    add(conn, Holiday(day=date(2026, 11, 3), title="Founders' day", added_at=NOON))
    assert _hand_in(conn, school).promised_at == datetime(2026, 11, 5, 22, 59, tzinfo=UTC)


def test_nothing_is_promised_where_terms_promise_nothing(conn: Connection) -> None:
    school = build(conn)
    add(conn, GradingTerms(cohort_id=school.cohort, promise_days=None))
    made = _hand_in(conn, school)
    assert made.promised_at is None
    page = assignment_page(conn, school.visitor(), school.where)
    assert (page.earlier[0].promised, page.hear) == (None, "")


def test_the_clock_stands_still_while_it_is_returned_and_goes_on_afterwards(conn: Connection) -> None:
    school = build(conn, close_days=60)
    first = _hand_in(conn, school)
    decide(conn, school, first.id, Outcome.RETURNED_INCOMPLETE, NOON + DAY)
    page = assignment_page(conn, school.visitor(NOON + DAY), school.where)
    assert page.earlier[0].promised is None
    assert receipt_page(conn, school.visitor(NOON + DAY), first.receipt, 100).promised is None
    later = NOON + 7 * DAY
    begin_next(conn, school.visitor(later), school.where)
    second = _hand_in(conn, school, later, attempt=2)
    assert second.promised_at == MONDAY_AFTER + 4 * DAY
    withdraw(conn, school.visitor(later), school.where, 2)
    assert _hand_in(conn, school, later + DAY, attempt=3).promised_at == MONDAY_AFTER + 7 * DAY


def test_after_a_verdict_a_clock_of_its_own_begins(conn: Connection) -> None:
    school = build(conn, close_days=60)
    decide(conn, school, _hand_in(conn, school).id, Outcome.NOT_YET, NOON + DAY)
    later = NOON + 7 * DAY
    begin_next(conn, school.visitor(later), school.where)
    assert _hand_in(conn, school, later, attempt=2).promised_at == MONDAY_AFTER + 7 * DAY


def test_what_is_decided_but_not_posted_is_still_waited_for(conn: Connection) -> None:
    school = build(conn)
    decide(conn, school, _hand_in(conn, school).id, Outcome.DEMONSTRATED, None)
    for days, overdue in ((1, False), (8, True)):
        page = assignment_page(conn, school.visitor(NOON + days * DAY), school.where)
        assert page.earlier[0].promised is not None
        assert page.earlier[0].is_overdue is overdue
