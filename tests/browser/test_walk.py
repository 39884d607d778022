"""The whole main job, by three people and a stranger, through the real pages: with JavaScript and without."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import grader, lead, learner, proof
from tests.browser.school import GRADER, LEAD, LEARNER, School, zipped_package
from tests.browser.visits import visits

pytestmark = pytest.mark.browser
NOT_YET = "The target is there; say how the error budget follows from it."
GOOD = "Clear, and every number can be followed."
WEEKS = 4


@pytest.mark.parametrize("script", [True, False], ids=["with-javascript", "without-javascript"])
def test_main_job_from_package_to_checked_transcript(
    chromium: Browser, school: School, tmp_path: Path, *, script: bool
) -> None:
    with visits(chromium, school.url, script=script) as open_visit:
        rosa, zaneta, tom = open_visit(), open_visit(), open_visit()
        rosa.sign_in(LEAD)
        zaneta.sign_in(LEARNER)
        tom.sign_in(GRADER)
        course = lead.publish(rosa, zipped_package(tmp_path))
        lead.plan_cohort(rosa)
        cohort = learner.enrol(zaneta, course)
        learner.sees_locked(zaneta, cohort, 1)
        for week in range(1, WEEKS + 1):
            zaneta.a_week_passes()
            learner.reads_first_lesson(zaneta, cohort, week)
            learner.opens_assignment(zaneta, cohort, week)
            learner.drafts(zaneta, script=script)
            learner.passes_check(zaneta)
            learner.hands_in(zaneta, attempt=1)
            grader.takes_next(tom)
            if week == 1:
                grader.decides(tom, demonstrated=False, comment=NOT_YET)
                learner.reads_feedback(zaneta, cohort, week, "Not yet", NOT_YET)
                learner.begins_next_attempt(zaneta)
                learner.hands_in(zaneta, attempt=2)
                grader.takes_next(tom)
            grader.decides(tom, demonstrated=True, comment=GOOD)
            learner.reads_feedback(zaneta, cohort, week, "Demonstrated", GOOD)
            if week < WEEKS:
                learner.sees_locked(zaneta, cohort, week + 1)
        badge = proof.earned_badge(zaneta)
        code = proof.issued_transcript(zaneta)
        stranger = open_visit()
        proof.badge_is_public(stranger, badge, LEARNER.name)
        proof.code_is_valid(stranger, code)
