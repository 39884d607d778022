"""Pictures of the evidence page as a learner meets it: empty, half done, uploading, handed in, returned."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser import grader, lead, learner
from tests.browser.school import GRADER, LEAD, LEARNER, open_school, zipped_package
from tests.browser.visits import WIDE, Visit, visits

PHONE = (360, 740)
SIZES = {"": WIDE, "-phone": PHONE}
SLOW = 1_500_000  # bytes a second
LARGE = 40_000_000
COMMENT = "The target is there; say how it follows from what people notice."

Keep = Callable[[str, bytes, bool], None]
"""Takes the name of a picture, the picture, and whether it is a dark one."""


def take_evidence(browser: Browser, keep: Keep) -> None:
    """Walk through one assignment and take each state of its page, wide and narrow, light and dark."""
    with tempfile.TemporaryDirectory(prefix="fourweek-evidence-") as name:
        folder = Path(name)
        with open_school(folder) as school, visits(browser, school.url, script=True) as open_visit:
            rosa, zaneta, tom = open_visit(), open_visit(), open_visit()
            rosa.sign_in(LEAD)
            zaneta.sign_in(LEARNER)
            tom.sign_in(GRADER)
            course = lead.publish(rosa, zipped_package(folder))
            lead.plan_cohort(rosa)
            cohort = learner.enrol(zaneta, course)
            zaneta.a_week_passes()
            learner.opens_assignment(zaneta, cohort, 1)
            for state, part in _states(zaneta, tom, folder):
                _take(zaneta.page, f"evidence-{state}", part, keep)


def _states(zaneta: Visit, tom: Visit, folder: Path) -> Iterator[tuple[str, str]]:
    """Bring the page into one state after the other; with the part of it that shows the state."""
    page = zaneta.page
    task = page.url.removeprefix(zaneta.base)
    yield "empty", "h1"
    learner.types_first(zaneta)
    yield "half-done", "#state-objective"
    _sends_slowly(page, folder / "requests-of-october.csv")
    yield "uploading", "#slot-worksheet"
    page.get_by_role("button", name="Remove requests-of-october.csv").click()
    expect(page.locator(".uploading progress")).to_have_count(0)
    learner.drafts(zaneta, script=True)
    learner.hands_in(zaneta, attempt=1)
    zaneta.go(task)
    yield "submitted", "#work"
    grader.takes_next(tom)
    grader.decides_partly(tom, comment=COMMENT)
    zaneta.go(task)
    zaneta.press("Begin the next attempt")
    yield "returned", "#work"


def _sends_slowly(page: Page, file: Path) -> None:
    """A file that is on its way for as long as it takes to take its pictures."""
    file.write_bytes(b"minute,requests,good\n" * (LARGE // 21))
    speed = {"offline": False, "latency": 20, "downloadThroughput": -1, "uploadThroughput": SLOW}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", speed)
    page.locator("form#evidence input[type=file]").first.set_input_files(file)
    expect(page.locator(".uploading [data-facts]").last).to_contain_text("left")


def _block(part: str) -> str:
    """Where in the window the part stands: what is said of a field below the field."""
    return "center" if part.startswith("#state") else "start"


def _take(page: Page, name: str, part: str, keep: Keep) -> None:
    for dark in (False, True):
        page.emulate_media(color_scheme="dark" if dark else "light")
        for ending, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.locator(part).first.evaluate("(part, state) => part.scrollIntoView({block: state})", _block(part))
            page.evaluate("document.fonts.ready")
            keep(name + ending, page.screenshot(caret="initial"), dark)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
