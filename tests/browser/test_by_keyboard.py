"""The main job without a mouse: evidence is handed in, judged and posted, and the transcript comes down."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import lead, learner
from tests.browser.by_keyboard import chooses_at, chooses_file_at, downloads_at, presses_at, tabs_to, types_at
from tests.browser.school import GRADER, LEAD, LEARNER, School, zipped_package
from tests.browser.visits import Visit, visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]
COMMENT = "Clear, and every number can be followed."


def test_main_job_by_the_keyboard_alone(chromium: Browser, school: School, tmp_path: Path) -> None:
    with visits(chromium, school.url, script=True) as open_visit:
        rosa, zaneta, tom = open_visit(), open_visit(), open_visit()
        rosa.sign_in(LEAD)
        course = lead.publish(rosa, zipped_package(tmp_path))
        lead.plan_cohort(rosa)
        _signs_in(zaneta, LEARNER.address, LEARNER.password)
        cohort = learner.enrol(zaneta, course)
        zaneta.a_week_passes()
        _reaches_assignment(zaneta, cohort)
        _hands_in(zaneta.page)
        _signs_in(tom, GRADER.address, GRADER.password)
        _decides(tom)
        _downloads_transcript(zaneta)


def _signs_in(visit: Visit, address: str, password: str) -> None:
    page = visit.page
    visit.go("/sign-in")
    types_at(page, page.get_by_label("Mail address"), address)
    types_at(page, page.get_by_label("Password"), password)
    presses_at(page, page.get_by_role("button", name="Sign in", exact=True))


def _reaches_assignment(visit: Visit, cohort: str) -> None:
    page = visit.page
    visit.go(f"{cohort}/modules/1")
    presses_at(page, page.locator("#evidence a").first)
    expect(page.locator("form#evidence")).to_be_visible()


def _hands_in(page: Page) -> None:
    for area in page.locator("form#evidence textarea[name^='text-']").all():
        types_at(page, area, learner.words_for(page, area))
    for chooser in page.locator("form#evidence input[type=file]").all():
        chooses_file_at(page, chooser, "worksheet.csv", learner.WORKSHEET)
        expect(page.locator("form#evidence").get_by_role("link", name="worksheet.csv", exact=True)).to_be_visible()
    chooses_at(page, page.get_by_role("checkbox", name=re.compile("my own work")))
    presses_at(page, page.get_by_role("button", name="Hand in", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Received")


def _decides(visit: Visit) -> None:
    page = visit.page
    visit.go("/grading")
    presses_at(page, page.get_by_role("button", name="Grade next"))
    for group in page.locator("form#rating fieldset").all():
        tabs_to(page, group.get_by_role("radio").first)
        page.keyboard.press("ArrowUp")  # from the first to the last, which is the highest
        expect(group.get_by_role("radio").last).to_be_checked()
    types_at(page, page.get_by_label("Comment on the whole"), COMMENT)
    presses_at(page, page.get_by_role("button", name="Decide and post"))
    expect(page.locator("#notices")).to_contain_text("Decided: demonstrated")


def _downloads_transcript(visit: Visit) -> None:
    page = visit.page
    visit.go("/transcript")
    presses_at(page, page.get_by_role("button", name="Issue a transcript"))
    kept = downloads_at(page, page.get_by_role("link", name="PDF", exact=True))
    assert kept.read_bytes().startswith(b"%PDF")
