"""Two graders and a lead at one submission: taken, saved over, rated twice, settled, posted."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.visits import Visit

WHOLE = "Comment on the whole"
FIRST_SAID = "The target follows from what people on the quay notice."
OTHER_SAID = "I do not see how the target was chosen."
TYPED_ELSEWHERE = "Typed in another window."
SETTLED = "The target follows; name the minute counts it stands on."


@dataclass(slots=True)
class Desk:
    """The submission's screen, and whoever is at it."""

    path: str
    tom: Visit
    mei: Visit
    rosa: Visit

    @property
    def rating(self) -> Page:
        return self.tom.page


def tom_takes_it(tom: Visit, mei: Visit, rosa: Visit) -> Desk:
    """A lead asks that it be rated twice; one grader takes it, and the other is told who has it."""
    tom.go("/grading")
    tom.press("Grade next")
    expect(tom.page.locator("form#rating")).to_be_visible()
    desk = Desk(tom.page.url.removeprefix(tom.base), tom, mei, rosa)
    rosa.go(desk.path)
    rosa.press("Ask for a second rating")
    expect(rosa.page.get_by_role("main")).to_contain_text("A second grader will rate this too")
    mei.go(desk.path)
    expect(mei.page.get_by_role("main")).to_contain_text("Tom Adeyemi has this submission until")
    expect(mei.page.get_by_role("button", name="Claim and grade")).to_have_count(0)
    expect(mei.page.locator("form#rating")).to_have_count(0)
    return desk


def rates(page: Page, *, high: bool, comment: str) -> None:
    """Choose the highest or the lowest level of every criterion, and say why; the page saves it by itself."""
    for group in page.locator("form#rating fieldset:has(input[name^='level-'])").all():
        choices = group.get_by_role("radio")
        (choices.last if high else choices.first).check()
    with page.expect_response(re.compile("/draft$")):
        page.get_by_label(WHOLE).fill(comment)
    expect(page.locator("form#rating")).to_contain_text(re.compile(r"Saved \d"))


def saves_over(desk: Desk) -> Page:
    """The same grader types in a second window, opened before the first saved; returns it, with both texts shown."""
    other = desk.tom.context.new_page()
    other.goto(desk.tom.base + desk.path)
    rates(desk.rating, high=True, comment=FIRST_SAID)
    with desk.tom.refused(409):
        other.get_by_label(WHOLE).fill(TYPED_ELSEWHERE)
        expect(other.locator("#rating-trouble")).to_contain_text("This was not saved")
    trouble = other.locator("#rating-trouble")
    expect(trouble).to_contain_text(FIRST_SAID)
    expect(trouble).to_contain_text(TYPED_ELSEWHERE)
    return other


def keeps_the_saved(other: Page) -> None:
    """Everything that was saved before is chosen, and saved."""
    for choice in other.locator("#rating-trouble input[value='saved']").all():
        choice.check()
    other.locator("#clash-save").click()
    expect(other.locator("#rating-trouble")).not_to_contain_text("This was not saved")
    expect(other.get_by_label(WHOLE)).to_have_value(FIRST_SAID)
    other.close()


def tom_is_done(desk: Desk) -> None:
    """Nothing is decided by the first rating."""
    desk.tom.page.reload()
    desk.tom.press("Decide and post")
    expect(desk.tom.page.locator("#notices")).to_contain_text("A second grader rates this too")


def mei_rates_blind(desk: Desk) -> None:
    """The other grader sees nothing of the first rating, and gives other levels."""
    desk.mei.go(desk.path)
    desk.mei.press("Claim and grade")
    page = desk.mei.page
    expect(page.locator("form#rating")).to_be_visible()
    main = page.get_by_role("main")
    expect(main).not_to_contain_text(FIRST_SAID)
    expect(main).not_to_contain_text("Tom Adeyemi")
    rates(page, high=False, comment=OTHER_SAID)
    desk.mei.press("Done; post it if both agree")
    expect(page.locator("#notices")).to_contain_text("a lead reads both and decides")


def rosa_reads_both(desk: Desk) -> None:
    desk.rosa.go("/grading?part=reconciling")
    page = desk.rosa.page
    with page.expect_navigation():
        page.get_by_role("main").locator(f"a[href*='{desk.path.rsplit('/', 1)[-1]}']").first.click()
    if page.url.endswith(desk.path):
        desk.rosa.press("Settle the two ratings")
    main = page.get_by_role("main")
    for said in (FIRST_SAID, OTHER_SAID):
        expect(main).to_contain_text(said)
    expect(main.locator("input[name^='level-']:checked")).to_have_count(0)


def rosa_settles(desk: Desk) -> None:
    page = desk.rosa.page
    for group in page.locator("fieldset:has(input[name^='level-'])").all():
        group.get_by_role("radio").last.check()
    page.get_by_label(WHOLE).fill(SETTLED)
    desk.rosa.press("Decide and post")
    expect(page.locator("#notices")).to_contain_text("Settled: demonstrated. Posted.")


def rosa_sees_figures(visit: Visit, *, few: bool = True) -> None:
    """The worker has made them within a tick or two; one work alone is too few for more than shares."""
    page = visit.page
    for _ in range(20):
        visit.go("/grading/agreement")
        with page.expect_navigation():
            page.locator("main tbody a").first.click()
        if page.locator(".agreement-chart").count():
            break
        page.wait_for_timeout(500)
    expect(page.locator(".agreement-chart")).to_be_visible()
    if few:
        expect(page.get_by_role("main")).to_contain_text("Not enough: 1 of 10 works were rated by two graders")
