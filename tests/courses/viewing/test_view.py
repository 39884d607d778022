"""A cohort as one learner sees it at an instant: who may look, what is seen, and that nothing can be written."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from assessments.coursework import AssessmentsCoursework
from assessments.evidence.models import Submission
from courses.cohorts.models import Extension
from courses.progress.models import LessonRead, ReadingPlace
from courses.progress.service import mark_read
from courses.viewing.pages import lesson_as, module_as, overview_as
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import add, new_id, table
from tests import factories as make
from tests.courses.learning.school import DAY, OPENS, WEEK, withdraw
from tests.courses.viewing.conftest import Looking
from tests.statements import statements

AtTime = Callable[[datetime], Any]
NOON = OPENS + timedelta(hours=12)
COURSEWORK = AssessmentsCoursework()
FIRST = "/modules/1/lessons/secret-lesson-1-0"


def _main(text: str) -> str:
    return text.split('<main id="main"')[1].split("</main>", maxsplit=1)[0]


def _count(looking: Looking, model: Any) -> int:
    counted = select(func.count()).select_from(table(model))
    return int(looking.house.db.read_now(lambda conn: conn.execute(counted).scalar_one()))


def test_only_those_who_run_or_teach_the_cohort_look_on(looking: Looking, browser: Any, at_time: AtTime) -> None:
    at_time(NOON)
    school, write = looking.school, looking.house.db.write_now
    assert browser().get(looking.at("now")).headers["location"].startswith("/sign-in")
    elsewhere = write(make.with_role, Role.INSTRUCTOR, "Else Where", school.other)
    for person, status in ((school.alice, 404), (school.carol, 404), (elsewhere, 404), (school.lena, 403)):
        visitor = browser(person)
        for rest in ("", "/modules/1", FIRST, "/modules/1/files/secret-1.txt"):
            assert visitor.get(looking.at("now", rest)).status_code == status, rest
        assert visitor.get(looking.base).status_code == status
    for person in (looking.lead, looking.instructor):
        assert browser(person).get(looking.at("now")).status_code == 200


def test_the_learner_must_be_one_of_this_cohort(looking: Looking, browser: Any, at_time: AtTime) -> None:
    at_time(NOON)
    lead = browser(looking.lead)
    wrong = looking.base.replace(looking.school.cohort, looking.school.other)
    assert lead.get(f"{wrong}/now").status_code == 404
    assert lead.get(looking.base.replace(looking.school.enrolment, "nobody") + "/now").status_code == 404


def test_the_pages_stay_inside_the_view_and_hold_nothing_that_writes(
    looking: Looking, browser: Any, at_time: AtTime
) -> None:
    at_time(NOON)
    lead, here = browser(looking.lead), looking.at("now")
    for rest in ("", "/modules/1", "/modules/2", FIRST, "/search?q=body"):
        page = lead.get(here + rest)
        assert page.status_code == 200
        main = _main(page.text)
        assert "You look on as Alice" in main
        assert (set(re.findall(r'method="(\w+)"', main)), "hx-post" in main) == ({"get"}, False)
        links = {link for link in re.findall(r'href="([^"#]+)"', main) if link.startswith("/")}
        own = {f"/staff/cohorts/{looking.school.cohort}", looking.base}
        assert {link for link in links if not link.startswith(here)} == own


def test_nothing_is_recorded_of_looking_on(looking: Looking, browser: Any, at_time: AtTime) -> None:
    at_time(NOON)
    acts = _count(looking, AuditRow)
    for rest in ("", "/modules/1", FIRST, "/modules/1/files/secret-1.txt"):
        assert browser(looking.lead).get(looking.at("now", rest)).status_code == 200
    found = [_count(looking, model) for model in (LessonRead, ReadingPlace, Submission)]
    assert (found, _count(looking, AuditRow)) == ([0, 0, 0], acts)
    assert browser(looking.lead).post(looking.at("now", FIRST) + "/read").status_code == 404


def test_what_is_locked_to_the_learner_is_locked_in_the_view(looking: Looking, browser: Any, at_time: AtTime) -> None:
    at_time(NOON)
    lead = browser(looking.lead)
    for rest in ("/modules/2/lessons/secret-lesson-2-0", "/modules/2/files/secret-2.txt", "/modules/9"):
        assert lead.get(looking.at("now", rest)).status_code == 404
    locked = lead.get(looking.at("now", "/modules/2")).text
    assert ("Not open yet" in locked, "Secret" in locked) == (True, False)
    assert lead.get(looking.at(OPENS + WEEK, "/modules/2/lessons/secret-lesson-2-0")).status_code == 200
    assert lead.get(looking.at(OPENS + WEEK, "/modules/2/files/secret-2.txt")).content == b"secret text"
    before = lead.get(looking.at(OPENS - DAY, "/modules/1")).text
    assert ("Not open yet" in before, "Secret" in before) == (True, False)


def test_extensions_are_those_in_force_then(looking: Looking, browser: Any, at_time: AtTime) -> None:
    at_time(NOON)
    grant = Extension(
        id=new_id(),
        enrolment_id=looking.school.enrolment,
        opens_all=True,
        reason="Away.",
        granted_at=NOON - timedelta(hours=2),
        expires_at=NOON + DAY,
    )
    looking.house.db.write_now(add, grant)
    lead, page = browser(looking.lead), "/modules/3"
    found = ["Not open yet" in lead.get(looking.at(NOON + step, page)).text for step in (-DAY / 8, DAY / 8, 2 * DAY)]
    assert found == [True, False, True]


def test_work_reads_and_decisions_are_those_of_then(looking: Looking) -> None:
    school = looking.school

    def fill(conn: Connection) -> None:
        first = conn.execute(select(table(LessonRead).c.lesson_id)).first()
        assert first is None
        sent = make.submission(conn, school.made, school.enrolment, at=NOON)
        make.decided(conn, school.made, sent, school.lena, at=NOON + DAY, posted_at=NOON + DAY)

    looking.house.db.write_now(fill)
    lead = make.visitor(looking.lead, NOON + 2 * DAY, (Role.LEAD, ""))

    def states(at: datetime) -> str:
        whose = (school.cohort, school.enrolment, f"{at:%Y-%m-%dT%H:%M}")
        return looking.house.db.read_now(module_as, lead, COURSEWORK, whose, 1).works[0].state.value

    found = [states(NOON + step) for step in (-DAY / 4, DAY / 4, DAY)]
    assert found == ["not started", "waiting for a grader", "demonstrated"]


def test_reading_is_that_of_then(looking: Looking) -> None:
    school, db = looking.school, looking.house.db
    lead = make.visitor(looking.lead, NOON + DAY, (Role.LEAD, ""))

    def facts(at: datetime) -> Any:
        whose = (school.cohort, school.enrolment, f"{at:%Y-%m-%dT%H:%M}")
        return db.read_now(module_as, lead, COURSEWORK, whose, 1)

    lesson = facts(NOON).outline.lessons[0].id
    db.write_now(mark_read, school.enrolment, lesson, NOON)
    assert [facts(NOON + step).reads for step in (-DAY / 4, DAY / 4)] == [frozenset(), frozenset({lesson})]


def test_banner_says_who_when_and_what_is_missing(looking: Looking, browser: Any, at_time: AtTime) -> None:
    at_time(NOON)
    lead = browser(looking.lead)
    early = lead.get(looking.at(make.BEFORE - DAY)).text
    assert "This person was not enrolled yet." in early
    assert f'value="{make.BEFORE - DAY:%Y-%m-%dT%H:%M}"' in early
    looking.house.db.write_now(withdraw, looking.school.enrolment)
    assert "This person has left the cohort" in lead.get(looking.at("now")).text


def test_an_instant_is_chosen_by_a_form(looking: Looking, browser: Any, at_time: AtTime) -> None:
    at_time(NOON)
    lead = browser(looking.lead)
    assert lead.get(looking.base).headers["location"] == looking.at("now")
    typed = f"{OPENS:%Y-%m-%dT%H:%M}"
    assert lead.get(looking.base, params={"at": typed}).headers["location"] == looking.at(typed)
    wrong = lead.get(looking.base, params={"at": "<soon>"})
    assert (wrong.status_code, "Give a date and a time" in wrong.text) == (422, True)
    assert 'value="&lt;soon&gt;"' in wrong.text


@pytest.mark.parametrize("at", ["soon", "2026-13-01T09:00", "2026-12-07", "0001-01-01T00:00", "9999-12-31T23:59"])
def test_an_instant_that_cannot_be_is_not_there(looking: Looking, browser: Any, at_time: AtTime, at: str) -> None:
    at_time(NOON)
    assert browser(looking.lead).get(looking.at(at)).status_code in {200, 404}
    assert browser(looking.lead).get(looking.at(at, "/modules/1")).status_code in {200, 404}


def test_statements_of_a_view(looking: Looking) -> None:
    lead = make.visitor(looking.lead, NOON, (Role.LEAD, ""))
    whose, db = (looking.school.cohort, looking.school.enrolment, "now"), looking.house.db
    with statements(db) as overview:
        db.read_now(overview_as, lead, COURSEWORK, whose)
    with statements(db) as module:
        db.read_now(module_as, lead, COURSEWORK, whose, 1)
    with statements(db) as lesson:
        db.read_now(lesson_as, lead, whose, 1, "secret-lesson-1-0")
    assert max(overview.number, module.number, lesson.number) <= 9
