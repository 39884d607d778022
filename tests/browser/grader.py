"""What the grader does: take the next submission, rate it, decide, post."""

from playwright.sync_api import expect

from tests.browser.visits import Visit


def takes_next(visit: Visit) -> None:
    visit.go("/grading")
    visit.press("Grade next")
    expect(visit.page.locator("form#rating")).to_be_visible()
    expect(visit.page.get_by_role("main")).to_contain_text("worksheet.csv")


def decides(visit: Visit, *, demonstrated: bool, comment: str) -> None:
    """Choose the highest or the lowest level of every criterion, say why, decide and post."""
    page = visit.page
    for group in page.locator("form#rating fieldset").all():
        choices = group.get_by_role("radio")
        (choices.last if demonstrated else choices.first).check()
    page.get_by_label("Comment on the whole").fill(comment)
    visit.press("Decide and post")
    expected = "Decided: demonstrated" if demonstrated else "Decided: not yet"
    expect(page.locator("#notices")).to_contain_text(expected)


def decides_partly(visit: Visit, *, comment: str) -> None:
    """The lowest level of the first criterion, the highest of every other."""
    page = visit.page
    for place, group in enumerate(page.locator("form#rating fieldset").all()):
        choices = group.get_by_role("radio")
        (choices.last if place else choices.first).check()
    page.get_by_label("Comment on the whole").fill(comment)
    visit.press("Decide and post")
    expect(page.locator("#notices")).to_contain_text("Decided: not yet")
