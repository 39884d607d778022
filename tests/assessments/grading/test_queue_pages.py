"""The queue's page and who reaches any grading address."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from assessments.assignments.models import Assignment
from assessments.completeness.rules import Finding
from assessments.completeness.service import keep_findings
from assessments.evidence.models import Submission
from assessments.grading.models import Claim, Outcome
from assessments.grading.ratings import save
from fourweek.accounts.models import Role
from fourweek.clock import real_time
from fourweek.database import new_id, table
from fourweek.edge import House
from tests import factories as make
from tests.assessments.grading.factories import DAY, LEASE, NOW, School, given, promised, rows, school, waiting
from tests.assessments.grading.pages import HX, answers_of, page_of, token_of
from tests.courses.versions.factories import change, newer
from tests.statements import statements
from tests.visits import Browser, forms


def test_anonymous_is_asked_to_sign_in(browser: Any, made: School) -> None:
    answers = answers_of(browser(), made)
    assert {status for (method, _), status in answers.items() if method == "GET"} == {303}
    assert {status for (method, _), status in answers.items() if method == "POST"} == {401}


@pytest.mark.parametrize("headers", [{}, HX, {"accept": "application/json"}], ids=["page", "fragment", "json"])
@pytest.mark.parametrize("who", ["alice", "stranger"])
def test_learner_and_stranger_reach_no_grading_address(
    browser: Any, house: House, made: School, who: str, headers: dict[str, str]
) -> None:
    person = made.alice if who == "alice" else house.db.write_now(make.person, "Sam Stone")
    assert set(answers_of(browser(person), made, **headers).values()) == {404}


def test_grader_of_another_cohort_sees_nothing_of_this_one(browser: Any, house: House, made: School) -> None:
    other = house.db.write_now(school)
    gina = browser(other.greta)
    answers = {path: status for (_, path), status in answers_of(gina, made).items() if made.submission in path}
    assert set(answers.values()) == {404}
    listed = gina.get("/grading").text
    assert made.submission not in listed
    assert other.submission not in gina.get("/grading?part=others").text
    assert listed.count('class="entry"') == 0


def test_wrong_role_gets_403_where_it_may_see(greta: Browser, desk: School) -> None:
    token = token_of(greta)
    for path in (f"{page_of(desk)}/break", f"{page_of(desk)}/change"):
        assert greta.post(path, data={"form_token": token, "reason": "No."}).status_code == 403
    assert greta.get("/grading/posting").status_code == 403


def test_queue_shows_what_is_promised_first_first(greta: Browser, house: House, made: School) -> None:
    later, sooner = house.db.write_now(waiting, made, 2)
    house.db.write_now(promised, {sooner: NOW - 3 * DAY, later: real_time() + 9 * DAY})
    page = greta.get("/grading")
    assert page.status_code == 200
    assert re.findall(r'href="/grading/(\w{26})"', page.text) == [sooner, later, made.submission]
    assert "3 submissions wait for a grader." in page.text
    assert "attempt 1 · handed in" in page.text
    assert "Decision overdue since Sunday 1 November 2026" in page.text
    assert "business days left" in page.text
    assert "Alice Brook, attempt 1" in page.text
    overdue = greta.get("/grading?part=overdue").text
    assert re.findall(r'href="/grading/(\w{26})"', overdue) == [sooner]


def test_what_is_given_is_for_whom_it_is_given_to(greta: Browser, browser: Any, house: House, made: School) -> None:
    house.db.write_now(given, {made.submission: made.gus})
    assert made.submission not in greta.get("/grading").text
    assert "Given to Gus Hill" in greta.get("/grading?part=others").text
    mine = browser(made.gus).get("/grading?part=mine").text
    assert (made.submission in mine, "Given to you" in mine) == (True, True)


def test_queue_says_when_it_is_empty(browser: Any, house: House) -> None:
    def alone(conn: Connection) -> str:
        made = make.course(conn)
        return make.with_role(conn, Role.GRADER, scope_id=make.cohort(conn, made))

    page = browser(house.db.write_now(alone)).get("/grading").text
    assert "Nothing waits for a grader." in page
    assert "Evidence appears here as soon as it is handed in." in page


def test_grade_next_claims_and_opens(greta: Browser, house: House, made: School) -> None:
    answer = greta.submit("/grading", "/grading/next")
    assert (answer.status_code, answer.headers["location"]) == (303, page_of(made))
    assert [row.grader_id for row in house.db.read_now(rows, Claim)] == [made.greta]
    mine = greta.get("/grading?part=mine").text
    assert made.submission in mine
    assert "On your desk until" in mine
    assert "/grading/next" not in forms(mine)


def test_others_see_who_has_it(browser: Any, desk: School) -> None:
    gus = browser(desk.gus)
    assert desk.submission not in gus.get("/grading").text
    assert "Greta Grant has it until" in gus.get("/grading?part=others").text
    page = gus.get(page_of(desk)).text
    assert "Greta Grant has this submission until" in page
    assert f"{page_of(desk)}/claim" not in forms(page)
    assert page_of(desk) not in forms(page)


def test_the_screen_says_what_is_left_and_whom_it_is_given_to(
    greta: Browser, browser: Any, house: House, made: School
) -> None:
    def fill(conn: Connection) -> None:
        promised(conn, {made.submission: NOW - 3 * DAY})
        given(conn, {made.submission: made.gus})

    house.db.write_now(fill)
    page = greta.get(page_of(made)).text
    assert "Decision overdue since Sunday 1 November 2026" in page
    assert "This is given to Gus Hill." in page
    assert f"{page_of(made)}/claim" not in forms(page)
    own = browser(made.gus).get(page_of(made)).text
    assert ("This is given to you." in own, f"{page_of(made)}/claim" in forms(own)) == (True, True)


@pytest.mark.parametrize("query", ["?page=0", "?page=99999999999999999999", "?cohort=x&assignment=y", "?page=-1"])
def test_queue_takes_strange_numbers(greta: Browser, query: str) -> None:
    assert greta.get(f"/grading{query}").status_code == 200


@pytest.mark.parametrize("query", ["?part=all", "?page=two"])
def test_queue_refuses_what_no_link_of_ours_says(greta: Browser, query: str) -> None:
    assert greta.get(f"/grading{query}").status_code == 404


def test_an_assignment_is_one_choice_whichever_versions_wait(browser: Any, house: House, made: School) -> None:
    def fill(conn: Connection) -> str:
        versions = [newer(conn, made.course, (1, 1)), newer(conn, made.course, (2, 0))]
        for version, title in zip(versions, ("Note 1, reworded", "Note 1, anew"), strict=True):
            change(conn, Assignment, version.assignments[0], title=title)
            cohort = make.cohort(conn, version)
            make.submission(conn, version, make.enrol(conn, cohort, make.person(conn)))
        make.submission(conn, versions[1], make.enrol(conn, cohort, make.person(conn)), week=2)
        return make.with_role(conn, Role.GRADER)

    everywhere = browser(house.db.write_now(fill))
    page = everywhere.get("/grading").text
    options = dict(re.findall(r'<option value="([^"]*/[^"]*)"[^>]*>([^<]*)<', page))
    first = f"{made.course.course_id}/note-1"
    course = "Running a Reliable Service"
    assert options == {first: f"Note 1, anew ({course})", f"{made.course.course_id}/note-2": f"Note 2 ({course})"}
    chosen = everywhere.get(f"/grading?assignment={first}").text
    assert ("3 submissions wait for a grader." in chosen, f'value="{first}" selected' in chosen) == (True, True)
    assert len(re.findall(r'href="/grading/(\w{26})"', chosen)) == 3
    assert everywhere.submit(f"/grading?assignment={first}", "/grading/next").status_code == 303
    assert "Waiting (2)" in everywhere.get(f"/grading?assignment={first}").text


@pytest.fixture
def full(house: House, made: School) -> School:
    """5,000 submissions of 50 learners, all waiting (attempt numbers stand in for weeks)."""

    def fill(conn: Connection) -> None:
        target = table(Submission)
        for number in range(50):
            enrolment = make.enrol(conn, made.cohort, make.person(conn, f"Learner{number} Doe"))
            values = [_waiting(made, enrolment, number * 100 + i) for i in range(100)]
            conn.execute(target.insert(), values)

    house.db.write_now(fill)
    return made


def _waiting(made: School, enrolment: str, number: int) -> dict[str, Any]:
    at = make.START + timedelta(minutes=number + 1)
    return {
        "id": new_id(),
        "enrolment_id": enrolment,
        "assignment_id": made.course.assignments[number % 4],
        "rubric_id": made.course.rubrics[number % 4],
        "attempt": number + 1,
        "state": "submitted",
        "started_at": at,
        "saved_at": at,
        "submitted_at": at,
        "late": number % 7 == 0,
        "late_rule": "",
        "integrity": "",
        "counts_as_attempt": True,
    }


def test_queue_asks_seven_statements_and_counts_no_further_than_it_says(
    greta: Browser, house: House, full: School
) -> None:
    greta.get("/grading")
    third = f"?assignment={full.course.course_id}/note-3"
    for query in ("", "?page=200", third, "?part=mine"):
        with statements(house.db) as count:
            answer = greta.get(f"/grading{query}")
        assert answer.status_code == 200
        assert count.number == (6 if query == "?part=mine" else 7), count.texts  # no rows to read there
    page = greta.get("/grading?page=200").text
    assert "Waiting (999+)" in page
    assert "More than 999 submissions wait for a grader." in page
    assert "On your desk (0)" in page
    assert "<p>Page 200</p>" in page
    assert page.count('<li class="entry">') == 25
    last = greta.get("/grading?page=201").text
    assert (last.count('<li class="entry">'), 'rel="next"' in last, 'rel="prev"' in last) == (1, False, True)
    beyond = greta.get("/grading?page=202").text
    assert ("<p>Page 1</p>" in beyond, beyond.count('<li class="entry">')) == (True, 25)


def test_less_than_999_is_counted(greta: Browser, house: House, full: School) -> None:
    target = table(Submission)
    kept = select(target.c.id).where(target.c.state == "submitted").order_by(target.c.id).limit(999)
    others = target.c.id.not_in(list(house.db.read_now(lambda conn: conn.execute(kept).scalars())))
    house.db.write_now(lambda conn: conn.execute(update(target).where(others).values(state="withdrawn")))
    page = greta.get("/grading?page=99").text
    assert "Waiting (999)" in page
    assert "Page 40 of 40" in page


def test_screen_asks_nine_statements_however_much_there_is(greta: Browser, house: House, desk: School) -> None:
    def more(conn: Connection) -> None:
        for attempt in range(2, 9):
            again = make.submission(conn, desk.course, desk.enrolment, attempt=attempt)
            make.decided(conn, desk.course, again, desk.gus, outcome=Outcome.NOT_YET)
        save(conn, desk.grader(at=real_time()), desk.submission, desk.typed("meets", "meets"), LEASE)

    greta.get(page_of(desk))
    with statements(house.db) as bare:
        greta.get(page_of(desk))
    house.db.write_now(more)
    with statements(house.db) as rich:
        assert greta.get(page_of(desk)).status_code == 200
    assert (bare.number, rich.number) == (9, 9)


def test_only_what_nobody_has_checked(greta: Browser, house: House, made: School) -> None:
    other, _ = house.db.write_now(waiting, made, 2)
    for one, found in ((made.submission, [Finding("report", "Too short.")]), (other, [])):
        house.db.write_now(keep_findings, one, found, real_time())
    page = greta.get("/grading?unchecked=1")
    assert re.findall(r'href="/grading/(\w{26})"', page.text) == [made.submission]
    assert ("Waiting (1)" in page.text, 'name="unchecked" value="1" checked' in page.text) == (True, True)
    assert "Waiting (3)" in greta.get("/grading").text
    assert greta.submit("/grading?unchecked=1", "/grading/next").headers["location"] == page_of(made)
    assert "Nothing waits for a grader here." in greta.get("/grading?unchecked=1").text
