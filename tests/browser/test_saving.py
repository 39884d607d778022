"""Nothing typed is lost: reload, no connection, two tabs, a lapsed sign-in, somebody else's sign-in, a deadline."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser import lead, learner
from tests.browser.school import LEAD, LEARNER, School, Someone, open_school, zipped_package
from tests.browser.visits import Visit, visits

pytestmark = pytest.mark.browser
SAVED = re.compile(r"^Saved \d")


@dataclass(slots=True)
class Desk:
    """A school with one cohort, and a way to the learner's assignment in a browser of its own."""

    school: School
    cohort: str

    def opened_by(self, visit: Visit) -> Page:
        visit.sign_in(LEARNER)
        visit.page.on("dialog", lambda dialog: dialog.accept())
        learner.opens_assignment(visit, self.cohort, 1)
        return visit.page


@pytest.fixture(scope="module")
def desk(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("saving")
    with open_school(folder) as school:
        with visits(chromium, school.url, script=True) as open_visit:
            rosa, zaneta = open_visit(), open_visit()
            rosa.sign_in(LEAD)
            zaneta.sign_in(LEARNER)
            course = lead.publish(rosa, zipped_package(folder))
            lead.plan_cohort(rosa)
            cohort = learner.enrol(zaneta, course)
            zaneta.a_week_passes()
        yield Desk(school, cohort)


@pytest.fixture
def visit(chromium: Browser, desk: Desk) -> Iterator[Visit]:
    with visits(chromium, desk.school.url, script=True) as open_visit:
        made = open_visit()
        yield made
        made.troubles[:] = [trouble for trouble in made.troubles if "net::ERR_" not in trouble]


def _area(page: Page) -> Locator:
    return page.locator("form#evidence textarea[name^='text-']").first


def _state(page: Page) -> Locator:
    return page.locator("form#evidence [id^='state-']").first


def _refuse(route: Route) -> None:
    route.abort()


def _sign_in_beside(visit: Visit, someone: Someone) -> None:
    """In another tab, as the link of the page would."""
    other = visit.context.new_page()
    other.goto(visit.base + "/sign-in?next=/signed-in")
    if other.get_by_role("button", name="Sign out").count():
        with other.expect_navigation():
            other.get_by_role("button", name="Sign out").click()
        other.goto(visit.base + "/sign-in?next=/signed-in")
    visit.sign_in_here(other, someone)
    expect(other.get_by_role("heading", level=1)).to_have_text("You are signed in")
    other.close()


def test_no_connection_keeps_it_here_through_a_reload_and_sends_it_later(desk: Desk, visit: Visit) -> None:
    page = desk.opened_by(visit)
    visit.context.set_offline(True)
    _area(page).fill("Typed in a tunnel.")
    expect(_state(page)).to_have_text("Not saved: you are offline. It is kept in this browser and tried again.")
    page.route("**/draft/*", _refuse)
    visit.context.set_offline(False)
    expect(_state(page)).to_contain_text("the server does not answer")
    page.reload()
    expect(_area(page)).to_have_value("Typed in a tunnel.")
    expect(_state(page)).to_contain_text("Not saved")
    page.unroute("**/draft/*")
    expect(_state(page)).to_have_text(SAVED)
    page.reload()
    expect(_area(page)).to_have_value("Typed in a tunnel.")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('fourweek-kept|'))") == []


