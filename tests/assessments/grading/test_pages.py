"""The grading pages through a browser: who reaches them, what they show, and that nothing typed is lost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, update

from assessments.assignments.models import Requirement, RequirementKind
from assessments.evidence.models import Evidence, Submission
from assessments.grading.claims import take
from assessments.grading.models import Claim, Decision, Outcome, Posting, Rating
from assessments.grading.ratings import save
from fourweek.accounts.models import Role
from fourweek.clock import real_time
from fourweek.database import add, new_id, table
from fourweek.edge import House
from tests import factories as make
from tests.assessments.grading.factories import LEASE, School, rows, school, waiting
from tests.statements import statements
from tests.visits import Browser, forms

HX = {"hx-request": "true"}
EVIL = '<script>alert(1)</script><img src=x onerror="a()">'


@pytest.fixture
def made(house: House) -> School:
    return house.db.write_now(school)


@pytest.fixture
def desk(house: House, made: School) -> School:
    """The same with greta's claim, by the clock of the machine."""
    assert house.db.write_now(take, made.grader(at=real_time()), made.submission, LEASE)
    return made


@pytest.fixture
def greta(browser: Any, made: School) -> Browser:
    found: Browser = browser(made.greta)
    return found


def _page(made: School) -> str:
    return f"/grading/{made.submission}"


def _fill(*levels: str, **more: str) -> dict[str, str]:
    return {f"level-criterion-{i}": key for i, key in enumerate(levels)} | more


def _addresses(made: School) -> list[tuple[str, str]]:
    here = _page(made)
    posts = ("", "/draft", "/claim", "/release", "/break", "/post", "/undo", "/change")
    return [
        ("GET", "/grading"),
        ("GET", "/grading/posting"),
        ("GET", here),
        ("GET", f"{here}/change"),
        ("POST", "/grading/next"),
        ("POST", "/grading/posting"),
        *(("POST", here + end) for end in posts),
    ]


def _token(visitor: Browser) -> str:
    found = re.search(r'"X-Form-Token": "([0-9a-f]{64})"', visitor.get("/courses").text.replace("&#34;", '"'))
    assert found
    return found[1]


def _answers(visitor: Browser, made: School, **headers: str) -> dict[tuple[str, str], int]:
    token = _token(visitor)
    return {
        (method, path): visitor.request(
            method, path, headers={"x-form-token": token, **headers}, data={} if method == "POST" else None
        ).status_code
        for method, path in _addresses(made)
    }


def test_anonymous_is_asked_to_sign_in(browser: Any, made: School) -> None:
    answers = _answers(browser(), made)
    assert {status for (method, _), status in answers.items() if method == "GET"} == {303}
    assert {status for (method, _), status in answers.items() if method == "POST"} == {401}


@pytest.mark.parametrize("headers", [{}, HX, {"accept": "application/json"}], ids=["page", "fragment", "json"])
@pytest.mark.parametrize("who", ["alice", "stranger"])
def test_learner_and_stranger_reach_no_grading_address(
    browser: Any, house: House, made: School, who: str, headers: dict[str, str]
) -> None:
    person = made.alice if who == "alice" else house.db.write_now(make.person, "Sam Stone")
    assert set(_answers(browser(person), made, **headers).values()) == {404}


def test_grader_of_another_cohort_sees_nothing_of_this_one(browser: Any, house: House, made: School) -> None:
    other = house.db.write_now(school)
    gina = browser(other.greta)
    answers = {path: status for (_, path), status in _answers(gina, made).items() if made.submission in path}
    assert set(answers.values()) == {404}
    listed = gina.get("/grading").text
    assert made.submission not in listed
    assert other.submission not in gina.get("/grading?part=others").text
    assert listed.count('class="entry"') == 0


def test_wrong_role_gets_403_where_it_may_see(greta: Browser, desk: School) -> None:
    token = _token(greta)
    for path in (f"{_page(desk)}/break", f"{_page(desk)}/change"):
        assert greta.post(path, data={"form_token": token, "reason": "No."}).status_code == 403
    assert greta.get("/grading/posting").status_code == 403


