"""static/js/app.js with htmx in Chromium, under the real security policy."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect, sync_playwright

from tests.templates.small_site import small_site

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="NO CHROMIUM: the script of the pages was not tried"),
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@dataclass
class Visit:
    """An open page, what was posted, and what the browser complained about."""

    page: Page
    posts: list[tuple[str, str | None, dict[str, list[str]]]]
    complaints: list[str]


@pytest.fixture(scope="module")
def browser_page() -> Iterator[tuple[Page, str, list[tuple[str, str | None, dict[str, list[str]]]]]]:
    with small_site() as (address, posts), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page(), address, posts
        browser.close()


@pytest.fixture
def visit(browser_page: tuple[Page, str, list[tuple[str, str | None, dict[str, list[str]]]]]) -> Iterator[Visit]:
    page, address, posts = browser_page
    complaints: list[str] = []

    def note(message: object) -> None:
        complaints.append(str(message))

    page.on("pageerror", note)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    posts.clear()
    yield Visit(page, posts, complaints)
    page.remove_listener("pageerror", note)
    assert complaints == []


def test_a_stale_token_is_replaced_and_the_draft_sent_once_more(visit: Visit) -> None:
    visit.page.fill("#field-method", "one two three")
    expect(visit.page.locator("[data-save-state]")).to_have_text("Saved 14:02")
    assert [(path, token, typed["method"]) for path, token, typed in visit.posts] == [
        ("/draft", "a\"b<c'd", ["one two three"]),
        ("/draft", "fresh", ["one two three"]),
    ]
    assert visit.page.input_value("#draft input[name=form_token]") == "fresh"
    visit.page.fill("#field-method", "one")
    expect(visit.page.locator("[data-count-of]")).to_have_text("1")
    visit.page.wait_for_timeout(300)
    assert [token for _, token, _ in visit.posts] == ["a\"b<c'd", "fresh", "fresh"]


def test_text_typed_before_the_script_ran_is_saved(visit: Visit) -> None:
    held: list[Route] = []
    visit.page.route("**/htmx-*.js*", lambda route: held.append(route))  # noqa: PLW0108 a builtin cannot be marked
    visit.page.reload(wait_until="commit")
    visit.page.fill("#field-method", "typed on a slow line")
    assert visit.posts == []
    held[0].continue_()
    expect(visit.page.locator("[data-save-state]")).to_have_text("Saved 14:02")
    visit.page.unroute("**/htmx-*.js*")
    assert [typed["method"] for _, _, typed in visit.posts] == [["typed on a slow line"]] * 2  # once with a stale token
    assert not leaving_warns(visit.page)


def test_a_page_nobody_typed_in_saves_nothing(visit: Visit) -> None:
    visit.page.wait_for_load_state("load")
    visit.page.wait_for_timeout(300)
    assert visit.posts == []


def leaving_warns(page: Page) -> bool:
    return bool(page.evaluate("!window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"))


def test_leaving_warns_only_while_something_is_unsaved(visit: Visit) -> None:
    assert not leaving_warns(visit.page)
    visit.page.context.set_offline(True)
    visit.page.fill("#field-method", "typed in a tunnel")
    expect(visit.page.locator("[data-save-state]")).to_contain_text("Not saved")
    expect(visit.page.locator("#notices")).to_contain_text("That did not go through.")
    assert leaving_warns(visit.page)
    visit.page.context.set_offline(False)
    visit.page.fill("#field-method", "typed in the light")
    expect(visit.page.locator("[data-save-state]")).to_have_text("Saved 14:02")
    assert not leaving_warns(visit.page)


def test_a_form_with_errors_is_swapped_in_place(visit: Visit) -> None:
    visit.page.click("#wrong button")
    expect(visit.page.locator("#answer")).to_have_text("Look again")


def test_an_error_of_ours_is_shown_among_the_notices(visit: Visit) -> None:
    visit.page.click("#taken button")
    expect(visit.page.locator("#notices .notice-title")).to_have_text("Taken")
    expect(visit.page.locator("#answer")).to_have_text("")


def test_a_foreign_error_page_is_not_shown(visit: Visit) -> None:
    visit.page.click("#broken button")
    expect(visit.page.locator("#notices")).to_contain_text("That did not go through.")
    expect(visit.page.locator("body")).not_to_contain_text("Look again")


def test_a_double_press_hands_in_once(visit: Visit) -> None:
    visit.page.dblclick("#draft button")
    visit.page.wait_for_timeout(300)
    assert [path for path, _, _ in visit.posts] == ["/plain"]


def test_digits_choose_a_level_only_inside_the_group(visit: Visit) -> None:
    visit.page.focus("#field-method")
    visit.page.keyboard.press("2")
    assert visit.page.locator("[name=level]:checked").count() == 0
    visit.page.focus("#field-level")
    visit.page.keyboard.press("3")
    assert visit.page.locator("[name=level]:checked").input_value() == "high"
    visit.page.keyboard.press("9")
    assert visit.page.locator("[name=level]:checked").input_value() == "high"


@pytest.mark.parametrize(
    ("box", "stands_on"),
    [("again", "#again button"), ("other", "#other"), ("gone", "#other button")],
    ids=["the same control", "what held it", "the control before"],
)
def test_a_swap_keeps_a_place_to_stand_on_and_the_screen_still(visit: Visit, box: str, stands_on: str) -> None:
    visit.page.set_viewport_size({"width": 600, "height": 200})
    button = visit.page.locator(f"#{box} button")
    button.focus()
    at = visit.page.evaluate("window.scrollY")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(f"#{box} button[hx-post]")).to_have_count(0)
    expect(visit.page.locator(stands_on)).to_be_focused()
    assert (visit.page.evaluate("window.scrollY"), at > 0) == (at, True)
    visit.page.set_viewport_size({"width": 1280, "height": 720})


def test_a_slow_action_says_so_at_once_and_is_not_done_twice(visit: Visit) -> None:
    button = visit.page.locator("#slow button")
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    expect(visit.page.locator("#working[role=status]")).to_have_text("Working…")
    expect(visit.page.locator("#working")).to_be_in_viewport()
    button.click()
    visit.page.wait_for_timeout(300)
    assert [path for path, _, _ in visit.posts] == ["/slow"]


def test_files_on_their_way_are_said_with_their_size(visit: Visit) -> None:
    file = FilePayload(name="course.zip", mimeType="application/zip", buffer=bytes(3 * 1024 * 1024))
    visit.page.set_input_files("#slow [type=file]", file)
    visit.page.locator("#slow button").click()
    expect(visit.page.locator("#working")).to_have_text("Sending 3.0 MB. Leave this page open.")
