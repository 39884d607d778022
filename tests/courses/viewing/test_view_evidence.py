"""An assignment as its learner saw it at an instant: what was handed in and posted by then, and nothing typed since."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import Connection

from assessments.assignments.models import RequirementKind
from assessments.evidence.models import Evidence, Submission
from assessments.evidence.viewing import assignment_as
from assessments.grading.models import Outcome
from courses.viewing.access import open_view
from fourweek.accounts.models import Role
from fourweek.database import add, new_id
from fourweek.storage import LocalStore
from tests import factories as make
from tests.courses.learning.school import DAY, OPENS
from tests.courses.viewing.conftest import Looking
from tests.statements import statements

AtTime = Callable[[datetime], Any]
NOW = OPENS + timedelta(hours=12)
FIRST, STEP = OPENS + timedelta(hours=1), timedelta(hours=2)
PAGE = "/modules/1/assignments/note-1"
TYPED = "The service kept its promise this month."


@pytest.fixture
def file(looking: Looking) -> str:
    """Alice handed in a text and a file; two hours later that was judged; after two more she begins again."""
    school, store = looking.school, cast(LocalStore, looking.house.store)
    kept = store.keep_bytes(b"measured")

    def fill(conn: Connection) -> str:
        report = Evidence(
            id=new_id(),
            submission_id="",
            requirement_id=school.made.files[0],
            position=0,
            kind=RequirementKind.FILES,
            file_name="report.csv",
            media_type="text/csv",
            size=kept.size,
            sha256=kept.sha256,
            saved_at=FIRST,
        )
        sent = make.submission(conn, school.made, school.enrolment, at=FIRST, more=[report])
        at = FIRST + STEP
        make.decided(conn, school.made, sent, school.lena, outcome=Outcome.NOT_YET, at=at, posted_at=at)
        draft = Submission(
            id=new_id(),
            enrolment_id=school.enrolment,
            assignment_id=school.made.assignments[0],
            rubric_id=school.made.rubrics[0],
            attempt=2,
            started_at=FIRST + 2 * STEP,
            saved_at=FIRST + 2 * STEP,
        )
        words = Evidence(
            id=new_id(),
            submission_id=draft.id,
            requirement_id=school.made.texts[0],
            position=0,
            kind=RequirementKind.TEXT,
            text="Half a thought.",
            sha256="1" * 64,
            saved_at=FIRST + 2 * STEP,
        )
        add(conn, draft)
        add(conn, words)
        return report.id

    return looking.house.db.write_now(fill)


def _main(text: str) -> str:
    return text.split('<main id="main"')[1].split("</main>", maxsplit=1)[0]


def test_who_may_not_look_on_sees_no_evidence(looking: Looking, file: str, browser: Any, at_time: AtTime) -> None:
    at_time(NOW)
    school, write = looking.school, looking.house.db.write_now
    elsewhere = write(make.with_role, Role.INSTRUCTOR, "Else Where", school.other)
    assert browser().get(looking.at("now", PAGE)).headers["location"].startswith("/sign-in")
    for person, status in ((school.alice, 404), (school.carol, 404), (elsewhere, 404), (school.lena, 403)):
        for rest in (PAGE, f"/evidence/{file}"):
            assert browser(person).get(looking.at("now", rest)).status_code == status
    for person in (looking.lead, looking.instructor):
        assert browser(person).get(looking.at("now", PAGE)).status_code == 200


def test_work_is_seen_as_it_stood_then(looking: Looking, file: str, browser: Any, at_time: AtTime) -> None:
    at_time(NOW)
    lead = browser(looking.lead)

    def seen(at: datetime) -> tuple[bool, ...]:
        page = _main(lead.get(looking.at(at, PAGE)).text)
        words = ("Nothing by then", TYPED, "report.csv", "Read with care.", "Half a thought.", "Your evidence")
        return tuple(one in page for one in words)

    assert seen(FIRST - STEP / 4) == (True, False, False, False, False, False)
    assert seen(FIRST + STEP / 4) == (False, True, True, False, False, False)
    assert seen(FIRST + STEP) == seen(FIRST + 3 * STEP) == (False, True, True, True, False, False)
    assert lead.get(looking.at(OPENS - DAY, PAGE)).status_code == 404
    for rest in ("/modules/2/assignments/note-2", "/modules/1/assignments/note-2", "/modules/1/assignments/none"):
        assert lead.get(looking.at(FIRST, rest)).status_code == 404


def test_states_are_those_of_the_module_page(looking: Looking, file: str, browser: Any, at_time: AtTime) -> None:
    at_time(NOW)
    lead, steps = browser(looking.lead), (-STEP / 4, STEP / 4, STEP, 2 * STEP)
    words = ("Not started", "Waiting for a grader", "Not yet demonstrated", "Draft")
    for step, state in zip(steps, words, strict=True):
        for rest in (PAGE, "/modules/1"):
            assert f">{state}<" in _main(lead.get(looking.at(FIRST + step, rest)).text), (rest, state)


def test_a_file_is_there_once_it_was_handed_in(looking: Looking, file: str, browser: Any, at_time: AtTime) -> None:
    at_time(NOW)
    teacher = browser(looking.instructor)
    link = looking.at(FIRST + STEP / 4, f"/evidence/{file}")
    assert f'href="{link}"' in teacher.get(looking.at(FIRST + STEP / 4, PAGE)).text
    got = teacher.get(link)
    assert (got.content, got.headers["content-disposition"].split(";")[0]) == (b"measured", "attachment")
    assert teacher.get(looking.at(FIRST - STEP / 4, f"/evidence/{file}")).status_code == 404
    assert teacher.get(looking.at("now", "/evidence/none")).status_code == 404
    assert teacher.get(f"/evidence/{file}").status_code == 404
    other = looking.house.db.write_now(make.enrol, looking.school.cohort, looking.school.carol)
    beside = looking.at("now", f"/evidence/{file}").replace(looking.school.enrolment, other)
    me = make.visitor(looking.instructor, NOW, (Role.INSTRUCTOR, ""))
    looking.house.db.write_now(open_view, me, looking.school.cohort, other, "Asked for help")
    assert teacher.get(beside).status_code == 404


def test_an_assignment_in_a_view_writes_nothing_and_stays_inside(
    looking: Looking, file: str, browser: Any, at_time: AtTime
) -> None:
    at_time(NOW)
    here = looking.at("now")
    main = _main(browser(looking.lead).get(here + PAGE).text)
    assert "You look on as Alice" in main
    assert (set(re.findall(r'method="(\w+)"', main)), "hx-post" in main) == ({"get"}, False)
    links = {link for link in re.findall(r'href="([^"#]+)"', main) if link.startswith("/")}
    own = {f"/staff/cohorts/{looking.school.cohort}", looking.base}
    assert {link for link in links if not link.startswith(here)} == own
    for path in ("draft", "submit", "attempts"):
        assert browser(looking.lead).post(f"{here}{PAGE}/{path}").status_code in {404, 405}


def test_statements_of_an_assignment_in_a_view(looking: Looking, file: str) -> None:
    lead = make.visitor(looking.lead, NOW, (Role.LEAD, ""))
    whose = (looking.school.cohort, looking.school.enrolment, f"{NOW - STEP:%Y-%m-%dT%H:%M}")
    with statements(looking.house.db) as count:
        looking.house.db.read_now(assignment_as, lead, whose, 1, "note-1")
    assert count.number <= 12