def test_queue_shows_what_waits_oldest_first(greta: Browser, house: House, made: School) -> None:
    first, second = house.db.write_now(waiting, made, 2)
    page = greta.get("/grading")
    assert page.status_code == 200
    assert re.findall(r'href="/grading/(\w{26})"', page.text) == [made.submission, first, second]
    assert "3 submissions wait for a grader." in page.text
    assert "attempt 1 · handed in" in page.text
    assert "Alice" not in page.text


def test_queue_says_when_it_is_empty(browser: Any, house: House) -> None:
    def alone(conn: Connection) -> str:
        made = make.course(conn)
        return make.with_role(conn, Role.GRADER, scope_id=make.cohort(conn, made))

    page = browser(house.db.write_now(alone)).get("/grading").text
    assert "Nothing waits for a grader." in page
    assert "Evidence appears here as soon as it is handed in." in page


def test_grade_next_claims_and_opens(greta: Browser, house: House, made: School) -> None:
    answer = greta.submit("/grading", "/grading/next")
    assert (answer.status_code, answer.headers["location"]) == (303, _page(made))
    assert [row.grader_id for row in house.db.read_now(rows, Claim)] == [made.greta]
    mine = greta.get("/grading?part=mine").text
    assert made.submission in mine
    assert "On your desk until" in mine
    assert "/grading/next" not in forms(mine)


def test_others_see_who_has_it(browser: Any, desk: School) -> None:
    gus = browser(desk.gus)
    assert desk.submission not in gus.get("/grading").text
    assert "Greta Grant has it until" in gus.get("/grading?part=others").text
    page = gus.get(_page(desk)).text
    assert "Greta Grant has this submission until" in page
    assert f"{_page(desk)}/claim" not in forms(page)
    assert _page(desk) not in forms(page)


@pytest.mark.parametrize("query", ["?page=0", "?page=99999999999999999999", "?cohort=x&assignment=y", "?page=-1"])
def test_queue_takes_strange_numbers(greta: Browser, query: str) -> None:
    assert greta.get(f"/grading{query}").status_code == 200


@pytest.mark.parametrize("query", ["?part=all", "?page=two"])
def test_queue_refuses_what_no_link_of_ours_says(greta: Browser, query: str) -> None:
    assert greta.get(f"/grading{query}").status_code == 404


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


def test_queue_asks_three_statements_whatever_its_length(greta: Browser, house: House, full: School) -> None:
    greta.get("/grading")
    for query in ("", "?page=200", f"?assignment={full.course.assignments[2]}", "?part=mine"):
        with statements(house.db) as count:
            page = greta.get(f"/grading{query}")
        assert page.status_code == 200
        assert count.number == 3, count.texts
    page = greta.get("/grading?page=200")
    assert "Waiting (5001)" in page.text
    assert "Page 200 of 201" in page.text
    assert page.text.count('<li class="entry">') == 25
    assert "Page 1 of 50" in greta.get(f"/grading?assignment={full.course.assignments[2]}").text


def test_screen_asks_six_statements_however_much_there_is(greta: Browser, house: House, desk: School) -> None:
    def more(conn: Connection) -> None:
        for attempt in range(2, 9):
            again = make.submission(conn, desk.course, desk.enrolment, attempt=attempt)
            make.decided(conn, desk.course, again, desk.gus, outcome=Outcome.NOT_YET)
        save(conn, desk.grader(at=real_time()), desk.submission, desk.typed("meets", "meets"), LEASE)

    greta.get(_page(desk))
    with statements(house.db) as bare:
        greta.get(_page(desk))
    house.db.write_now(more)
    with statements(house.db) as rich:
        assert greta.get(_page(desk)).status_code == 200
    assert (bare.number, rich.number) == (6, 6)


def test_claim_opens_the_form_and_release_gives_back(greta: Browser, made: School) -> None:
    here = _page(made)
    before = greta.get(here).text
    assert here not in forms(before)
    assert "The service kept its promise this month." in before
    assert greta.submit(here, f"{here}/claim").headers["location"] == here
    form = forms(greta.get(here).text)[here]
    names = ("submission", "attempt", "rubric", "version")
    assert [form[name] for name in names] == [made.submission, "1", made.course.rubrics[0], "0"]
    assert greta.submit(here, f"{here}/release").headers["location"] == "/grading"
    assert here not in forms(greta.get(here).text)


