"""The grading screen in Chromium: keys, the comment bank, two tabs, a claim that is lost and one that reading keeps."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import Connection, select

from assessments.grading.claims import take
from assessments.remarks.bank import keep_comment
from fourweek.accounts.models import Person, Role
from fourweek.clock import real_time
from fourweek.database import Database, table
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.grading.factories import LEASE, school
from tests.browser.school import GRADER, LEAD, School, open_school
from tests.browser.visits import Visit, visits

pytestmark = pytest.mark.browser
SAVED = re.compile(r"^Saved \d")
KEPT = "Name the source of each figure."


@pytest.fixture(scope="module")
def desk(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[School, str]]:
    """A school, and the path of a submission on the grader's desk."""
    assert chromium.is_connected()
    with open_school(tmp_path_factory.mktemp("grading")) as made:
        db = Database(Settings(home=made.home).database)
        yield made, f"/grading/{db.write_now(_on_the_desk)}"
        db.close()


def _on_the_desk(conn: Connection) -> str:
    made, people = school(conn), table(Person)
    grader = conn.execute(select(people.c.id).where(people.c.display_name == GRADER.name)).scalar_one()
    visitor = make.visitor(grader, real_time(), (Role.GRADER, ""))
    assert take(conn, visitor, made.submission, LEASE)
    keep_comment(conn, visitor, made.course.course_id, "criterion-0", KEPT)
    return made.submission


@pytest.fixture
def visit(chromium: Browser, desk: tuple[School, str]) -> Iterator[Visit]:
    made, path = desk
    with visits(chromium, made.url, script=True) as open_visit:
        opened = open_visit()
        opened.sign_in(GRADER)
        opened.page.on("dialog", lambda dialog: dialog.accept())
        opened.go(path)
        yield opened


def _comment(page: Page, number: int) -> Locator:
    return page.locator(f"#field-comment-criterion-{number}")


def _level(page: Page, number: int, key: str) -> Locator:
    return page.locator(f"input[name=level-criterion-{number}][value={key}]")


def test_keys_choose_and_move_and_only_type_in_fields(visit: Visit) -> None:
    page = visit.page
    page.keyboard.press("2")
    expect(_level(page, 0, "meets")).to_be_checked()
    page.keyboard.press("j")
    page.keyboard.press("3")
    page.keyboard.press("9")
    expect(_level(page, 1, "exceeds")).to_be_checked()
    page.keyboard.press("c")
    page.keyboard.type("1jk?c")
    expect(_comment(page, 1)).to_have_value("1jk?c")
    expect(_level(page, 1, "exceeds")).to_be_checked()
    page.keyboard.press("Escape")
    expect(_level(page, 1, "exceeds")).to_be_focused()
    page.keyboard.press("k")
    expect(_level(page, 0, "meets")).to_be_focused()
    expect(page.locator("[data-save-state]")).to_have_text(SAVED)
    page.keyboard.press("?")
    page.get_by_label("Use these keys").uncheck()
    page.keyboard.press("j")
    expect(page.locator(".criterion.is-current")).to_have_count(0)
    page.reload()
    page.keyboard.press("1")
    expect(_level(page, 0, "meets")).to_be_checked()
    page.locator("[data-keys] summary").click()
    page.get_by_label("Use these keys").check()


def test_a_comment_of_the_bank_goes_to_the_cursor(visit: Visit) -> None:
    page = visit.page
    _comment(page, 0).fill("Before. After.")
    _comment(page, 0).evaluate("area => area.setSelectionRange(7, 7)")
    bank = page.locator("#bank-comment-criterion-0")
    bank.locator("summary").click()
    bank.get_by_role("button", name="Put it in").click()
    expect(_comment(page, 0)).to_have_value(f"Before. {KEPT} After.")
    expect(_comment(page, 0)).to_be_focused()
    expect(page.locator("[data-save-state]")).to_have_text(SAVED)
    bank.get_by_role("button", name="Keep this comment in the bank").click()
    expect(page.locator("[data-save-state]")).to_have_text(re.compile("^Kept in the comment bank"))
    expect(bank.locator("li")).to_have_count(2)
    expect(bank.locator("li").first).to_be_visible()  # it stays unfolded


def test_two_tabs_are_brought_together_and_a_broken_claim_is_said(visit: Visit, desk: tuple[School, str]) -> None:
    page, other = visit.page, visit.context.new_page()
    other.goto(page.url)
    whole = page.locator("#field-comment")
    other.locator("#field-comment").fill("Typed in the other tab.")
    expect(other.locator("[data-save-state]")).to_have_text(SAVED)
    with visit.refused(409):
        whole.fill("Typed here.")
        _level(page, 1, "meets").check()
        choice = page.locator("fieldset.clash", has_text="Comment on the whole")
        expect(choice).to_contain_text("Typed in the other tab.")
        choice.get_by_label("Saved").check()
        page.get_by_role("button", name="Save what is chosen").click()
        expect(whole).to_have_value("Typed in the other tab.")
    expect(_level(page, 1, "meets")).to_be_checked()
    expect(page.locator("#rating-trouble")).to_be_empty()
    page.clock.install()
    page.reload()
    page.mouse.move(10, 10)
    with page.expect_response(re.compile("/reading$")) as told:
        page.clock.fast_forward(61_000)
    assert told.value.json()["yours"] is True
    with visits(page.context.browser, visit.base, script=True) as open_visit:  # type: ignore[arg-type]
        rosa = open_visit()
        rosa.sign_in(LEAD)
        rosa.go(desk[1])
        rosa.page.get_by_text("Break this claim").click()
        rosa.page.get_by_label("Reason").fill("Tom is ill.")
        rosa.press("Break the claim")
    page.mouse.move(20, 20)
    page.clock.fast_forward(61_000)
    expect(page.locator(".claim")).to_contain_text("Rosa Delgado took this off your desk")
    expect(page.locator(".claim")).to_contain_text("Tom is ill.")
