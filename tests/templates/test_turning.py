"""The patterns page in Chromium, without script: nothing sticks out at any width, and all of it turns."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from fourweek import assets
from fourweek.patterns import example_page
from tests.templates.examples import environment, frame

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HERE = "http://school.test"
FLAGS = ["--no-sandbox", "--disable-gpu"]
LINKS = tuple((name, f"/{name}", name == "Home") for name in ("Home", "Courses", "Notices", "Badges", "Transcript"))
SIDES = "(one) => { const box = one.getBoundingClientRect(); return [box.left, box.right] }"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="NO CHROMIUM: the patterns page was not turned"),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def opened(browser: Browser, width: int, direction: str = "ltr") -> Page:
    page = browser.new_page(viewport={"width": width, "height": 800}, java_script_enabled=False)
    html = environment().get_template("patterns.html").render(frame=replace(frame(), links=LINKS), page=example_page())
    html = re.sub(r"<html[^>]*>", f'<html lang="en" dir="{direction}">', html)

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HERE).split("?")[0]
        if path.startswith("/static/"):
            kind = "text/css" if path.endswith(".css") else "image/svg+xml" if path.endswith(".svg") else "font/woff2"
            route.fulfill(body=assets.content(path.removeprefix("/static/")), content_type=kind)
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route("**/*", answer)
    page.goto(f"{HERE}/patterns")
    return page


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_nothing_sticks_out(chromium: Browser, width: int, direction: str) -> None:
    page = opened(chromium, width, direction)
    wide = page.locator("html").evaluate("(one) => one.scrollWidth - one.clientWidth")
    hidden = page.locator(".table-cards").evaluate_all(
        "(all) => all.filter((one) => one.parentElement.scrollWidth > one.parentElement.clientWidth + 1).length"
    )
    assert (wide, hidden) == (0, 0)
    page.close()


def test_on_a_phone_the_way_elsewhere_waits_behind_one_word(chromium: Browser) -> None:
    page = opened(chromium, 360)
    way, menu = page.get_by_role("navigation", name="Main"), page.locator(".menu summary")
    expect(way).to_be_hidden()
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    menu.focus()
    page.keyboard.press("Enter")
    expect(way).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.close()


def test_where_there_is_room_there_is_no_menu(chromium: Browser) -> None:
    page = opened(chromium, 1440)
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    expect(page.locator(".menu summary")).to_be_hidden()
    page.close()


def test_a_card_says_the_name_of_each_column(chromium: Browser) -> None:
    page = opened(chromium, 360)
    cell = page.locator(".table-cards td.number").first
    said = cell.evaluate("(one) => [getComputedStyle(one, '::before').content, getComputedStyle(one).textAlign]")
    assert said == ['"Minutes"', "start"]
    page.close()


def test_what_stood_at_the_left_stands_at_the_right(chromium: Browser) -> None:
    ltr, rtl = (opened(chromium, 1440, direction) for direction in ("ltr", "rtl"))
    for part in (".house", "h1 bdi", ".crumbs ol > li:first-child", ".entry-number", ".steps li:first-child .icon"):
        left, right = (page.locator(part).first.evaluate(SIDES) for page in (ltr, rtl))
        assert abs(left[0] - (1440 - right[1])) < 16, part  # a scroll bar may stand at either side
    assert rtl.locator(".crumbs .icon").first.evaluate("(one) => getComputedStyle(one).transform") != "none"
    code = rtl.locator("code").first.evaluate("(one) => getComputedStyle(one).direction")
    mail = rtl.locator("#field-email").evaluate(
        "(one) => [getComputedStyle(one).direction, getComputedStyle(one).textAlign]"
    )
    assert (code, mail) == ("ltr", ["ltr", "end"])
    ltr.close()
    rtl.close()
