"""What the lead does while a cohort runs: people, extensions, dates, rules, live sessions, news, questions."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, expect

from tests.browser.lead import ZONE
from tests.browser.school import Someone
from tests.browser.visits import Visit

NEWCOMERS = (Someone("Ines Duarte", "ines@quay.example"), Someone("Karim Haddad", "karim@quay.example"))


def imports_roster(visit: Visit, staff: str) -> None:
    """A table with a mistake is taken by nobody; the mended one brings everybody in."""
    page = visit.page
    visit.go(f"{staff}/roster/import")
    good = "\n".join(["name,email", *(f"{one.name},{one.address}" for one in NEWCOMERS)])
    page.get_by_label("The table").fill(good + "\nNobody At All,no-address")
    with visit.refused():
        visit.press("Check the table")
        expect(page.locator("#plan")).to_contain_text("Cannot be taken")
    expect(page.get_by_role("button", name="Enrol 2 people")).to_have_count(0)
    page.get_by_label("The table").fill(good)
    visit.press("Check the table")
    expect(page.locator("#plan")).not_to_contain_text("Cannot be taken")
    visit.press("Enrol 2 people")
    for one in NEWCOMERS:
        expect(page.get_by_role("rowheader", name=one.name)).to_be_visible()


def extends_for(visit: Visit, staff: str, people: tuple[Someone, ...], *, days: int) -> None:
    page = visit.page
    visit.go(f"{staff}/extensions/new")
    for one in people:
        page.get_by_role("checkbox", name=one.name).check()
    page.get_by_role("radio", name="A pause").check()
    expect(page.get_by_label("First day", exact=True)).to_be_visible()
    expect(page.get_by_label("Days", exact=True)).to_be_hidden()  # only the fields of the kind that is chosen
    page.get_by_role("radio", name="So many days more").check()
    page.get_by_label("Days", exact=True).fill(str(days))
    page.get_by_label("Reason").fill("On call that week.")
    visit.press("Show what moves")
    expect(page.get_by_text(f"Dates move for {len(people)} of {len(people)}.")).to_be_visible()
    visit.press("Grant it to them")
    for one in people:
        expect(page.locator(".entry", has_text=one.name)).to_contain_text("In force")


def sees_reasons(visit: Visit, staff: str, extended: tuple[Someone, ...], others: tuple[Someone, ...]) -> None:
    """In the table of everybody's dates, whose differ says why; the filter leaves the others out."""
    page = visit.page
    visit.go(f"{staff}/dates")
    for one in extended:
        expect(_row(visit, one)).to_contain_text("Differs: Moved by a personal extension.")
    for one in others:
        expect(_row(visit, one)).not_to_contain_text("Differs")
    page.get_by_role("checkbox", name="Only where dates differ").check()
    visit.press("Show")
    expect(page.get_by_text(re.compile(rf"^{len(extended)} learners?$"))).to_be_visible()
    for one in others:
        expect(_row(visit, one)).to_have_count(0)


def changes_due_days(visit: Visit, staff: str, days: int, *, concerns: Someone) -> None:
    """What moves is shown for the cohort and for whom it differs, and kept only then."""
    page = visit.page
    visit.go(f"{staff}/rules")
    due = page.get_by_label("Work is due so many days after")
    before = due.input_value()
    due.fill(str(days))
    visit.press("Show what moves")
    panel = page.locator(".panel", has=page.get_by_role("heading", name="What moves", exact=True))
    expect(panel.get_by_text(re.compile(r"^was ")).first).to_be_visible()
    expect(panel).to_contain_text(concerns.name)
    assert before != due.input_value() == str(days)
    visit.press("Keep these rules")
    expect(page.locator("#notices")).to_contain_text("The rules are kept.")


def plans_session(visit: Visit, staff: str, title: str, *, weeks_on: int) -> str:
    """One that begins in ten minutes, so that a code can be made now; returns the path of its attendance."""
    page = visit.page
    begins = (datetime.now(UTC) + timedelta(weeks=weeks_on, minutes=10)).astimezone(ZoneInfo(ZONE))
    visit.go(f"{staff}/sessions/new")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Date, or the first day of a series").fill(begins.date().isoformat())
    page.get_by_label("Begins at").fill(f"{begins:%H:%M}")
    page.get_by_label("Length in minutes").fill("60")
    page.get_by_label("Attendance is asked for").check()
    page.get_by_label("Link to join").fill("https://meet.harbour.example/clinic")
    visit.press("Show the dates")
    visit.press("Plan this")
    line = page.locator(".entry", has_text=title)
    with page.expect_navigation():
        line.get_by_role("link", name="Attendance").click()
    return visit.page.url.removeprefix(visit.base)


def makes_code(visit: Visit, attendance: str) -> str:
    visit.go(attendance)
    visit.press("Make a code")
    code = visit.page.locator(".session-code").inner_text()
    assert re.fullmatch(r"\w{3} \w{3}", code)
    return code


def sees_present(visit: Visit, attendance: str, someone: Someone) -> None:
    visit.go(attendance)
    row = visit.page.locator(".roll", has_text=someone.name)
    expect(row).to_contain_text("Present, by code")
    expect(row.get_by_role("radio", name="Present")).to_be_checked()


def announces(visit: Visit, cohort: str, title: str) -> None:
    page = visit.page
    visit.go(f"{cohort}/announcements/new")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text").fill("The room is **open** half an hour earlier. Bring your draft.")
    visit.press("Preview")
    expect(page.locator(".prose strong")).to_have_text("open")
    visit.press("Post the announcement")
    expect(page.locator("#notices")).to_contain_text("The announcement is posted.")


def answers(visit: Visit, question: str, reply: str) -> None:
    """From the list of what waits, with a reply that counts as the answer."""
    page = visit.page
    visit.go("/staff/questions")
    visit.press(question)
    page.get_by_label("Your reply").fill(reply)
    page.get_by_role("checkbox", name="This answers the question").check()
    visit.press("Post the reply")
    expect(page.locator(".panel", has_text=reply)).to_contain_text("Answer")


def looks_on_as(visit: Visit, staff: str, someone: Someone, lesson: str) -> None:
    """Now, with the module open, and as of a week ago, when it was not; nothing can be written."""
    page = visit.page
    visit.go(f"{staff}/dates")
    with page.expect_navigation():
        page.get_by_role("link", name=f"See it as they do: {someone.name}").click()
    page.get_by_label("Reason").fill("A question about what opens when.")
    visit.press("Look on")
    banner = page.get_by_role("complementary", name="Looking on")
    expect(banner).to_contain_text(f"You look on as {someone.name}")
    now = page.url.removeprefix(visit.base)
    visit.go(f"{now}/modules/1")
    expect(page.get_by_role("link", name=lesson)).to_be_visible()
    expect(page.locator("main form:not([method=get])")).to_have_count(0)
    page.get_by_label("As of").fill(f"{datetime.now(ZoneInfo(ZONE)):%Y-%m-%dT%H:%M}")
    visit.press("Show")
    expect(banner).not_to_contain_text("that is now")
    visit.go(f"{page.url.removeprefix(visit.base)}/modules/1")
    expect(page.get_by_role("main")).to_contain_text("Not open yet")
    expect(page.get_by_role("link", name=lesson)).to_have_count(0)


def _row(visit: Visit, someone: Someone) -> Locator:
    return visit.page.get_by_role("row", name=someone.name)
