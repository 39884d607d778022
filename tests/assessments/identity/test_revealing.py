"""A lead looks behind a pseudonym, with a reason, for one learner and assignment."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from assessments.evidence.models import Submission, SubmissionState
from assessments.grading.access import graded_submission
from assessments.identity.listing import reveals_page
from assessments.identity.models import Reveal
from assessments.identity.revealing import LONGEST, reveal, whose_page
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import add, new_id
from fourweek.edge import House
from fourweek.errors import Conflict, Forbidden, Invalid, NotFound
from tests import factories as make
from tests.assessments.grading.factories import NOW, School, rows, school
from tests.assessments.identity.factories import hidden_school

RULE = "Due Friday 6 November 2026, 23:59 (UTC). Moved by a personal extension."
WHY = "The work and a note in it do not fit."


def test_names_are_shown_where_grading_is_not_anonymous(conn: Connection) -> None:
    made = school(conn)
    found = graded_submission(conn, made.grader(), made.submission)
    assert (found.learner, found.anonymous, found.hidden) == ("Alice Brook", False, False)
    with pytest.raises(Conflict):
        reveal(conn, made.lead(), made.submission, WHY)


def test_everybody_who_grades_reads_the_pseudonym(conn: Connection) -> None:
    made = hidden_school(conn)
    for visitor in (made.grader(), made.lead(), made.registrar()):
        found = graded_submission(conn, visitor, made.submission)
        assert (found.learner, found.hidden) == (found.pseudonym, True)


@pytest.mark.parametrize(("made_by", "rule"), [(school, RULE), (hidden_school, "")])
def test_a_date_of_one_s_own_does_not_tell_who_it_is(conn: Connection, made_by: Any, rule: str) -> None:
    made = made_by(conn)
    row = Submission(
        id=new_id(),
        enrolment_id=made.enrolment,
        assignment_id=made.course.assignments[1],
        rubric_id=made.course.rubrics[1],
        attempt=1,
        state=SubmissionState.SUBMITTED,
        started_at=NOW,
        saved_at=NOW,
        submitted_at=NOW,
        late_rule=RULE,
    )
    add(conn, row)
    assert graded_submission(conn, made.grader(), row.id).late_rule == rule


def test_only_a_lead_may_look(conn: Connection) -> None:
    made = hidden_school(conn)
    for visitor in (made.grader(), made.registrar()):
        for act in (lambda v: reveal(conn, v, made.submission, WHY), lambda v: whose_page(conn, v, made.submission)):
            with pytest.raises(Forbidden):
                act(visitor)
    with pytest.raises(NotFound):
        whose_page(conn, make.visitor(make.person(conn, "Sam Stone"), NOW), made.submission)
    with pytest.raises(NotFound):
        reveal(conn, make.visitor(made.alice, NOW, (Role.LEAD, made.cohort)), made.submission, WHY)
    assert rows(conn, Reveal) == []


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * (LONGEST + 1)])
def test_a_look_needs_a_reason(conn: Connection, reason: str) -> None:
    made = hidden_school(conn)
    with pytest.raises(Invalid):
        reveal(conn, made.lead(), made.submission, reason)
    assert rows(conn, Reveal) == []


def test_the_lead_sees_the_name_in_every_attempt_and_nobody_else_does(conn: Connection) -> None:
    made = hidden_school(conn)
    again = make.submission(conn, made.course, made.enrolment, attempt=2)
    other = make.submission(conn, made.course, made.enrolment, week=2)
    reveal(conn, made.lead(), made.submission, f" {WHY} ")
    reveal(conn, made.lead(), again, "Once more.")
    names = [graded_submission(conn, made.lead(), one).learner for one in (made.submission, again)]
    assert names == ["Alice Brook", "Alice Brook"]
    assert graded_submission(conn, made.lead(), other).hidden
    assert graded_submission(conn, made.grader(), made.submission).hidden
    (row,) = rows(conn, Reveal)
    assert (row.lead_id, row.enrolment_id, row.assignment_key, row.reason) == (made.lena, made.enrolment, "note-1", WHY)
    (audit,) = rows(conn, AuditRow, act="identity.reveal")
    assert (audit.actor_id, audit.subject_id, audit.reason) == (made.lena, row.id, WHY)
    (look,) = whose_page(conn, made.lead(), again).looks
    assert (look.by, look.reason) == ("Lena Moor", WHY)


def test_the_list_names_who_looked_and_not_at_whom(conn: Connection) -> None:
    made = hidden_school(conn)
    reveal(conn, made.lead(), made.submission, WHY)
    pseudonym = graded_submission(conn, made.grader(), made.submission).pseudonym
    for visitor in (made.lead(), made.registrar()):
        (row,) = reveals_page(conn, visitor).rows
        assert (row.by, row.pseudonym, row.title, row.reason) == ("Lena Moor", pseudonym, "Note 1", WHY)
        assert "Alice" not in str(row)
    elsewhere = make.visitor(made.gus, NOW, (Role.LEAD, make.cohort(conn, made.course)))
    assert reveals_page(conn, elsewhere).rows == ()
    with pytest.raises(Forbidden):
        reveals_page(conn, made.grader())
    with pytest.raises(NotFound):
        reveals_page(conn, make.visitor(made.alice, NOW))


def test_the_list_is_paged(conn: Connection) -> None:
    made = hidden_school(conn)
    for minute in range(27):
        row = Reveal(
            id=f"{minute:026}",
            enrolment_id=made.enrolment,
            assignment_key="note-1",
            lead_id=made.lena,
            reason=str(minute),
            revealed_at=NOW + timedelta(minutes=minute),
        )
        add(conn, row)
    assert [row.reason for row in reveals_page(conn, made.lead(), 2).rows] == ["1", "0"]
    assert reveals_page(conn, made.lead()).pager.next == "/staff/reveals?page=2"


@pytest.fixture
def made(house: House) -> School:
    return house.db.write_now(hidden_school)


def test_a_lead_looks_on_the_page(house: House, browser: Any, made: School) -> None:
    here = f"/grading/{made.submission}/whose"
    assert browser().get(here).headers["location"].startswith("/sign-in")
    stranger = house.db.write_now(make.person, "Sam Stone")
    assert browser(stranger).get(here).status_code == 404
    assert browser(made.greta).get(here).status_code == 403
    assert browser(made.greta).get("/staff/reveals").status_code == 403
    lena = browser(made.lena)
    assert "Alice Brook" not in lena.get(f"/grading/{made.submission}").text
    refused = lena.submit(here, here, reason=" ")
    assert (refused.status_code, "Say why the name is needed" in refused.text) == (422, True)
    assert lena.submit(here, here, reason=WHY).headers["location"] == here
    shown = lena.get(here).text
    assert "Alice Brook" in shown
    assert WHY in shown
    assert "By <strong><bdi>Alice Brook</bdi></strong>; others read P-" in lena.get(f"/grading/{made.submission}").text
    listed = lena.get("/staff/reveals").text
    assert WHY in listed
    assert "Alice" not in listed