def test_second_claim_is_answered_409(browser: Any, desk: School) -> None:
    gus = browser(desk.gus)
    answer = gus.post(f"{_page(desk)}/claim", data={"form_token": _token(gus)})
    assert answer.status_code == 409
    assert "Greta Grant has this submission until" in answer.text


def test_save_comes_back_as_it_was_typed(greta: Browser, desk: School) -> None:
    here, typed = _page(desk), f"One line.\nAnother {EVIL}"
    sent = _fill("meets", comment=typed) | {"comment-criterion-1": EVIL}
    answer = greta.submit(here, here, **sent)
    assert (answer.status_code, answer.headers["location"]) == (303, here)
    page = greta.get(here).text
    form = forms(page)[here]
    assert (form["comment"].lstrip("\n"), form["comment-criterion-1"].lstrip("\n")) == (typed, EVIL)
    assert (form["level-criterion-0"], "level-criterion-1" in form, form["version"]) == ("meets", False, "1")
    assert re.search(r"Saved \d\d:\d\d", page)
    assert EVIL not in page


def test_autosave_answers_the_next_version_and_the_time(greta: Browser, desk: School, house: House) -> None:
    here = _page(desk)
    form = forms(greta.get(here).text)[here] | _fill("meets")
    answer = greta.post(f"{here}/draft", data=form | {"act": "decide-post"}, headers=HX)
    assert answer.status_code == 200
    assert 'name="version" id="rating-version" value="1"' in answer.text
    assert re.fullmatch(r'\{"saved": \{"value": "Saved \d\d:\d\d"\}\}', answer.headers["hx-trigger"])
    assert house.db.read_now(rows, Decision) == []
    plain = greta.post(f"{here}/draft", data=form | {"version": "1"})
    assert (plain.status_code, plain.headers["location"]) == (303, here)


@pytest.mark.parametrize("headers", [{}, HX], ids=["page", "fragment"])
def test_two_tabs_show_both_versions_and_keep_what_was_typed(
    greta: Browser, desk: School, house: House, headers: dict[str, str]
) -> None:
    here = _page(desk)
    second = forms(greta.get(here).text)[here] | _fill("exceeds", comment="Typed in the second.")
    greta.submit(here, here, **_fill("meets", comment="Saved in the first."))
    answer = greta.post(here, data=second, headers=headers)
    assert answer.status_code == 409
    assert "Another page saved this rating at" in answer.text
    assert "Saved in the first." in answer.text
    assert "Typed in the second." in answer.text
    assert 'name="over" value="1"' in answer.text
    if headers:
        assert answer.text.lstrip().startswith('<div class="notice')
        assert answer.headers["hx-retarget"] == "#rating-trouble"
    else:
        assert forms(answer.text)[here]["comment"].lstrip("\n") == "Typed in the second."
    assert house.db.read_now(rows, Rating)[0].comment == "Saved in the first."
    assert greta.post(here, data=second | {"over": "1"}).status_code == 303
    assert house.db.read_now(rows, Rating)[0].comment == "Typed in the second."


def test_lost_lease_keeps_what_was_typed(greta: Browser, desk: School, house: House) -> None:
    here = _page(desk)
    form = forms(greta.get(here).text)[here] | _fill("meets", "meets", comment="A long thought.")

    def taken_over(conn: Connection) -> None:
        conn.execute(update(table(Claim)).values(until=real_time() - timedelta(seconds=1)))
        assert take(conn, desk.grader(desk.gus, real_time()), desk.submission, LEASE)

    house.db.write_now(taken_over)
    answer = greta.post(here, data=form | {"act": "decide-post"})
    assert answer.status_code == 409
    assert "Your claim had ended. Gus Hill has this submission until" in answer.text
    assert forms(answer.text)[here]["comment"].lstrip("\n") == "A long thought."
    assert (house.db.read_now(rows, Decision), house.db.read_now(rows, Rating)) == ([], [])


