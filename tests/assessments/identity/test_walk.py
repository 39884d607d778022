"""Everybody who grades walks through every page they can reach, and finds no trace of whose work it is.

The learner's name, address and number are found nowhere else, so that any of them in an answer is a leak.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile, is_zipfile

import pytest
from sqlalchemy import Connection, Update, select

from assessments.appeals.models import Appeal, AppealLine, AppealMessage
from assessments.appeals.thread import say_as_learner, say_as_staff
from assessments.assignments.models import RequirementKind
from assessments.coaching.models import Coaching
from assessments.evidence.access import Where
from assessments.evidence.models import Evidence, Submission
from assessments.grading.access import graded_submission
from assessments.grading.models import Outcome
from assessments.remarks.models import GraderNote
from assessments.terms.models import GradingTerms
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import EmailAddress, Person, Role
from fourweek.clock import real_time
from fourweek.database import add, new_id, table
from fourweek.edge import House
from fourweek.outbox import OUTBOX
from tests import factories as make
from tests.assessments.cleaning import files
from tests.assessments.grading.factories import School, school
from tests.visits import Browser, forms

GRADERS = re.compile("Greta|Gus Hill|Grant")
TOLD = re.compile(r"zebulon|quark|zqx9", re.I)
LINK = re.compile(r"""(?:href|src|hx-get)="(/[^"#]*)""")
NEVER = ("/static/", "/sign-out", "/signed-in", "/sign-in")


@dataclass(frozen=True)
class Hidden:
    """A school in which zebulon handed in twice, appealed, and is at the end of the attempts of week 2."""

    school: School
    learner: str
    enrolment: str
    submissions: tuple[str, str]
    pseudonym: str
    evidence: tuple[str, ...]
    coaching: str
    appeal: str


def hidden(conn: Connection, house: House) -> Hidden:
    made = school(conn)
    add(conn, GradingTerms(cohort_id=made.cohort, anonymous=True))
    learner = make.person(conn, "Zebulon Quark")
    numbers = (
        table(Person).update().where(table(Person).c.id == learner).values(learner_number="FW-ZQX9", zone="Asia/Tokyo")
    )
    conn.execute(numbers)
    address = table(EmailAddress)
    conn.execute(address.update().where(address.c.person_id == learner).values(address="zqx9.quark@example.org"))
    enrolment = make.enrol(conn, made.cohort, learner)
    kinds = {"Zebulon Quark.jpg": ("image/jpeg", files.jpeg()), "zqx9.pdf": ("application/pdf", files.pdf())}
    more = [_file(house, made, place, name, *kind) for place, (name, kind) in enumerate(kinds.items())]
    first = make.submission(conn, made.course, enrolment, at=make.START, more=more)
    posted = make.START + timedelta(hours=1)
    decision = make.decided(conn, made.course, first, made.greta, outcome=Outcome.NOT_YET, posted_at=posted)
    again = [one.model_copy(update={"id": new_id()}) for one in more]
    second = make.submission(conn, made.course, enrolment, at=make.START + timedelta(hours=2), attempt=2, more=again)
    add(conn, GraderNote(id=new_id(), submission_id=second, author_id=made.gus, text="Read this.", written_at=posted))
    appeal = Appeal(
        id=new_id(), decision_id=decision, submission_id=first, opened_by=learner, opened_at=posted, given_to=made.gus
    )
    add(conn, appeal)
    add(conn, AppealLine(appeal_id=appeal.id, criterion_id=made.course.criteria[0][0], argument="Look again."))
    add(conn, AppealMessage(id=new_id(), appeal_id=appeal.id, author_id=learner, text="Please.", written_at=posted))
    talk = Coaching(
        id=new_id(), enrolment_id=enrolment, assignment_key="note-1", opened_at=posted, opened_by=learner, wish="Help."
    )
    add(conn, talk)
    made_by = table(Submission)
    name = conn.execute(select(made_by.c.pseudonym).where(made_by.c.id == first)).scalar_one()
    conn.execute(made_by.update().where(made_by.c.id == second).values(pseudonym=name))
    # the same files in somebody else's work, so that those who lead are told
    other = make.enrol(conn, made.cohort, make.person(conn, "Nora Plain"))
    copies = [one.model_copy(update={"id": new_id()}) for one in more]
    make.submission(conn, made.course, other, at=make.START, more=copies)
    evidence = tuple(one.id for one in (*more, *again))
    return Hidden(made, learner, enrolment, (first, second), name, evidence, talk.id, appeal.id)


