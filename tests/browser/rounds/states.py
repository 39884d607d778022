"""Pages in states that no address has: a form that was sent empty and came back, and a second factor on its way."""

from typing import Final

from playwright.sync_api import Page, expect

from fourweek.cli.seed.people import TRIED
from tests.browser import trust
from tests.browser.rounds.places import Place
from tests.browser.rounds.schools import GUEST, School
from tests.browser.rounds.sights import Round
from tests.browser.school import Someone
from tests.browser.visits import Visit

EMPTY: Final = {
    GUEST: {"password-forgotten"},
    "amara": {"question-new", "stated-new", "my-password", "tokens", "mail-addresses", "my-name"},
    "tom": {"grading-screen"},
    "rosa": {"cohort-new", "section-new", "session-new", "announcement-new", "roster-import", "extend-several"},
    "marta": {"package-upload", "series-new", "skills-import"},
    "henry": {"webhook-new", "role-new", "new-equivalence", "new-hold", "new-report-layout"},
}
"""Forms that are sent with nothing in them, by who sends them and the page they stand on."""

SEND: Final = """() => {
  const forms = [...document.querySelectorAll("main form[method=post]")];
  const form = forms.sort((one, other) => other.elements.length - one.elements.length)[0];
  form.noValidate = true;
  for (const field of form.elements) {
    if (field.matches("[type=checkbox]")) field.checked = false;
    else if (field.matches("textarea, input:not([type=hidden], [type=file], [type=radio])")) field.value = "";
  }
  form.requestSubmit(form.querySelector("button:not([formaction], [name])") || form.querySelector("button"));
}"""
REFUSED: Final = 422
FACTOR: Final = "/account/second-factor"


def look_at_empty_form(around: Round, page: Page, base: str, place: Place) -> None:
    """Send the largest form of the page with nothing in it; it comes back, and every error stands at its field."""
    page.goto(base + place.path)
    with page.expect_response(lambda response: response.request.method == "POST") as answered:
        page.evaluate(SEND)
    page.wait_for_load_state()
    assert answered.value.status == REFUSED, f"{place.words}: {answered.value.status}"
    expect(page.locator("[aria-invalid=true]").or_(page.get_by_role("alert")).first).to_be_attached()
    around.look_here(page, place, "sent empty")


def look_at_second_factor(around: Round, page: Page, school: School, who: str) -> None:
    """From setting it up to being asked for a code at the next sign-in."""
    person = next(one for one in TRIED if one.key == who)
    visit = Visit(school.base, page)
    visit.go(FACTOR)
    visit.press("Set it up")
    around.look_here(page, Place(school.name, who, "second-factor-set-up", FACTOR), "begun")
    phone = trust.Phone(page.locator("dt", has_text="Secret").locator("+ dd").inner_text())
    page.get_by_label("The code that the app shows").fill(phone.code())
    visit.press("Turn it on")
    around.look_here(page, Place(school.name, who, "second-factor", FACTOR), "with new codes")
    visit.press("Sign out")
    visit.sign_in(Someone(person.name, person.address, password=person.password))
    around.look_here(page, Place(school.name, who, "sign-in-code", "/sign-in/code"), "asked for a code")