def test_broken_claim_offers_to_claim_again(greta: Browser, browser: Any, desk: School, house: House) -> None:
    here, lena = _page(desk), browser(desk.lena)
    form = forms(greta.get(here).text)[here] | _fill("meets", comment="Nearly done.")
    bad = lena.submit(here, f"{here}/break", reason=" ")
    assert bad.status_code == 422
    assert "Give the reason; it is kept with the record." in bad.text
    assert lena.submit(here, f"{here}/break", reason="Greta is ill.").status_code == 303
    answer = greta.post(here, data=form)
    assert answer.status_code == 409
    assert 'name="act" value="claim"' in answer.text
    assert greta.post(here, data=form | {"act": "claim"}).status_code == 303
    assert [row.comment for row in house.db.read_now(rows, Rating)] == ["Nearly done."]


def test_form_of_another_submission_is_refused(greta: Browser, desk: School, house: House) -> None:
    (other,) = house.db.write_now(waiting, desk, 1)
    assert house.db.write_now(take, desk.grader(at=real_time()), other, LEASE)
    form = forms(greta.get(f"/grading/{other}").text)[f"/grading/{other}"] | _fill("meets", comment="For the other.")
    answer = greta.post(_page(desk), data=form)
    assert answer.status_code == 409
    assert "This form belongs to another submission." in answer.text
    assert "For the other." in answer.text
    assert house.db.read_now(rows, Rating) == []


def test_decide_and_post(greta: Browser, desk: School, house: House) -> None:
    here = _page(desk)
    answer = greta.submit(here, here, **_fill("meets", "exceeds", act="decide-post", comment="Well argued."))
    assert (answer.status_code, answer.headers["location"]) == (303, "/grading")
    assert "Decided: demonstrated. Posted." in greta.get("/grading").text
    assert len(house.db.read_now(rows, Posting)) == 1
    page = greta.get(here).text
    assert here not in forms(page)
    assert "Well argued." in page
    assert f"{here}/post" not in forms(page)


def test_decide_by_htmx_loads_the_next_page(greta: Browser, desk: School) -> None:
    form = forms(greta.get(_page(desk)).text)[_page(desk)] | _fill("meets", "meets", act="decide")
    answer = greta.post(_page(desk), data=form, headers=HX)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/grading")


@pytest.mark.parametrize("headers", [{}, HX], ids=["page", "fragment"])
def test_decision_that_lacks_something_keeps_the_form(
    greta: Browser, desk: School, house: House, headers: dict[str, str]
) -> None:
    here = _page(desk)
    typed = forms(greta.get(here).text)[here] | _fill("meets", act="decide", comment="Half done.")
    answer = greta.post(here, data=typed, headers=headers)
    assert answer.status_code == 422
    assert "Choose a level for “Criterion 1”." in answer.text
    assert 'href="#field-level-criterion-1"' in answer.text
    assert ("<!doctype html>" in answer.text) is not bool(headers)
    kept = forms(answer.text)[here]
    assert (kept["comment"].lstrip("\n"), kept["level-criterion-0"], kept["version"]) == ("Half done.", "meets", "0")
    assert house.db.read_now(rows, Decision) == []


@pytest.mark.parametrize("path", ["", "/draft"])
def test_fifty_thousand_characters_are_refused_with_a_message(
    greta: Browser, desk: School, house: House, path: str
) -> None:
    here = _page(desk)
    form = forms(greta.get(here).text)[here] | _fill("meets", comment="é" * 50_000)
    answer = greta.post(here + path, data=form, headers=HX)
    assert answer.status_code == 422
    assert "This has 50,000 characters; at most 8,000 are kept. Shorten it." in answer.text
    assert house.db.read_now(rows, Rating) == []


def test_level_of_another_rubric_and_a_nul_are_no_surprise(greta: Browser, desk: School, house: House) -> None:
    here = _page(desk)
    answer = greta.submit(here, here, **_fill("perfect"))
    assert answer.status_code == 422
    assert "This level is not in the rubric." in answer.text
    sent = _fill("meets", comment="a\x00b") | {"level-unknown": "meets", "state": "done", "grader_id": desk.gus}
    assert greta.submit(here, here, **sent).status_code == 303
    assert [(row.comment, row.grader_id) for row in house.db.read_now(rows, Rating)] == [("ab", desk.greta)]


