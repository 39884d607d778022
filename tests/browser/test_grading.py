"""Two graders and a lead at one submission, as each of them and its learner sees it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import lead, learner, two_graders
from tests.browser.school import GRADER, LEAD, LEARNER, SECOND_GRADER, School, zipped_package
from tests.browser.visits import visits

pytestmark = pytest.mark.browser


def test_two_graders_and_a_lead_on_one_submission(chromium: Browser, school: School, tmp_path: Path) -> None:
    with visits(chromium, school.url, script=True) as open_visit:
        rosa, tom, mei, zaneta = open_visit(), open_visit(), open_visit(), open_visit()
        for visit, someone in ((rosa, LEAD), (tom, GRADER), (mei, SECOND_GRADER), (zaneta, LEARNER)):
            visit.sign_in(someone)
        course = lead.publish(rosa, zipped_package(tmp_path))
        lead.plan_cohort(rosa)
        cohort = learner.enrol(zaneta, course)
        zaneta.a_week_passes()
        learner.opens_assignment(zaneta, cohort, 1)
        task = zaneta.page.url.removeprefix(zaneta.base)
        learner.drafts(zaneta, script=True)
        learner.passes_check(zaneta)
        learner.hands_in(zaneta, attempt=1)

        desk = two_graders.tom_takes_it(tom, mei, rosa)
        two_graders.keeps_the_saved(two_graders.saves_over(desk))
        two_graders.tom_is_done(desk)
        two_graders.mei_rates_blind(desk)
        two_graders.rosa_reads_both(desk)
        zaneta.go(task)
        expect(zaneta.page.get_by_role("main")).not_to_contain_text(two_graders.FIRST_SAID)
        two_graders.rosa_settles(desk)

        learner.reads_feedback(zaneta, cohort, 1, "Demonstrated", two_graders.SETTLED)
        for theirs in (two_graders.FIRST_SAID, two_graders.OTHER_SAID):
            expect(zaneta.page.get_by_role("main")).not_to_contain_text(theirs)
        two_graders.rosa_sees_figures(rosa)
