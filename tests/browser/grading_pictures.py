"""Pictures of grading as those who grade and lead meet it: queue, screen, conflict, two ratings, figures."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser import lead, learner, two_graders
from tests.browser.evidence_pictures import Keep
from tests.browser.many_ratings import rate_many
from tests.browser.school import GRADER, LEAD, LEARNER, SECOND_GRADER, open_school, zipped_package
from tests.browser.visits import WIDE, Visit, visits

FROM_ABOVE = """() => {
  document.activeElement.blur();
  document.querySelectorAll(".side").forEach((side) => { side.scrollTop = 0; });
}"""
"""Whoever opened the page has not scrolled in it yet."""


def take_grading(browser: Browser, keep: Keep) -> None:
    """Bring one submission through two graders and a lead, and take each page, light and dark."""
    with tempfile.TemporaryDirectory(prefix="fourweek-grading-") as name:
        folder = Path(name)
        with open_school(folder) as school, visits(browser, school.url, script=True) as open_visit:
            rosa, tom, mei, zaneta = open_visit(), open_visit(), open_visit(), open_visit()
            for visit, someone in ((rosa, LEAD), (tom, GRADER), (mei, SECOND_GRADER), (zaneta, LEARNER)):
                visit.sign_in(someone)
            course = lead.publish(rosa, zipped_package(folder))
            lead.plan_cohort(rosa)
            cohort = learner.enrol(zaneta, course)
            zaneta.a_week_passes()
            learner.opens_assignment(zaneta, cohort, 1)
            learner.drafts(zaneta, script=True)
            learner.passes_check(zaneta)
            learner.hands_in(zaneta, attempt=1)
            rate_many(school.home)
            for state, page, part in _states(rosa, tom, mei):
                _take(page, f"grading-{state}", part, keep)


def _states(rosa: Visit, tom: Visit, mei: Visit) -> Iterator[tuple[str, Page, str]]:
    """One page after the other, with the part of it that is shown."""
    rosa.go("/grading")
    yield "queue", rosa.page, "main"
    desk = two_graders.tom_takes_it(tom, mei, rosa)
    other = two_graders.saves_over(desk)
    yield "screen", tom.page, ".sides"
    yield "conflict", other, "#rating-trouble"
    two_graders.keeps_the_saved(other)
    two_graders.tom_is_done(desk)
    two_graders.mei_rates_blind(desk)
    two_graders.rosa_reads_both(desk)
    yield "two-ratings", rosa.page, "main"
    two_graders.rosa_settles(desk)
    two_graders.rosa_sees_figures(rosa, few=False)
    yield "agreement", rosa.page, "main"


def _take(page: Page, name: str, part: str, keep: Keep) -> None:
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    for dark in (False, True):
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.evaluate(FROM_ABOVE)
        page.locator(part).first.evaluate("part => part.scrollIntoView({block: 'start'})")
        page.evaluate("document.fonts.ready")
        keep(name, page.screenshot(caret="initial"), dark)
    page.emulate_media(color_scheme="light")
