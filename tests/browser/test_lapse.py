"""A sign-in that lapses while somebody types costs nothing: the page stays, one signs in beside it and goes on."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import lead, learner
from tests.browser.school import LEAD, LEARNER, School, zipped_package
from tests.browser.visits import visits

pytestmark = pytest.mark.browser
BEFORE, AFTER = "What was typed before it lapsed. ", "And what was typed after."


def test_a_lapsed_sign_in_keeps_the_page_and_what_was_typed(chromium: Browser, school: School, tmp_path: Path) -> None:
    with visits(chromium, school.url, script=True) as open_visit:
        rosa, zaneta = open_visit(), open_visit()
        rosa.sign_in(LEAD)
        zaneta.sign_in(LEARNER)
        course = lead.publish(rosa, zipped_package(tmp_path))
        lead.plan_cohort(rosa)
        cohort = learner.enrol(zaneta, course)
        zaneta.a_week_passes()
        learner.opens_assignment(zaneta, cohort, 1)
        page = zaneta.page
        area = page.locator("form#evidence textarea[name^='text-']").first
        school.end_sign_ins(LEARNER)
        zaneta.expected |= {401, 403}

        area.fill(BEFORE)
        beside = page.locator("#notices").get_by_role("link")
        expect(beside).to_be_visible()
        expect(area).to_have_value(BEFORE)
        other = zaneta.context.new_page()
        other.goto(zaneta.base + (beside.get_attribute("href") or ""))
        zaneta.sign_in_here(other, LEARNER)
        expect(other.get_by_role("heading", level=1)).to_have_text("You are signed in")
        other.close()

        area.press("End")
        with page.expect_response(lambda answer: "/draft/" in answer.url and answer.status == 200):
            area.press_sequentially(AFTER)
        page.goto(page.url)
        expect(area).to_have_value(BEFORE + AFTER)
