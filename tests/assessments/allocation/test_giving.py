"""Giving work by hand: who may, to whom, what is passed over, and the page."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection

from assessments.allocation.giving import give, giving_page, take_back
from assessments.grading.claims import claim_next, take
from assessments.grading.models import Claim
from fourweek.accounts.models import Role
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.errors import Invalid, NotFound, SignInNeeded
from tests import factories as make
from tests.assessments.allocation.test_tasks import holders
from tests.assessments.grading.factories import LEASE, NOW, School, acts, conflict, rows, school, waiting
from tests.statements import statements
from tests.visits import Browser


def test_only_who_leads_the_cohort_gives_work(conn: Connection) -> None:
    made = school(conn)
    elsewhere = make.visitor(made.lena, NOW, (Role.LEAD, make.cohort(conn, made.course)))
    for visitor, error in (
        (make.visitor(at=NOW), SignInNeeded),
        (make.visitor(made.alice, NOW), NotFound),
        (made.grader(), NotFound),
        (elsewhere, NotFound),
    ):
        with pytest.raises(error):
            give(conn, visitor, made.cohort, [made.submission], made.greta)
    assert give(conn, made.lead(), made.cohort, [made.submission], made.greta).given == "1 submission given."
    assert acts(conn, "submission") == ["submission.give"]
    assert take_back(conn, made.lead(), made.cohort, [made.submission]).number == 1
    assert holders(conn) == {made.submission: None}
    with pytest.raises(NotFound):
        giving_page(conn, made.grader())


def test_who_leads_elsewhere_reads_nothing_of_the_graders_here(conn: Connection) -> None:
    """Also while nothing waits where they lead."""
    made = school(conn)
    elsewhere = make.visitor(made.lena, NOW, (Role.LEAD, make.cohort(conn, made.course)))
    page = giving_page(conn, elsewhere, made.cohort)
    assert (page.cohort, page.graders, page.rows) == ("", (), ())
    give(conn, made.lead(), made.cohort, [made.submission], made.greta)
    assert "Greta Grant" in str(giving_page(conn, made.lead(), made.cohort).graders)


def test_work_is_given_to_graders_of_the_cohort_alone(conn: Connection) -> None:
    made = school(conn)
    stranger = make.with_role(conn, Role.GRADER, "Sam Stone", make.cohort(conn, made.course))
    for person in (stranger, made.alice, made.rex, "", "nobody"):
        with pytest.raises(Invalid):
            give(conn, made.lead(), made.cohort, [made.submission], person)
    with pytest.raises(Invalid):
        give(conn, made.lead(), made.cohort, [], made.greta)
    assert holders(conn) == {made.submission: None}


def test_what_must_not_be_given_is_passed_over_and_named(conn: Connection) -> None:
    made = school(conn)
    free, held = waiting(conn, made, 2)
    conflict(conn, made.greta, made.alice)
    assert take(conn, made.grader(made.gus), held, LEASE)
    done = give(conn, made.lead(), made.cohort, [made.submission, free, held, "not-there"], made.greta)
    assert done.number == 1
    assert {why for _, why in done.refused} == {"Greta Grant must not judge it.", "another grader has it open."}
    assert holders(conn) == {made.submission: None, free: made.greta, held: None}


def test_a_lead_does_not_give_their_own_work(conn: Connection) -> None:
    made = school(conn)
    own = make.visitor(made.alice, NOW, (Role.LEAD, made.cohort))
    assert give(conn, own, made.cohort, [made.submission], made.greta).number == 0


def test_giving_and_claiming_at_once_leaves_one_holder(db: Database) -> None:
    made: School = db.write_now(school)

    def act(number: int) -> Any:
        if number % 2:
            return db.write_now(claim_next, made.grader(), LEASE)
        return db.write_now(give, made.lead(), made.cohort, [made.submission], made.gus).number

    with ThreadPoolExecutor(2) as pool:
        given, taken = pool.map(act, (0, 1))
    assert (given, taken) in {(1, None), (0, made.submission)}
    assert len(db.read_now(rows, Claim)) == (taken is not None)


def test_the_page_gives_and_takes_back(browser: Any, house: Any) -> None:
    made: School = house.db.write_now(school)
    lena: Browser = browser(made.lena)
    assert browser(made.greta).get("/grading/allocation").status_code == 404
    assert "/grading/allocation" in lena.get("/grading").text
    lena.get("/grading/allocation")
    with statements(house.db) as count:
        page = lena.get("/grading/allocation").text
    assert count.number == 6
    assert "Alice Brook, attempt 1" in page
    assert "1 waiting, 1 with nobody" in page
    answer = lena.submit("/grading/allocation", "/grading/allocation", submission=made.submission, act="give")
    assert (answer.status_code, "Choose somebody who grades in this cohort." in answer.text) == (422, True)
    ticked = {"submission": made.submission, "grader": made.greta, "act": "give"}
    assert lena.submit("/grading/allocation", "/grading/allocation", **ticked).status_code == 303
    assert house.db.read_now(holders) == {made.submission: made.greta}
    assert "Given to Greta Grant" in lena.get(f"/grading/allocation?held_by={made.greta}").text
    assert "Nothing waits here" in lena.get("/grading/allocation?held_by=nobody").text
    ticked["act"] = "take-back"
    assert lena.submit("/grading/allocation", "/grading/allocation", **ticked).status_code == 303
    assert house.db.read_now(holders) == {made.submission: None}


def test_a_grader_states_a_conflict_on_the_screen(browser: Any, house: Any) -> None:
    made: School = house.db.write_now(school)
    assert house.db.write_now(take, made.grader(at=real_time()), made.submission, LEASE)
    greta: Browser = browser(made.greta)
    here = f"/grading/{made.submission}"
    answer = greta.submit(here, f"{here}/conflict", reason="We share a flat.")
    assert (answer.status_code, answer.headers["location"]) == (303, "/grading")
    assert greta.get(here).status_code == 404
    assert house.db.read_now(rows, Claim) == []
    assert browser(made.gus).get(here).status_code == 200
