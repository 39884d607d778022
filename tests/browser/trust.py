"""What people do about their accounts: make one, set passwords, codes, addresses and tokens, sign others out."""

import re
import time

from passlib.totp import TOTP
from playwright.sync_api import Locator, Page, expect

from tests.browser.letters import letter, path_in
from tests.browser.school import School, Someone
from tests.browser.visits import Visit

STEP = 30
"""Seconds that a code of the app lasts; each counts once."""
NEW = "ninth wave over tin roofs"
GONE = "This link no longer works"


class Phone:
    """An app that knows a secret as it is typed, and shows a code of each step once."""

    def __init__(self, secret: str) -> None:
        self._totp = TOTP(key=secret, format="base32")
        self._shown = 0

    def code(self) -> str:
        while int(time.time()) // STEP <= self._shown:
            time.sleep(0.2)
        self._shown = int(time.time()) // STEP
        return str(self._totp.generate(time=self._shown * STEP).token)


def asks_for_account(visit: Visit, someone: Someone) -> None:
    page = visit.page
    visit.go("/sign-in")
    with page.expect_navigation():
        page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Name").fill(someone.name)
    page.get_by_label("Mail address").fill(someone.address)
    page.get_by_label("Time zone").fill(someone.zone)
    visit.press("Send the letter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your mail")


def types_new_password(visit: Visit, password: str, button: str) -> None:
    visit.page.get_by_label("New password").fill(password)
    visit.page.get_by_label("The same once more").fill(password)
    visit.press(button)


def opens_dead_link(visit: Visit, path: str, way_on: str) -> None:
    """The page says that the link is over, and leads to what one does instead."""
    with visit.refused(410):
        visit.go(path)
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(GONE)
    visit.press(way_on)


def forgets_password(visit: Visit, school: School, someone: Someone) -> str:
    """Ask for the letter; returns the path of its link."""
    visit.go("/sign-in")
    visit.press("Forgotten password")
    visit.page.get_by_label("Mail address").fill(someone.address)
    visit.press("Send the link")
    expect(visit.page.get_by_role("main")).to_contain_text("a letter with a link is on its way there")
    return path_in(school, letter(school, someone.address, "A new password"))


def sets_up_factor(visit: Visit) -> tuple[Phone, list[str]]:
    """From the page of one's second factor; returns the app and the recovery codes."""
    page = visit.page
    visit.press("Set it up")
    expect(page.get_by_role("main").locator("svg").first).to_be_visible()
    phone = Phone(page.locator("dt", has_text="Secret").locator("+ dd").inner_text())
    page.get_by_label("The code that the app shows").fill("000000")
    with visit.refused():
        visit.press("Turn it on")
    expect(page.get_by_role("main")).to_contain_text("This is not the code that the app shows now.")
    page.get_by_label("The code that the app shows").fill(phone.code())
    visit.press("Turn it on")
    expect(page.get_by_role("main")).to_contain_text("Your second factor is on.")
    codes = page.locator("ol code").all_inner_texts()
    assert len(set(codes)) == 10
    visit.press("I have kept them")
    return phone, codes


def types_code(visit: Visit, code: str) -> None:
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("One more step")
    visit.page.get_by_label("Code", exact=True).fill(code)
    visit.press("Sign in")


def is_out(visit: Visit) -> None:
    visit.go("/account")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Sign in")


def is_in(visit: Visit) -> None:
    visit.go("/account")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Your account")


def gives_role(visit: Visit, someone: Someone, role: str, kind: str, which: str) -> None:
    page = visit.page
    opens_person(visit, someone)
    visit.press("Give a role")
    page.get_by_role("radio", name=re.compile(f"^{role}")).check()
    page.get_by_role("radio", name=re.compile(f"^{kind}")).check()
    page.get_by_label("Which course, cohort or section").fill(which)
    page.get_by_role("textbox", name="Reason").fill("Stands in for a colleague.")
    visit.press("Give the role")
    expect(page.locator("#roles")).to_contain_text(re.compile(role, re.IGNORECASE))


def ends_role(visit: Visit, someone: Someone) -> None:
    page = visit.page
    opens_person(visit, someone)
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("^End it: the role")).click()
    page.get_by_label("Reason").fill("The colleague is back.")
    with page.expect_navigation():
        page.locator("main form").get_by_role("button").click()
    expect(page.locator("#roles")).to_contain_text("No role.")


def opens_person(visit: Visit, someone: Someone) -> None:
    visit.go("/people")
    visit.page.get_by_label("Name, mail address or learner number").fill(someone.address)
    visit.press("Find")
    visit.press(someone.name)


def tabs_to(page: Page, target: Locator) -> None:
    """By the Tab key alone, and one sees where one is."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            shown = target.evaluate(
                "element => getComputedStyle(element).outlineStyle + getComputedStyle(element).boxShadow"
            )
            assert shown != "nonenone"
            return
    raise AssertionError("the Tab key does not lead there")


def types_at(page: Page, label: str, words: str) -> None:
    field = page.get_by_label(label, exact=True)
    tabs_to(page, field)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(words)


def presses_at(page: Page, target: Locator) -> None:
    tabs_to(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")
