"""What the learner does while a cohort runs: what is next, reading on, finding, asking, being there, being told."""

import re

from playwright.sync_api import expect

from tests.browser.visits import Visit


def sees_what_is_due(visit: Visit, work: str, *zones: str) -> None:
    """Home says it first, in the cohort's zone and in the learner's own."""
    visit.go("/home")
    first = visit.page.locator(".panel", has=visit.page.get_by_role("heading", name="Due next"))
    expect(first).to_contain_text(work)
    for name in zones:
        expect(first).to_contain_text(name)


def stops_in_a_lesson(visit: Visit, cohort: str, heading: str) -> str:
    """Mark the first lesson as read and go on with the second as far as `heading`; returns the second's path."""
    page = visit.page
    visit.go(f"{cohort}/modules/1")
    with page.expect_navigation():
        page.locator("#lessons a[href*='/lessons/']").first.click()
    page.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_role("button", name="Mark as not read")).to_be_visible()
    visit.press("Go on")
    with page.expect_response(lambda response: response.url.endswith("/place")):
        page.get_by_role("heading", name=heading).evaluate("heading => heading.scrollIntoView()")
    return page.url.removeprefix(visit.base)


def marks_first_lesson(visit: Visit, cohort: str) -> str:
    """As above for somebody without JavaScript: the lesson marked last is kept; returns the path of the next one."""
    page = visit.page
    visit.go(f"{cohort}/modules/1")
    page.locator("#lessons a[href*='/lessons/']").first.click()
    visit.press("Mark as read")
    expect(page.get_by_role("button", name="Mark as not read")).to_be_visible()
    return (page.get_by_role("link", name="Go on").get_attribute("href") or "").split("#")[0]


def comes_back_to(visit: Visit, lesson: str, heading: str | None) -> None:
    """Home leads to where one stopped: the lesson, and the heading in it where a script could tell."""
    page = visit.page
    visit.go("/home")
    with page.expect_navigation():
        page.locator("#courses p", has_text="Go on reading").get_by_role("link").click()
    assert page.url.split("#")[0] == visit.base + lesson
    if heading:
        expect(page.get_by_role("heading", name=heading)).to_be_in_viewport()


def searches(visit: Visit, cohort: str, found: str, hidden: str) -> None:
    """A word of an open module is found and leads there; one of a module that opens later is not."""
    page = visit.page
    visit.go(cohort)
    page.get_by_role("searchbox", name="Words").fill(hidden)
    visit.press("Search")
    expect(page.locator(".entry")).to_have_count(0)
    page.get_by_role("searchbox", name="Words").fill(found)
    visit.press("Search")
    expect(page.locator("mark").first).to_have_text(re.compile(found, re.IGNORECASE))
    with page.expect_navigation():
        page.locator(".entry").first.get_by_role("link").click()
    expect(page.locator(".prose")).to_contain_text(re.compile(found, re.IGNORECASE))


def reads_announcement(visit: Visit, cohort: str, title: str) -> None:
    visit.go(cohort)
    visit.press(title)
    expect(visit.page.locator(".prose strong")).to_have_text("open")


def asks(visit: Visit, cohort: str, question: str) -> None:
    visit.go(f"{cohort}/modules/1/questions")
    visit.press("Ask a question")
    visit.page.get_by_label("Title").fill(question)
    visit.page.get_by_label("Text").fill("The crossing at noon is booked by phone; is it an event?")
    visit.press("Post the question")
    expect(visit.page.locator("#notices")).to_contain_text("Your question is posted.")


def reads_answer(visit: Visit, cohort: str, question: str, reply: str) -> None:
    page = visit.page
    visit.go(f"{cohort}/modules/1/questions?show=answered")
    visit.press(question)
    expect(page.locator(".panel", has=page.get_by_role("heading", name="Answer"))).to_contain_text(reply)


def is_there(visit: Visit, cohort: str, session: str, code: str) -> None:
    """From the cohort's page to the session; a wrong code is not taken, the right one is."""
    page = visit.page
    visit.go(cohort)
    visit.press(session)
    expect(page.get_by_role("link", name="Join the session")).to_be_visible()
    with visit.refused():
        page.get_by_label("Code shown in the session").fill("NOTIT1")
        visit.press("I am here")
        expect(page.get_by_label("Code shown in the session")).to_have_value("NOTIT1")
    page.get_by_label("Code shown in the session").fill(code)
    visit.press("I am here")
    expect(page.locator("#notices")).to_contain_text("You are recorded as present.")


def turns_off(visit: Visit, kind: str) -> None:
    """Mail of one kind; it still stands under Notices, and the choice is there when one comes back."""
    page = visit.page
    visit.go("/notices")
    visit.press("Choose what you are told")
    page.get_by_role("group", name=kind).get_by_role("checkbox", name="By mail").uncheck()
    visit.press("Keep these choices")
    expect(page.locator("#notices")).to_contain_text("Your choices are kept.")
    visit.go("/notices/choices")
    expect(page.get_by_role("group", name=kind).get_by_role("checkbox", name="By mail")).not_to_be_checked()
    expect(page.get_by_role("group", name=kind).get_by_role("checkbox", name="Under Notices")).to_be_checked()