def _file(house: House, made: School, place: int, name: str, media_type: str, data: bytes) -> Evidence:
    kept = house.store.keep_bytes(data)
    return Evidence(
        id=new_id(),
        submission_id="",
        requirement_id=made.course.files[0],
        position=place,
        kind=RequirementKind.FILES,
        file_name=name,
        media_type=media_type,
        size=kept.size,
        sha256=kept.sha256,
        saved_at=make.START,
    )


@pytest.fixture
def made(house: House) -> Hidden:
    return house.db.write_now(hidden, house)


def walk(visitor: Browser, *starts: str, within: str = "/") -> Iterator[tuple[str, Any]]:
    """Every page that links lead to from `starts`, as far as they begin with `within`."""
    todo, seen = list(starts), set(starts)
    while todo:
        path = todo.pop()
        answer = visitor.get(path)
        assert answer.status_code < 500, path
        yield path, answer
        found = {unescape(one) for one in LINK.findall(answer.text)} if "html" in _type(answer) else set()
        found |= {answer.headers["location"]} if "location" in answer.headers else set()
        for one in sorted(found):
            if one.startswith(within) and one not in seen and not one.startswith(NEVER):
                seen.add(one)
                todo.append(one)
        assert len(seen) < 500


def _type(answer: Any) -> str:
    return str(answer.headers.get("content-type", ""))


def traces(answer: Any) -> list[str]:
    """What of the learner is anywhere in an answer: headers, text, bytes, and what is packed in them."""
    headers = " ".join(f"{name}: {unquote(value)}" for name, value in answer.headers.items())
    found = TOLD.findall(headers) + TOLD.findall(unescape(answer.content.decode("latin-1")))
    found += ["a name in the file"] if files.says_name(answer.content) else []
    if is_zipfile(io.BytesIO(answer.content)):
        with ZipFile(io.BytesIO(answer.content)) as packed:
            for name in packed.namelist():
                found += TOLD.findall(name) + TOLD.findall(packed.read(name).decode("latin-1"))
                found += ["a name in a packed file"] if files.says_name(packed.read(name)) else []
    return found


def direct(made: Hidden) -> list[str]:
    """Addresses that somebody who grades may know or guess."""
    second = made.submissions[1]
    return [
        "/grading",
        *(f"/grading/{one}" for one in made.submissions),
        f"/grading/{second}/compared",
        *(f"/evidence/{one}{part}" for one in made.evidence for part in ("", "/view", "/picture")),
        "/grading/appeals",
        "/notices",
        "/home",
        f"/cohorts/{made.school.cohort}/modules/1/assignments/note-1",
        f"/cohorts/{made.school.cohort}/modules/1/assignments/note-1/attempts/1/appeal",
        f"/staff/cohorts/{made.school.cohort}/as/{made.enrolment}/now/modules/1/assignments/note-1",
        f"/coaching/{made.coaching}",
        "/coaching",
        "/staff/same-files",
        "/staff/reveals",
    ]


@pytest.mark.parametrize("who", ["greta", "gus"])
def test_graders_find_no_trace_of_the_learner(made: Hidden, browser: Any, who: str) -> None:
    visitor = browser(getattr(made.school, who))
    walked = dict(walk(visitor, *direct(made)))
    assert {path: traces(answer) for path, answer in walked.items() if traces(answer)} == {}
    screen = walked[f"/grading/{made.submissions[1]}"]
    if who == "gus":  # judges the appeal without knowing what was said before
        assert screen.status_code == 409
        return
    assert f"By <strong>{made.pseudonym}</strong>" in screen.text
    assert made.pseudonym in walked["/grading"].text
    assert "Tokyo" not in screen.text
    assert walked[f"/evidence/{made.evidence[0]}"].status_code == 200
    assert walked["/staff/reveals"].status_code == 403


def test_a_lead_finds_no_trace_where_work_is_judged(made: Hidden, browser: Any) -> None:
    lena, cohort = browser(made.school.lena), made.school.cohort
    starts = [one for one in direct(made) if one.startswith(("/grading", "/evidence", "/staff/same", "/staff/reveals"))]
    walked = {path: answer for start in starts for path, answer in walk(lena, start, within="/grading")}
    here = f"/grading/exports/{cohort}"
    page = lena.get(here).text
    token = forms(page)[here]["form_token"]
    taken = re.findall(r'name="what" value="([^"]+)"', page)
    assert "evidence.zip" in taken
    walked |= {what: lena.post(here, data={"form_token": token, "what": what}) for what in taken}
    with ZipFile(io.BytesIO(walked["evidence.zip"].content)) as packed:
        assert sum(made.pseudonym in name and name.endswith((".jpg", ".pdf")) for name in packed.namelist()) == 4
    assert {path: traces(answer) for path, answer in walked.items() if traces(answer)} == {}


