"""Announcements and questions as a learner saw them at an instant, and what was changed since."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from courses.announcements.models import Announcement
from courses.cohorts.models import Section
from courses.enrolment.access import ENROLMENT, places
from courses.questions.models import Question, Reply
from courses.questions.queries import QUESTION
from courses.viewing.changes import changed_since
from courses.viewing.pages import announcements_as, questions_as, thread_as
from fourweek.accounts.models import Role
from fourweek.audit.service import record
from fourweek.clock import Now
from fourweek.database import add, new_id
from tests import factories as make
from tests.courses.learning.school import DAY, OPENS
from tests.courses.viewing.conftest import Looking
from tests.statements import statements

AtTime = Callable[[datetime], Any]
NOW = OPENS + timedelta(hours=12)
FIRST = OPENS + timedelta(hours=1)
HOUR = timedelta(hours=1)
QUESTIONS = "/modules/1/questions"


def _main(text: str) -> str:
    return text.split('<main id="main"')[1].split("</main>", maxsplit=1)[0]


def _announce(conn: Connection, looking: Looking, title: str, at: datetime, **values: Any) -> str:
    row = Announcement(
        id=new_id(),
        cohort_id=looking.school.cohort,
        author_id=looking.instructor,
        title=title,
        body="Words.",
        html=f"<p>About {title}.</p>",
        posted_at=at,
        **values,
    )
    add(conn, row)
    return row.id


@pytest.fixture
def news(looking: Looking) -> dict[str, str]:
    """First, withdrawn after four hours; second, two hours after the first; one for a section that Alice is not in."""

    def fill(conn: Connection) -> dict[str, str]:
        section = Section(id=new_id(), cohort_id=looking.school.cohort, name="Others")
        add(conn, section)
        gone = {"withdrawn_at": FIRST + 4 * HOUR, "withdrawn_by": looking.instructor}
        return {
            "First": _announce(conn, looking, "First", FIRST, **gone),
            "Second": _announce(conn, looking, "Second", FIRST + 2 * HOUR),
            "Apart": _announce(conn, looking, "Apart", FIRST, section_id=section.id),
        }

    return looking.house.db.write_now(fill)


@pytest.fixture
def question(looking: Looking) -> str:
    """Asked first; two replies after an hour, one the answer, the other hidden after two; closed after three."""
    school = looking.school

    def fill(conn: Connection) -> str:
        row = Question(
            id=new_id(),
            cohort_id=school.cohort,
            module_number=1,
            author_id=school.alice,
            title="Why a budget?",
            body="Why?",
            html="<p>Why?</p>",
            asked_at=FIRST,
        )
        add(conn, row)
        rude, answer = (_reply(row.id, words, looking, FIRST + HOUR) for words in ("Rude words.", "Because."))
        rude.hidden_at, rude.hidden_by, rude.hidden_reason = FIRST + 2 * HOUR, looking.instructor, "Be kind."
        rude.author_id = school.lena
        add(conn, rude, answer)
        row_at = {"answered_at": FIRST + HOUR, "answer_id": answer.id, "closed_at": FIRST + 3 * HOUR}
        conn.execute(update(QUESTION).where(QUESTION.c.id == row.id).values(row_at))
        return row.id

    return looking.house.db.write_now(fill)


def _reply(question: str, words: str, looking: Looking, at: datetime) -> Reply:
    html = f"<p>{words}</p>"
    return Reply(id=new_id(), question_id=question, author_id=looking.instructor, body=words, html=html, said_at=at)


def test_who_may_not_look_on_reads_neither(
    looking: Looking, news: dict[str, str], question: str, browser: Any, at_time: AtTime
) -> None:
    at_time(NOW)
    pages = ("/announcements", f"/announcements/{news['Second']}", QUESTIONS, f"{QUESTIONS}/{question}", "/search?q=a")
    for person, status in ((looking.school.alice, 404), (looking.school.carol, 404), (looking.school.lena, 403)):
        assert [browser(person).get(looking.at("now", page)).status_code for page in pages] == [status] * len(pages)
    assert [browser(looking.instructor).get(looking.at("now", page)).status_code for page in pages] == [200] * len(
        pages
    )


def test_announcements_are_those_that_stood_there_then(
    looking: Looking, news: dict[str, str], browser: Any, at_time: AtTime
) -> None:
    at_time(NOW)
    lead = browser(looking.lead)

    def listed(at: datetime) -> list[str]:
        return re.findall(r"(?:First|Second|Apart)(?=</a>)", lead.get(looking.at(at, "/announcements")).text)

    found = [listed(FIRST + step * HOUR) for step in (-1, 1, 3, 5)]
    assert found == [[], ["First"], ["Second", "First"], ["Second"]]
    newest = [re.findall(r"First|Second|Apart", lead.get(looking.at(FIRST + step * HOUR)).text) for step in (-1, 1, 5)]
    assert newest == [[], ["First"], ["Second"]]
    read = [lead.get(looking.at(FIRST + step * HOUR, f"/announcements/{news['First']}")) for step in (-1, 1, 5)]
    assert [one.status_code for one in read] == [404, 200, 404]
    assert ("About First." in read[1].text, "Withdraw" in _main(read[1].text)) == (True, False)
    assert lead.get(looking.at("now", f"/announcements/{news['Apart']}")).status_code == 404


def test_questions_are_those_of_then(looking: Looking, question: str, browser: Any, at_time: AtTime) -> None:
    at_time(NOW)
    lead, one = browser(looking.lead), f"{QUESTIONS}/{question}"

    def thread(at: datetime) -> tuple[bool, ...]:
        page = _main(lead.get(looking.at(at, one)).text)
        words = ("No answer yet", ">Answered<", "Because.", "Rude words.", "Hidden by staff", "is closed")
        return tuple(said in page for said in words)

    assert lead.get(looking.at(FIRST - HOUR, one)).status_code == 404
    assert thread(FIRST) == (True, False, False, False, False, False)
    assert thread(FIRST + HOUR) == (False, True, True, True, False, False)
    assert thread(FIRST + 2 * HOUR) == (False, True, True, False, True, False)
    counts = [_main(lead.get(looking.at(FIRST + step * HOUR, QUESTIONS)).text) for step in (-1, 0, 1, 2)]
    assert ["Why a budget?" in page for page in counts] == [False, True, True, True]
    assert [re.findall(r"no reply|\d repl\w+", page) for page in counts[1:]] == [
        ["no reply"],
        ["2 replies"],
        ["1 reply"],
    ]
    shown = [
        [" a budget?" in lead.get(looking.at(FIRST + step * HOUR, f"{QUESTIONS}?show={show}")).text for step in (0, 1)]
        for show in ("open", "answered")
    ]
    assert shown == [[True, False], [False, True]]
    assert lead.get(looking.at(OPENS - DAY, QUESTIONS)).status_code == 404


def test_what_people_say_is_read_only_in_a_view(
    looking: Looking, news: dict[str, str], question: str, browser: Any, at_time: AtTime
) -> None:
    at_time(NOW)
    here = looking.at(FIRST + HOUR / 2)
    own = {f"/staff/cohorts/{looking.school.cohort}", looking.base}
    for rest in ("/announcements", f"/announcements/{news['First']}", QUESTIONS, f"{QUESTIONS}/{question}"):
        main = _main(browser(looking.lead).get(here + rest).text)
        assert "You look on as Alice" in main
        assert (set(re.findall(r'method="(\w+)"', main)), "hx-post" in main) == ({"get"}, False)
        links = {link for link in re.findall(r'href="([^"#]+)"', main) if link.startswith("/")}
        assert {link for link in links if not link.startswith(here)} == own
        assert ("/new" in main, "/edit" in main) == (False, False)


def _did(looking: Looking, act: str, subject: str, at: datetime, **detail: Any) -> None:
    looking.house.db.write_now(record, act, "cohort", subject, at=at, actor_id=looking.lead, detail=detail)


def test_banner_says_when_the_rules_were_changed_after_the_instant(
    looking: Looking, browser: Any, at_time: AtTime
) -> None:
    at_time(NOW)
    cohort, lead = looking.school.cohort, browser(looking.lead)
    words = "The rules were changed after this instant"
    _did(looking, "cohort.change", cohort, FIRST, after={"capacity": 3, "name": "New"})
    assert words not in lead.get(looking.at(FIRST - HOUR)).text
    for hours in (1, 2):
        _did(looking, "cohort.change", cohort, FIRST + hours * HOUR, after={"due_days": 8})
    before, between, after = (lead.get(looking.at(FIRST + hours * HOUR)).text for hours in (0, 1.5, 2))
    assert [words in page for page in (before, between, after)] == [True, True, False]
    assert "03:00 (UTC). These dates are by today&#39;s rules" in before
    assert words not in lead.get(looking.at("now")).text


def test_changes_of_section_and_version_are_said_too(looking: Looking) -> None:
    school, db = looking.school, looking.house.db

    def section(conn: Connection) -> str:
        row = Section(id=new_id(), cohort_id=school.cohort, name="Mine")
        add(conn, row)
        conn.execute(update(ENROLMENT).where(ENROLMENT.c.id == school.enrolment).values(section_id=row.id))
        return row.id

    mine = db.write_now(section)
    _did(looking, "section.move", school.cohort, FIRST, **{"to": mine, "from": {"somebody": None}})

    def said(instant: datetime, now: Now) -> list[str]:
        visitor = make.visitor(looking.lead, now.real, (Role.LEAD, ""))
        visitor = type(visitor)(now, visitor.person)
        place = db.read_now(lambda conn: places(conn, ENROLMENT.c.id == school.enrolment))[0]
        found = db.read_now(changed_since, visitor, place, instant)
        return [words.split(" after this")[0] for words in found]

    later = Now(FIRST + DAY, FIRST + DAY)
    assert said(FIRST - HOUR, later) == []
    _did(looking, "section.move", school.cohort, FIRST, **{"to": mine, "from": {school.enrolment: None}})
    _did(looking, "section.change", mine, FIRST + HOUR, after={"due_days": 8})
    _did(looking, "cohort.move_version", school.cohort, FIRST + 2 * HOUR, before="1.0", after="2.0")
    moved = "The cohort took another version of the course"
    whole = [moved, "The rules were changed", "This person was moved between sections"]
    assert said(FIRST - HOUR, later) == whole
    assert said(FIRST + HOUR, later) == [moved]
    ahead = Now(FIRST + DAY, FIRST + 11 * DAY)
    assert said(FIRST + 10 * DAY - HOUR, ahead) == whole
    assert said(FIRST + 10 * DAY + HOUR, ahead) == [moved]


def test_an_instant_to_come_says_so(looking: Looking, browser: Any, at_time: AtTime) -> None:
    at_time(NOW)
    pages = [browser(looking.lead).get(looking.at(at)).text for at in ("now", NOW - HOUR, NOW + HOUR)]
    assert ["This instant is still to come" in page for page in pages] == [False, False, True]


def test_statements_do_not_grow_with_what_is_said(looking: Looking, question: str) -> None:
    school, db = looking.school, looking.house.db
    lead = make.visitor(looking.lead, NOW, (Role.LEAD, ""))
    whose, counts = (school.cohort, school.enrolment, f"{FIRST + 2 * HOUR:%Y-%m-%dT%H:%M}"), []
    for more in (0, 40):
        for place in range(more):
            db.write_now(add, _reply(question, f"Reply {place}.", looking, FIRST + HOUR))
        with statements(db) as count:
            db.read_now(announcements_as, lead, whose, 1)
            db.read_now(questions_as, lead, whose, 1, "", 1)
            db.read_now(thread_as, lead, whose, 1, question, 1)
        counts.append(count.number)
    assert counts[1] <= counts[0] <= 16
