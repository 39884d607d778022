"""A cohort while it runs, by its lead and a learner, through the real pages: with JavaScript, and at length without.

In the suite the main job is walked without it, and every other test of a page sends its forms as a browser would.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import following, lead, learner, running
from tests.browser.school import LEAD, LEARNER, School, zipped_package
from tests.browser.visits import visits

pytestmark = pytest.mark.browser
WORK, FIRST_LESSON = "A reliability objective", "A promise you can measure"
HEADING, OPEN_WORD, LOCKED_WORD = "Choosing the target", "denominator", "migration"
SESSION, NEWS = "Clinic on your objective", "The clinic begins earlier"
QUESTION, ANSWER = "Does a booking by phone count?", "It does, as soon as it reaches the booking service."


@pytest.mark.parametrize(
    "script",
    [pytest.param(True, id="with-javascript"), pytest.param(False, id="without-javascript", marks=pytest.mark.slow)],
)
def test_a_cohort_runs_by_its_lead_and_a_learner(
    chromium: Browser, school: School, tmp_path: Path, *, script: bool
) -> None:
    with visits(chromium, school.url, script=script) as open_visit:
        rosa, zaneta = open_visit(), open_visit()
        rosa.sign_in(LEAD)
        zaneta.sign_in(LEARNER)
        course = lead.publish(rosa, zipped_package(tmp_path))
        staff = lead.plan_cohort(rosa)
        cohort = learner.enrol(zaneta, course)

        running.imports_roster(rosa, staff)
        ines, karim = running.NEWCOMERS
        running.extends_for(rosa, staff, (LEARNER, ines), days=3)
        running.sees_reasons(rosa, staff, extended=(LEARNER, ines), others=(karim,))
        running.changes_due_days(rosa, staff, 9, concerns=ines)

        zaneta.a_week_passes()
        following.sees_what_is_due(zaneta, WORK, "America/New_York", "Europe/Warsaw")
        if script:
            second = following.stops_in_a_lesson(zaneta, cohort, HEADING)
        else:
            second = following.marks_first_lesson(zaneta, cohort)
        following.comes_back_to(zaneta, second, HEADING if script else None)
        following.searches(zaneta, cohort, OPEN_WORD, LOCKED_WORD)

        attendance = running.plans_session(rosa, staff, SESSION, weeks_on=1)
        following.is_there(zaneta, cohort, SESSION, running.makes_code(rosa, attendance))
        running.sees_present(rosa, attendance, LEARNER)
        running.announces(rosa, cohort, NEWS)
        following.reads_announcement(zaneta, cohort, NEWS)
        following.asks(zaneta, cohort, QUESTION)
        running.answers(rosa, QUESTION, ANSWER)
        following.reads_answer(zaneta, cohort, QUESTION, ANSWER)
        running.looks_on_as(rosa, staff, LEARNER, FIRST_LESSON)
        following.turns_off(zaneta, "Announcements")
