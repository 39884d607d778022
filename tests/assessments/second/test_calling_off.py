"""Two ratings that differ are told to leads; a second rating that nobody has begun can be called off."""

from typing import Any

import pytest
from sqlalchemy import Connection

from assessments.evidence.models import Step, Submission, SubmissionState
from assessments.grading.claims import claim, release
from assessments.grading.decisions import decide
from assessments.grading.models import Decision, Outcome, Posting, Way
from assessments.grading.ratings import save
from assessments.second.asked import ask_by_hand
from assessments.second.calling_off import call_off
from assessments.second.models import SecondRating
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.edge import House
from fourweek.errors import Conflict, Forbidden, Invalid, NotFound
from fourweek.outbox import OutboxMessage
from tests import factories as make
from tests.assessments.grading.factories import LEASE, NOW, conflict, rows, school
from tests.assessments.second.factories import apart, rate, twice
from tests.visits import forms

WHY = "The other grader is ill."


def test_leads_who_may_settle_are_told_once_that_two_ratings_differ(conn: Connection) -> None:
    made = twice(conn)
    in_conflict = make.with_role(conn, Role.LEAD, "Lou Marsh", made.cohort)
    conflict(conn, in_conflict, made.alice)
    rate(conn, made, made.greta)
    assert rows(conn, OutboxMessage, kind="ratings_differ") == []
    rate(conn, made, made.gus, "meets", "not-yet")
    (told,) = rows(conn, OutboxMessage, kind="ratings_differ")
    assert (told.person_id, told.data["path"]) == (made.lena, f"/grading/{made.submission}/ratings")
    assert "Alice" not in str(told.data)


def test_a_lead_who_gave_one_of_the_two_is_not_told(conn: Connection) -> None:
    made = twice(conn)
    rate(conn, made, made.greta)
    lead, typed = made.lead(), made.typed("meets", "not-yet", comment="Not all.")
    claim(conn, lead, made.submission, LEASE)
    decide(conn, lead, made.submission, typed, lasts=LEASE)
    assert rows(conn, OutboxMessage, kind="ratings_differ") == []


def test_only_a_lead_who_gave_no_rating_calls_it_off_with_a_reason(conn: Connection) -> None:
    made = twice(conn)
    with pytest.raises(Conflict):
        call_off(conn, made.lead(), made.submission, WHY)
    rate(conn, made, made.greta)
    own = make.visitor(made.greta, NOW, (Role.LEAD, made.cohort))
    visitors = ((make.visitor(made.alice, NOW), NotFound), (made.grader(made.gus), Forbidden), (own, Forbidden))
    for visitor, error in visitors:
        with pytest.raises(error):
            call_off(conn, visitor, made.submission, WHY)
    with pytest.raises(Invalid):
        call_off(conn, made.lead(), made.submission, "")
    assert rows(conn, Decision) == []


def test_what_the_first_grader_gave_then_decides_and_is_not_posted(conn: Connection) -> None:
    made = twice(conn)
    rate(conn, made, made.greta, "meets", "not-yet", comment="Add the log.")
    assert call_off(conn, made.lead(), made.submission, WHY)
    (decision,), (second,) = rows(conn, Decision), rows(conn, SecondRating)
    assert (decision.outcome, decision.way, decision.decided_by) == (Outcome.NOT_YET, Way.ONE_RATING, made.greta)
    assert (decision.comment, rows(conn, Posting)) == ("Add the log.", [])
    assert (second.closed_at, second.agreed) == (NOW, None)
    assert rows(conn, Submission, id=made.submission)[0].state is SubmissionState.DECIDED
    (kept,) = rows(conn, AuditRow, act="second.called_off")
    assert (kept.actor_id, kept.reason) == (made.lena, WHY)
    with pytest.raises(Conflict):
        call_off(conn, made.lead(), made.submission, WHY)


def test_what_somebody_has_begun_is_not_called_off(conn: Connection) -> None:
    made = twice(conn)
    rate(conn, made, made.greta)
    claim(conn, made.grader(made.gus), made.submission, LEASE)
    with pytest.raises(Conflict, match="begun"):
        call_off(conn, made.lead(), made.submission, WHY)
    save(conn, made.grader(made.gus), made.submission, made.typed("meets"), LEASE)
    release(conn, made.grader(made.gus), made.submission)
    with pytest.raises(Conflict, match="begun"):
        call_off(conn, made.lead(), made.submission, WHY)
    differ = apart(conn)
    with pytest.raises(Conflict, match="to come"):
        call_off(conn, differ.lead(), differ.submission, WHY)


def test_one_asked_for_by_hand_is_called_off_before_the_first_rating(conn: Connection) -> None:
    made = school(conn)
    ask_by_hand(conn, made.lead(), made.submission)
    assert not call_off(conn, made.lead(), made.submission, WHY)
    assert rows(conn, SecondRating) == []
    ask_by_hand(conn, made.lead(), made.submission)
    assert rate(conn, made, made.greta).step is Step.SECOND


def test_the_screen_offers_it_to_leads(browser: Any, house: House) -> None:
    made = house.db.write_now(twice)
    house.db.write_now(lambda conn: rate(conn, made, made.greta))
    here, lena = f"/grading/{made.submission}", browser(made.lena)
    assert f"{here}/second/off" not in forms(browser(made.gus).get(here).text)
    refused = lena.submit(here, f"{here}/second/off", off="")
    assert (refused.status_code, "Call the second rating off" in refused.text) == (422, True)
    assert lena.submit(here, f"{here}/second/off", off=WHY).headers["location"] == here
    assert f"{here}/second/off" not in forms(lena.get(here).text)