def test_return_as_incomplete(greta: Browser, desk: School, house: House) -> None:
    here = _page(desk)
    answer = greta.submit(here, here, **_fill("meets", act="return", comment="My notes."))
    assert answer.status_code == 422
    assert "Say what is missing, so that it can be added." in answer.text
    assert forms(answer.text)[here]["comment"].lstrip("\n") == "My notes."
    answer = greta.submit(here, here, **_fill("meets", act="return", message="The log is missing."))
    assert answer.headers["location"] == "/grading"
    assert [row.outcome for row in house.db.read_now(rows, Decision)] == [Outcome.RETURNED_INCOMPLETE]


def test_evidence_is_escaped_and_links_name_their_host(greta: Browser, desk: School, house: House) -> None:
    def add_more(conn: Connection) -> None:
        texts, assignment = desk.course.texts[0], desk.course.assignments[0]
        slot = Requirement(
            id=new_id(),
            assignment_id=assignment,
            position=2,
            key="links",
            title="Sources",
            kind=RequirementKind.LINKS,
            max_items=3,
        )
        add(conn, slot)
        again = make.submission(conn, desk.course, desk.enrolment, attempt=2)
        urls = ["https://docs.example.org/a?b=1&c=2", "javascript:alert(1)"]
        made = [_evidence(again, slot.id, place, RequirementKind.LINKS, url=url) for place, url in enumerate(urls)]
        made.append(_evidence(again, texts, 1, RequirementKind.TEXT, text=f"Line one\nline two {EVIL}\n\nNext."))
        file = _evidence(again, desk.course.files[0], 0, RequirementKind.FILES, file_name=EVIL, size=1_258_291)
        add(conn, *made, file)
        assert take(conn, desk.grader(at=real_time()), again, LEASE)

    house.db.write_now(add_more)
    (again,) = [row.id for row in house.db.read_now(rows, Submission, attempt=2)]
    page = greta.get(f"/grading/{again}").text
    assert "<script>alert" not in page
    assert "onerror=&#34;" in page
    assert "<p>Line one<br>line two &lt;script&gt;" in page
    assert '<a href="https://docs.example.org/a?b=1&amp;c=2" rel="noopener noreferrer nofollow"' in page
    assert "<strong>docs.example.org</strong>" in page
    assert 'href="javascript:' not in page
    assert "1.2 MB" in page
    assert 'href="/evidence/' in page


def _evidence(submission: str, requirement: str, place: int, kind: RequirementKind, **values: Any) -> Evidence:
    return Evidence(
        id=new_id(),
        submission_id=submission,
        requirement_id=requirement,
        position=place,
        kind=kind,
        sha256="ab" * 32,
        saved_at=make.START,
        **values,
    )


def test_earlier_attempts_stand_beside_with_their_decisions(greta: Browser, made: School, house: House) -> None:
    def second_attempt(conn: Connection) -> str:
        make.decided(conn, made.course, made.submission, made.gus, outcome=Outcome.NOT_YET, posted_at=make.START)
        return make.submission(conn, made.course, made.enrolment, attempt=2, at=make.START + timedelta(hours=1))

    again = house.db.write_now(second_attempt)
    page = greta.get(f"/grading/{again}").text
    assert "Attempt 1: not yet demonstrated" in page
    assert f'href="/grading/{made.submission}"' in page
    assert "By Gus Hill" in page
    assert "attempt 2" in greta.get("/grading").text
    first = greta.get(_page(made)).text
    assert f"/grading/{again}" not in first


def test_lead_posts_a_page_of_decisions(browser: Any, made: School, house: House) -> None:
    def decide_all(conn: Connection) -> list[str]:
        ids = [made.submission, *waiting(conn, made, 29)]
        return [make.decided(conn, made.course, one, made.greta) for one in ids]

    ids, lena = house.db.write_now(decide_all), browser(made.lena)
    with statements(house.db) as count:
        page = lena.get("/grading/posting").text
    assert count.number <= 6
    shown = re.findall(r'name="decision" value="(\w+)"', page)
    assert len(shown) == 25
    assert "Page 1 of 2, 30 decisions" in page
    token = forms(page)["/grading/posting"]["form_token"]
    answer = lena.post("/grading/posting", data={"form_token": token, "decision": shown[:2]})
    assert answer.headers["location"] == "/grading/posting"
    assert "2 decisions posted." in lena.get("/grading/posting").text
    assert {row.decision_id for row in house.db.read_now(rows, Posting)} == set(shown[:2]) < set(ids)
    lena.post("/grading/posting", data={"form_token": token})
    assert "Nothing was posted: choose at least one decision." in lena.get("/grading/posting").text