def test_no_page_of_a_lead_ties_the_name_to_the_work(made: Hidden, browser: Any) -> None:
    lena, cohort = browser(made.school.lena), made.school.cohort
    at = f"/staff/cohorts/{cohort}/as/{made.enrolment}/now"
    lena.submit(at.removesuffix("/now"), at.removesuffix("/now"), reason="The learner asked for help")
    named = ["/coaching", f"/coaching/{made.coaching}", at, f"{at}/modules/1", f"{at}/modules/1/assignments/note-1"]
    named += [
        f"/staff/cohorts/{cohort}/{page}" for page in ("roster", "roster.csv", "progress", "progress.csv", "dates")
    ]
    named.append(f"/staff/cohorts/{cohort}/enrolments/{made.enrolment}/competencies")
    work = re.compile("|".join((made.pseudonym, *made.submissions, *made.evidence, r"\bR-\d")))
    for path in named:
        answer = lena.get(path)
        assert answer.status_code == 200, path
        assert "Zebulon" in answer.text, path
        assert work.findall(answer.text) == [], path
    assert lena.get(f"{at}/evidence/{made.evidence[0]}").status_code == 404
    page = lena.get(named[4]).text
    assert "you grade: what was handed in is seen on the grading pages alone" in page
    assert "Read with care" not in page


def test_letters_about_work_name_nobody(made: Hidden, house: House) -> None:
    at, where = make.START + timedelta(hours=3), Where(made.school.cohort, 1, "note-1")

    def as_person(person: str, name: str, *grants: tuple[Role, str]) -> Visitor:
        found = make.visitor(person, at, *grants)
        return replace(found, person=replace(found.me, name=name))

    def letters(conn: Connection) -> list[tuple[str, str]]:
        learner = as_person(made.learner, "Zebulon Quark")
        gus = as_person(made.school.gus, "Gus Hill", (Role.GRADER, made.school.cohort))
        say_as_learner(conn, learner, where, 1, made.appeal, "Please look at the table.")
        say_as_staff(conn, gus, made.appeal, "I will.")
        return [(row.person_id, str(row.data)) for row in conn.execute(select(OUTBOX.c.person_id, OUTBOX.c.data))]

    written = house.db.write_now(letters)
    assert {person for person, _ in written} == {made.learner, made.school.gus}
    assert [data for _, data in written if TOLD.search(data) or GRADERS.search(data)] == []


def test_one_name_stands_for_the_learner_in_every_attempt(made: Hidden, house: House) -> None:
    def called(conn: Connection) -> set[str]:
        grader = make.visitor(made.school.greta, real_time(), (Role.GRADER, made.school.cohort))
        return {graded_submission(conn, grader, one).learner for one in made.submissions}

    assert house.db.write_now(called) == {made.pseudonym}


def test_a_learner_finds_no_trace_of_who_grades(made: Hidden, browser: Any) -> None:
    here = f"/cohorts/{made.school.cohort}/modules/1/assignments/note-1"
    pages = dict(walk(browser(made.learner), here, "/home", "/notices", within=f"/cohorts/{made.school.cohort}"))
    assert {path: GRADERS.findall(page.text) for path, page in pages.items() if GRADERS.search(page.text)} == {}
    assert "Judged by <bdi>a grader</bdi>" in pages[here].text


def _write(conn: Connection, statement: Update) -> None:
    conn.execute(statement)


def test_names_are_read_again_where_grading_is_not_anonymous_any_more(made: Hidden, browser: Any, house: House) -> None:
    house.db.write_now(_write, table(GradingTerms).update().values(anonymous=False))
    greta = browser(made.school.greta)
    assert "By <strong><bdi>Zebulon Quark</bdi></strong>" in greta.get(f"/grading/{made.submissions[1]}").text
    assert "Zebulon Quark" in greta.get("/grading").text
    saved = greta.get(f"/evidence/{made.evidence[0]}")
    assert (saved.content, "Zebulon" in saved.headers["content-disposition"]) == (files.jpeg(), True)
