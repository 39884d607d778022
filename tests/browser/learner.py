"""What the learner does: enrol, read, write, hand in, read what was said, hand in again."""

import re
import tomllib

from playwright.sync_api import Locator, Page, expect

from tests.browser.school import PACKAGE
from tests.browser.visits import Visit

SENTENCE = "The crossing is booked by people on the quay, so a good event is a booking that is answered in time. "
WORKSHEET = b"minute,requests,good\n" + b"".join(b"%d,120,119\n" % minute for minute in range(60))


def enrol(visit: Visit, course: str) -> str:
    """Take a place in the cohort on a course's page; returns the path of the cohort's page."""
    visit.go(course)
    visit.press("Enrol")
    expect(visit.page.locator("#dates")).to_contain_text("The dates you would have")
    visit.press("Enrol")
    expect(visit.page.locator("#notices")).to_contain_text("You are enrolled")
    return visit.page.url.removeprefix(visit.base)


def sees_locked(visit: Visit, cohort: str, week: int) -> None:
    """A module that is not open yet says when it opens, and nothing of its lessons."""
    visit.go(f"{cohort}/modules/{week}")
    expect(visit.page.get_by_role("main")).to_contain_text(re.compile("opens", re.IGNORECASE))
    expect(visit.page.locator("a[href*='/lessons/']")).to_have_count(0)


def reads_first_lesson(visit: Visit, cohort: str, week: int) -> None:
    visit.go(f"{cohort}/modules/{week}")
    visit.page.locator("#lessons a[href*='/lessons/']").first.click()
    expect(visit.page.locator(".prose")).to_be_visible()
    visit.page.get_by_role("button", name="Mark as read").click()
    expect(visit.page.locator("#mark")).to_contain_text("Read")
    expect(visit.page.get_by_role("button", name="Mark as not read")).to_be_visible()


def opens_assignment(visit: Visit, cohort: str, week: int) -> None:
    visit.go(f"{cohort}/modules/{week}")
    with visit.page.expect_navigation():  # the script is there before anything is typed
        visit.page.locator("#evidence a").first.click()
    expect(visit.page.locator("form#evidence")).to_be_visible()


def drafts(visit: Visit, *, script: bool) -> None:
    """Write every text, choose a file for every slot, see it saved, and find it again after opening the page anew."""
    page = visit.page
    for area in _texts(page):
        if script:
            _types_and_sees_it_saved(page, area)
        else:
            area.fill(words_for(page, area))
    for chooser in page.locator("form#evidence input[type=file]").all():
        with_file = {"name": "worksheet.csv", "mimeType": "text/csv", "buffer": WORKSHEET}
        chooser.set_input_files(with_file)  # type: ignore[arg-type]
        if script:
            expect(page.locator("form#evidence").get_by_role("link", name="worksheet.csv", exact=True)).to_be_visible()
    if not script:
        visit.press("Save the draft")
    page.reload()
    expect(page.locator("form#evidence").get_by_role("link", name="worksheet.csv", exact=True)).not_to_have_count(0)
    for area in _texts(page):
        expect(area).to_have_value(re.compile(".{200}", re.DOTALL))


def types_first(visit: Visit) -> None:
    """Write less than is asked for into the first text alone, and see it saved."""
    area = _texts(visit.page)[0]
    slot = (area.get_attribute("name") or "").removeprefix("text-")
    area.fill(SENTENCE * 3)
    expect(visit.page.locator(f"#state-{slot}")).to_contain_text(re.compile(r"Saved \d"))


def passes_check(visit: Visit) -> None:
    """Answer the knowledge check of the open assignment, where it has one, as its author has it right."""
    page = visit.page
    link = page.locator("form#evidence a[href*='/checks/']")
    if not link.count():
        return
    with page.expect_navigation():
        link.first.click()
    visit.press("Begin the check")
    numbers, right = _right_answers()
    for field in page.locator("form .field:has(input[inputmode=decimal])").all():
        said = field.locator("label").inner_text()
        field.locator("input").fill(next(number for prompt, number in numbers.items() if prompt in said))
    for option in page.locator("form label.choice").all():
        if option.inner_text().strip() in right:
            option.locator("input").check()
    visit.press("Check my answers")
    expect(page.get_by_role("main")).to_contain_text("5 of 5 right")
    visit.press("Back to your evidence")
    expect(page.locator("form#evidence")).to_contain_text(re.compile("passed", re.IGNORECASE))


def _right_answers() -> tuple[dict[str, str], set[str]]:
    """Numbers by their question, and the words of every option that is right, in the demonstration's course."""
    manifest = tomllib.loads((PACKAGE / "course.toml").read_text("utf-8"))
    tasks = [task for module in manifest["module"] for task in module.get("assignment", ())]
    slots = [slot for task in tasks for slot in task["requirement"]]
    asked = [question for slot in slots for question in slot.get("question", ())]
    numbers = {one["prompt"]: one["number"] for one in asked if one["kind"] == "number"}
    return numbers, {option["text"] for one in asked for option in one.get("options", ()) if option.get("right")}


def hands_in(visit: Visit, attempt: int) -> str:
    """Agree to the statement and hand in; returns the receipt's number."""
    visit.page.get_by_role("checkbox", name=re.compile("my own work")).check()
    visit.press("Hand in" if attempt == 1 else f"Hand in attempt {attempt}")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Received")
    main = visit.page.get_by_role("main")
    expect(main).to_contain_text("worksheet.csv")
    expect(visit.page.locator("dd", has_text=re.compile(rf"^\s*{attempt}\s*$"))).to_have_count(1)
    found = re.search(r"R-[0-9A-Z-]+", main.inner_text())
    assert found
    return found.group()


def reads_feedback(visit: Visit, cohort: str, week: int, outcome: str, comment: str) -> None:
    visit.go(f"{cohort}/modules/{week}")
    with visit.page.expect_navigation():
        visit.page.locator("#evidence a").first.click()
    expect(visit.page.locator("#attempts")).to_contain_text(outcome)
    expect(visit.page.locator("#attempts")).to_contain_text(comment)


def begins_next_attempt(visit: Visit) -> None:
    visit.press("Begin the next attempt")
    expect(visit.page.locator("form#evidence")).to_contain_text("worksheet.csv")


def _texts(page: Page) -> list[Locator]:
    return page.locator("form#evidence textarea[name^='text-']").all()


def words_for(page: Page, area: Locator) -> str:
    """As many words as the page asks for, and a few more."""
    count = page.locator(f"#{area.get_attribute('id')}-count").inner_text()
    asked = re.search(r"(\d+) to|at least (\d+)", count)
    least = int(next(group for group in asked.groups() if group)) if asked else 40
    return " ".join((SENTENCE * (least // 10 + 2)).split()[: least + 10])


def _types_and_sees_it_saved(page: Page, area: Locator) -> None:
    slot = (area.get_attribute("name") or "").removeprefix("text-")
    with page.expect_response(lambda response: response.url.endswith(f"/draft/{slot}")):
        area.fill(words_for(page, area))
    expect(page.locator(f"#state-{slot}")).to_contain_text(re.compile(r"Saved \d"))