def test_unposted_decision_shows_to_staff_only(browser: Any, desk: School, house: House) -> None:
    greta, alice, here = browser(desk.greta), browser(desk.alice), _page(desk)
    greta.submit(here, here, **_fill("meets", "not-yet", act="decide", comment="Secret verdict words."))
    assert "Not posted: the learner does not see it yet" in greta.get(here).text
    cohort = f"/cohorts/{desk.cohort}"
    assignment = f"{cohort}/modules/1/assignments/note-1"
    for path in ("/home", cohort, f"{cohort}/modules/1", assignment):
        page = alice.get(path)
        assert page.status_code == 200, path
        assert "Secret verdict words." not in page.text, path
        assert "ot yet demonstrated" not in page.text, path
    greta.submit(here, f"{here}/post")
    assert "Secret verdict words." in alice.get(assignment).text
    assert "ot yet demonstrated" in alice.get(f"{cohort}/modules/1").text


def test_undo_window_shows_on_the_page(app: FastAPI, browser: Any, desk: School, house: House) -> None:
    app.state.house.settings = house.settings.model_copy(update={"undo_seconds": 300})
    greta, here = browser(desk.greta), _page(desk)
    greta.submit(here, here, **_fill("meets", "meets", act="decide-post"))
    page = greta.get(here).text
    assert re.search(r"Posted, counts from \d\d:\d\d", page)
    lena = browser(desk.lena)
    assert f"{here}/undo" in forms(lena.get("/grading/posting").text)
    assert greta.submit(here, f"{here}/undo").headers["location"] == here
    assert house.db.read_now(rows, Posting) == []
    assert greta.submit(here, f"{here}/post").status_code == 303
    assert len(house.db.read_now(rows, Posting)) == 1


def test_lead_changes_a_posted_decision(browser: Any, made: School, house: House) -> None:
    first = house.db.write_now(make.decided, made.course, made.submission, made.greta, posted_at=make.START)
    lena, change = browser(made.lena), f"{_page(made)}/change"
    form = forms(lena.get(change).text)[change]
    assert (form["decision"], form["level-criterion-0"], form["comment"].lstrip("\n")) == (
        first,
        "meets",
        "Read with care.",
    )
    answer = lena.submit(_page(made) + "/change", change, **_fill("not-yet", comment="Kept."))
    assert answer.status_code == 422
    assert "Give the reason; it is kept with the record." in answer.text
    assert forms(answer.text)[change]["comment"].lstrip("\n") == "Kept."
    answer = lena.submit(change, change, **_fill("not-yet", act="change-post", reason="Misread the log."))
    assert answer.headers["location"] == _page(made)
    page = lena.get(_page(made)).text
    assert "Misread the log." in page
    assert "What it replaced" in page


def test_registrar_changes_but_does_not_grade(browser: Any, made: School, house: House) -> None:
    rex, here = browser(made.rex), _page(made)
    assert f"{here}/claim" not in forms(rex.get(here).text)
    first = house.db.write_now(make.decided, made.course, made.submission, made.greta, posted_at=make.START)
    answer = rex.submit(f"{here}/change", f"{here}/change", **_fill("not-yet", reason="Appeal upheld.", act="change"))
    assert answer.status_code == 303
    assert [row.reason for row in house.db.read_now(rows, Decision, supersedes_id=first)] == ["Appeal upheld."]


def test_change_that_came_second_is_refused_with_what_was_typed(browser: Any, made: School, house: House) -> None:
    house.db.write_now(make.decided, made.course, made.submission, made.greta, posted_at=make.START)
    lena, change = browser(made.lena), f"{_page(made)}/change"
    form = forms(lena.get(change).text)[change] | _fill("exceeds", comment="Lena's words.", reason="Mine.")
    rex = browser(made.rex)
    assert rex.submit(change, change, **_fill("not-yet", reason="First.")).status_code == 303
    answer = lena.post(change, data=form)
    assert answer.status_code == 409
    assert "This decision was changed meanwhile." in answer.text
    assert forms(answer.text)[change]["comment"].lstrip("\n") == "Lena's words."
