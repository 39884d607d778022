"""The grading screen: what it shows, and that nothing typed is lost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from assessments.assignments.models import Requirement, RequirementKind
from assessments.evidence.models import Evidence, Submission
from assessments.grading.claims import take
from assessments.grading.models import Claim, Decision, Outcome, Posting, Rating
from fourweek.clock import real_time
from fourweek.database import add, new_id, table
from fourweek.edge import House
from tests import factories as make
from tests.assessments.grading.factories import LEASE, School, rows, waiting
from tests.assessments.grading.pages import EVIL, HX, filled, page_of, token_of
from tests.visits import Browser, forms


def test_claim_opens_the_form_and_release_gives_back(greta: Browser, made: School) -> None:
    here = page_of(made)
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
    answer = gus.post(f"{page_of(desk)}/claim", data={"form_token": token_of(gus)})
    assert answer.status_code == 409
    assert "Greta Grant has this submission until" in answer.text


def test_save_comes_back_as_it_was_typed(greta: Browser, desk: School) -> None:
    here, typed = page_of(desk), f"One line.\nAnother {EVIL}"
    sent = filled("meets", comment=typed) | {"comment-criterion-1": EVIL}
    answer = greta.submit(here, here, **sent)
    assert (answer.status_code, answer.headers["location"]) == (303, here)
    page = greta.get(here).text
    form = forms(page)[here]
    assert (form["comment"].lstrip("\n"), form["comment-criterion-1"].lstrip("\n")) == (typed, EVIL)
    assert (form["level-criterion-0"], "level-criterion-1" in form, form["version"]) == ("meets", False, "1")
    assert re.search(r"Saved \d\d:\d\d", page)
    assert EVIL not in page


def test_autosave_answers_the_next_version_and_the_time(greta: Browser, desk: School, house: House) -> None:
    here = page_of(desk)
    form = forms(greta.get(here).text)[here] | filled("meets")
    answer = greta.post(f"{here}/draft", data=form | {"act": "decide-post"}, headers=HX)
    assert answer.status_code == 200
    assert 'name="version" id="rating-version" value="1"' in answer.text
    assert re.fullmatch(r'\{"saved": \{"value": "Saved \d\d:\d\d \(UTC\)"\}\}', answer.headers["hx-trigger"])
    assert house.db.read_now(rows, Decision) == []
    plain = greta.post(f"{here}/draft", data=form | {"version": "1"})
    assert (plain.status_code, plain.headers["location"]) == (303, here)


@pytest.mark.parametrize("headers", [{}, HX], ids=["page", "fragment"])
def test_two_tabs_show_both_versions_and_keep_what_was_typed(
    greta: Browser, desk: School, house: House, headers: dict[str, str]
) -> None:
    here = page_of(desk)
    second = forms(greta.get(here).text)[here] | filled("exceeds", comment="Typed in the second.")
    greta.submit(here, here, **filled("meets", comment="Saved in the first."))
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
    here = page_of(desk)
    form = forms(greta.get(here).text)[here] | filled("meets", "meets", comment="A long thought.")

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
    here, lena = page_of(desk), browser(desk.lena)
    form = forms(greta.get(here).text)[here] | filled("meets", comment="Nearly done.")
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
    form = forms(greta.get(f"/grading/{other}").text)[f"/grading/{other}"] | filled("meets", comment="For the other.")
    answer = greta.post(page_of(desk), data=form)
    assert answer.status_code == 409
    assert "This form belongs to another submission." in answer.text
    assert "For the other." in answer.text
    assert house.db.read_now(rows, Rating) == []


def test_decide_and_post(greta: Browser, desk: School, house: House) -> None:
    here = page_of(desk)
    answer = greta.submit(here, here, **filled("meets", "exceeds", act="decide-post", comment="Well argued."))
    assert (answer.status_code, answer.headers["location"]) == (303, "/grading")
    assert "Decided: demonstrated. Posted." in greta.get("/grading").text
    assert len(house.db.read_now(rows, Posting)) == 1
    page = greta.get(here).text
    assert here not in forms(page)
    assert "Well argued." in page
    assert f"{here}/post" not in forms(page)


def test_decide_by_htmx_loads_the_next_page(greta: Browser, desk: School) -> None:
    form = forms(greta.get(page_of(desk)).text)[page_of(desk)] | filled("meets", "meets", act="decide")
    answer = greta.post(page_of(desk), data=form, headers=HX)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/grading")


@pytest.mark.parametrize("headers", [{}, HX], ids=["page", "fragment"])
def test_decision_that_lacks_something_keeps_the_form(
    greta: Browser, desk: School, house: House, headers: dict[str, str]
) -> None:
    here = page_of(desk)
    typed = forms(greta.get(here).text)[here] | filled("meets", act="decide", comment="Half done.")
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
    here = page_of(desk)
    form = forms(greta.get(here).text)[here] | filled("meets", comment="é" * 50_000)
    answer = greta.post(here + path, data=form, headers=HX)
    assert answer.status_code == 422
    assert "This has 50,000 characters; at most 8,000 are kept. Shorten it." in answer.text
    assert house.db.read_now(rows, Rating) == []


def test_level_of_another_rubric_and_a_nul_are_no_surprise(greta: Browser, desk: School, house: House) -> None:
    here = page_of(desk)
    answer = greta.submit(here, here, **filled("perfect"))
    assert answer.status_code == 422
    assert "This level is not in the rubric." in answer.text
    assert greta.submit(here, here, **filled("meets", comment="a\x00b")).status_code == 400
    assert house.db.read_now(rows, Rating) == []
    sent = filled("meets", comment="ab") | {"level-unknown": "meets", "state": "done", "grader_id": desk.gus}
    assert greta.submit(here, here, **sent).status_code == 303
    assert [(row.comment, row.grader_id) for row in house.db.read_now(rows, Rating)] == [("ab", desk.greta)]


def test_return_as_incomplete(greta: Browser, desk: School, house: House) -> None:
    here = page_of(desk)
    answer = greta.submit(here, here, **filled("meets", act="return", comment="My notes."))
    assert answer.status_code == 422
    assert "Say what is missing, so that it can be added." in answer.text
    assert forms(answer.text)[here]["comment"].lstrip("\n") == "My notes."
    answer = greta.submit(here, here, **filled("meets", act="return", message="The log is missing."))
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
        urls = ["https://docs.example.org/a?b=1&c=2", "javascript:alert(1)"]
        made = [_evidence(slot.id, place, RequirementKind.LINKS, url=url) for place, url in enumerate(urls)]
        made.append(_evidence(texts, 1, RequirementKind.TEXT, text=f"Line one\nline two {EVIL}\n\nNext."))
        file = _evidence(desk.course.files[0], 0, RequirementKind.FILES, file_name=EVIL, size=1_258_291)
        again = make.submission(conn, desk.course, desk.enrolment, attempt=2, more=(*made, file))
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


def _evidence(requirement: str, place: int, kind: RequirementKind, **values: Any) -> Evidence:
    return Evidence(
        id=new_id(),
        submission_id="",
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
    assert "By <bdi>Gus Hill</bdi>" in page
    assert "attempt 2" in greta.get("/grading").text
    first = greta.get(page_of(made)).text
    assert f"/grading/{again}" not in first