def test_an_answer_that_got_lost_is_no_conflict_with_oneself(desk: Desk, visit: Visit) -> None:
    visit.expected.add(409)  # the server cannot know; the script does
    page = desk.opened_by(visit)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/draft/*", lose, times=1)
    _area(page).fill("Arrived without an answer.")
    expect(_state(page)).to_contain_text("Not saved")
    _area(page).press("End")
    _area(page).press_sequentially(" And more.")
    expect(_state(page)).to_have_text(SAVED)
    expect(page.get_by_role("button", name="Keep mine")).to_have_count(0)
    page.reload()
    expect(_area(page)).to_have_value("Arrived without an answer. And more.")


def test_two_tabs_show_both_texts_and_ask(desk: Desk, visit: Visit) -> None:
    visit.expected.add(409)
    one = desk.opened_by(visit)
    two = visit.context.new_page()
    two.on("dialog", lambda dialog: dialog.accept())
    two.goto(one.url)
    _area(one).fill("From the first tab.")
    expect(_state(one)).to_have_text(SAVED)
    _area(two).fill("From the second tab.")
    expect(_state(two)).to_contain_text("changed in another window")
    expect(two.locator(".other-text")).to_have_text("From the first tab.")
    expect(_area(two)).to_have_value("From the second tab.")
    two.get_by_role("button", name=re.compile("^Hand in")).click()
    expect(_area(two)).to_be_focused()  # nothing is handed in over a question that is open
    two.get_by_role("button", name="Keep mine").click()
    expect(_state(two)).to_have_text(SAVED)
    _area(one).fill("The first goes on.")
    expect(one.locator(".other-text")).to_have_text("From the second tab.")
    one.get_by_role("link", name="Take the other").click()
    expect(_area(one)).to_have_value("From the second tab.")
    expect(_state(one)).to_have_text("Taken from the other window.")
    one.reload()
    expect(_area(one)).to_have_value("From the second tab.")


def test_a_lapsed_sign_in_goes_on_by_itself_after_signing_in_beside(desk: Desk, visit: Visit) -> None:
    page = desk.opened_by(visit)
    visit.expected |= {401, 403, 422}
    desk.school.end_sign_ins(LEARNER)
    _area(page).fill("Typed after the sign-in ended.")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Your sign-in has ended")
    expect(_area(page)).to_be_focused()
    expect(dialog.get_by_role("link")).to_have_attribute("href", "/sign-in?next=/signed-in")
    _area(page).press("End")
    _area(page).press_sequentially(" More.")
    expect(_state(page)).to_have_text("Not saved: your sign-in has ended. It is kept in this browser.")
    page.get_by_role("button", name=re.compile("^Hand in")).click()
    expect(dialog).to_be_visible()
    _sign_in_beside(visit, LEARNER)
    expect(_state(page)).to_have_text(SAVED)
    expect(dialog).to_be_hidden()
    page.reload()
    expect(_area(page)).to_have_value("Typed after the sign-in ended. More.")


def test_nothing_is_sent_while_somebody_else_is_signed_in(desk: Desk, visit: Visit) -> None:
    page = desk.opened_by(visit)
    visit.expected |= {401, 403, 404, 409, 422}
    sent: list[str] = []
    _sign_in_beside(visit, LEAD)
    _area(page).fill("Mine, and nobody else's.")
    expect(page.get_by_role("dialog")).to_contain_text("Somebody else is signed in here now")
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    _area(page).press("End")
    _area(page).press_sequentially(" Still.")
    page.get_by_role("button", name="Save the draft").last.click()
    expect(_state(page)).to_contain_text("somebody else is signed in here now")
    assert sent == []
    other = visit.context.new_page()
    other.goto(page.url)
    expect(other.get_by_text("Mine, and nobody else's.")).to_have_count(0)
    other.close()
    _sign_in_beside(visit, LEARNER)
    expect(_state(page)).to_have_text(SAVED)
    page.reload()
    expect(_area(page)).to_have_value("Mine, and nobody else's. Still.")


def test_signing_out_forgets_what_was_kept(desk: Desk, visit: Visit) -> None:
    page = desk.opened_by(visit)
    page.route("**/draft/*", _refuse)
    _area(page).fill("Not for whoever comes next.")
    expect(_state(page)).to_contain_text("Not saved")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('fourweek-kept|'))") == []


def test_keys_alone_write_and_hand_nothing_in_by_accident(desk: Desk, visit: Visit) -> None:
    page = desk.opened_by(visit)
    page.get_by_role("checkbox", name=re.compile("my own work")).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("form#evidence")).to_be_visible()
    hand_in = page.get_by_role("button", name=re.compile("^Hand in: ."))
    expect(hand_in).to_have_attribute("aria-describedby", "missing-list")


def test_a_deadline_that_passes_keeps_the_draft_and_says_so(desk: Desk, visit: Visit) -> None:
    page = desk.opened_by(visit)
    _area(page).fill("Begun before it.")
    expect(_state(page)).to_have_text(SAVED)
    with desk.school.begun_earlier(days=21):
        _area(page).fill("Written across the deadline.")
        expect(page.get_by_role("button", name=re.compile("^Hand in"))).to_have_count(0)
        expect(_state(page)).to_have_text(SAVED)
        page.reload()
        expect(_area(page)).to_have_value("Written across the deadline.")
        expect(page.get_by_text("The time for handing this in is over.")).to_be_visible()
