"""Accounts and sign-ins, as people come to them: each story by itself, in one school."""

import re
from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from fourweek.accounts.models import Role
from tests.browser import trust
from tests.browser.letters import letter, path_in
from tests.browser.school import PASSWORD, School, Someone
from tests.browser.trust import NEW
from tests.browser.trusting import both, someone, trusting_school
from tests.browser.visits import Visit, visits

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with trusting_school(tmp_path_factory.mktemp("trust")) as made:
        yield made


@both
def test_sign_up_by_letter_and_with_a_known_address(chromium: Browser, school: School, *, script: bool) -> None:
    lena = someone("Lena", script=script)
    with visits(chromium, school.url, script=script) as open_visit:
        here, there = open_visit(), open_visit()
        trust.asks_for_account(here, lena)
        path = path_in(school, letter(school, lena.address, "Make your account"))
        there.go(path)
        expect(there.page.get_by_label("Mail address")).to_have_value(lena.address)
        trust.types_new_password(there, PASSWORD, "Make the account and sign in")
        expect(there.page.locator("#notices")).to_contain_text("Your account is made")
        trust.opens_dead_link(here, path, "Sign in")
        trust.asks_for_account(here, lena)
        assert "belongs to one already" in letter(school, lena.address, "You have an account already")


@both
def test_forgotten_password_by_letter(chromium: Browser, school: School, *, script: bool) -> None:
    omar = school.add(someone("Omar", script=script))
    with visits(chromium, school.url, script=script) as open_visit:
        other, here, late = open_visit(), open_visit(), open_visit()
        other.sign_in(omar)
        path = trust.forgets_password(here, school, omar)
        here.go(path)
        trust.types_new_password(here, NEW, "Set the password and sign in")
        trust.is_in(here)
        trust.is_out(other)
        trust.opens_dead_link(late, path, "Ask for another letter")
        expect(late.page.get_by_role("heading", level=1)).to_have_text("Forgotten password")
        letter(school, omar.address, "Your password was changed")


@both
def test_second_factor_that_a_role_asks_for(chromium: Browser, school: School, *, script: bool) -> None:
    nuno = school.add(someone("Nuno", script=script), Role.INSTRUCTOR)
    with visits(chromium, school.url, script=script) as open_visit:
        here, there = open_visit(), open_visit()
        here.sign_in(nuno)
        expect(here.page.get_by_role("main")).to_contain_text("Nothing else opens before it is set up.")
        here.go("/home")
        phone, codes = trust.sets_up_factor(here)
        trust.is_in(here)
        there.sign_in(nuno)
        trust.types_code(there, codes[0])
        trust.is_in(there)
        there.press("Sign out")
        there.sign_in(nuno)
        with there.refused():
            trust.types_code(there, codes[0])
        expect(there.page.get_by_role("main")).to_contain_text("This does not fit, or was used already.")
        trust.types_code(there, phone.code())
        trust.is_in(there)
        there.go("/account/second-factor")
        expect(there.page.get_by_role("main")).to_contain_text("9 of 10")
        there.press("Turn it off")
        expect(there.page.get_by_role("main")).to_contain_text("Nothing else opens before it is set up.")
        for subject in ("Your second factor is on", "A recovery code of yours was used", "Your second factor is off"):
            letter(school, nuno.address, subject)


@both
def test_one_sees_and_ends_where_one_is_signed_in(chromium: Browser, school: School, *, script: bool) -> None:
    pia = school.add(someone("Pia", script=script))
    with visits(chromium, school.url, script=script) as open_visit:
        here, *others = (open_visit() for _ in range(4))
        for visit in (here, *others):
            visit.sign_in(pia)
        here.go("/account/security")
        expect(here.page.get_by_text("This browser")).to_have_count(1)
        with here.page.expect_navigation():
            here.page.get_by_role("button", name=re.compile("^Sign out .+ on ")).first.click()
        expect(here.page.locator("#notices")).to_contain_text("That browser is signed out.")
        assert sorted(_is_in(visit) for visit in others) == [False, True, True]
        here.go("/account/security")
        here.press("Sign out everywhere else")
        for visit in others:
            trust.is_out(visit)
        trust.is_in(here)


def _is_in(visit: Visit) -> bool:
    visit.go("/account")
    return visit.page.url == f"{visit.base}/account"


@both
def test_token_reads_until_it_is_revoked(chromium: Browser, school: School, *, script: bool) -> None:
    ines = school.add(someone("Ines", script=script))
    with visits(chromium, school.url, script=script) as open_visit:
        here = open_visit()
        here.sign_in(ines)
        here.go("/account/tokens")
        here.page.get_by_label("Name of the program").fill("My calendar")
        with here.refused():
            here.press("Make the token")
        expect(here.page.get_by_label("Name of the program")).to_have_value("My calendar")
        here.page.get_by_role("checkbox", name="My courses and their dates").check()
        here.press("Make the token")
        token = here.page.locator("code.digest").inner_text()
        assert [_asked(school, path, token) for path in ("courses", "badges")] == [200, 403]
        assert [_asked(school, "courses", other) for other in ("", token[:-1])] == [401, 401]
        here.press("I have kept it")
        expect(here.page.get_by_role("main")).not_to_contain_text(token)
        with here.page.expect_navigation():
            here.page.get_by_role("button", name="Revoke My calendar").click()
        assert _asked(school, "courses", token) == 401
        letter(school, ines.address, "An API token was made: My calendar")


def _asked(school: School, path: str, token: str) -> int:
    """The status that a program gets for what is one's own."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return httpx2.get(f"{school.url}/api/v1/me/{path}", headers=headers).status_code


def test_wrong_passwords_end_in_waiting_and_a_letter_lets_in(chromium: Browser, school: School) -> None:
    wren = school.add(someone("Wren"))
    with visits(chromium, school.url, script=True) as open_visit:
        known, here = open_visit(), open_visit()
        known.sign_in(wren)
        known.press("Sign out")
        for number in range(10):
            with here.refused(422 if number < 5 else 429):
                here.sign_in(Someone(wren.name, wren.address, password=f"wrong password {number}"))
        expect(here.page.get_by_role("alert")).to_contain_text("Wait")
        expect(here.page.get_by_label("Mail address")).to_have_value(wren.address)
        known.sign_in(wren)  # a browser that they used before is not slowed
        trust.is_in(known)
        here.press("A link in a letter")
        path = trust.forgets_password(here, school, wren)
        here.go(path)
        trust.types_new_password(here, NEW, "Set the password and sign in")
        trust.is_in(here)


@both
def test_what_was_typed_outlasts_the_sign_in(chromium: Browser, school: School, *, script: bool) -> None:
    yara = school.add(someone("Yara", script=script))
    with visits(chromium, school.url, script=script) as open_visit:
        here = open_visit()
        here.sign_in(yara)
        here.go("/account/tokens")
        here.page.get_by_label("Name of the program").fill("Typed before the end")
        here.page.get_by_role("checkbox", name="My badges").check()
        school.end_sign_ins(yara)
        with here.refused(401):
            here.press("Make the token")
        with here.context.expect_page() as opened:
            here.page.get_by_role("link", name="Sign in in a new tab").click()
        here.sign_in_here(opened.value, yara)
        expect(opened.value.get_by_role("heading", level=1)).to_have_text("You are signed in")
        opened.value.close()
        with here.refused():
            here.press("Send again")
        expect(here.page.get_by_label("Name", exact=True)).to_have_value("Typed before the end")
        here.press("Send again")
        expect(here.page.get_by_role("heading", level=1)).to_have_text("The token is made")


@both
def test_another_address_with_both_letters_and_the_way_back(chromium: Browser, school: School, *, script: bool) -> None:
    ada = school.add(someone("Ada", script=script))
    other = f"other-{ada.address}"
    with visits(chromium, school.url, script=script) as open_visit:
        here = open_visit()
        here.sign_in(ada)
        here.go("/account/addresses")
        here.page.get_by_label("Mail address").fill(other)
        here.press("Send the letter")
        here.go(path_in(school, letter(school, other, "Is this mail address yours?")))
        here.press("Add it")
        assert other in letter(school, ada.address, "An address was added to your account")
        _makes_main(here, other)
        letter(school, ada.address, "Letters go elsewhere from now on")
        letter(school, other, "Letters come here from now on")
        _makes_main(here, ada.address)
        with here.refused(409), here.page.expect_navigation():
            here.page.get_by_role("button", name=f"Take {other} away").click()
        expect(here.page.get_by_role("heading", level=1)).to_have_text("Not yet")
        here.press("Your mail addresses")
        here.press("Sign out")
        here.sign_in(Someone(ada.name, other))
        trust.is_in(here)


def _makes_main(visit: Visit, address: str) -> None:
    with visit.page.expect_navigation():
        visit.page.get_by_role("button", name=f"Make {address} the main address").click()


def test_all_of_it_by_the_keyboard(chromium: Browser, school: School) -> None:
    """An account, its second factor, out, and in again with a code: no hand on the mouse."""
    keya = someone("Keya")
    with visits(chromium, school.url, script=True) as open_visit:
        here = open_visit()
        page = here.page
        here.go("/sign-in")
        trust.presses_at(page, page.get_by_role("link", name="Make an account"))
        trust.types_at(page, "Name", keya.name)
        trust.types_at(page, "Mail address", keya.address)
        trust.presses_at(page, page.get_by_role("button", name="Send the letter"))
        here.go(path_in(school, letter(school, keya.address, "Make your account")))
        trust.types_at(page, "New password", PASSWORD)
        trust.types_at(page, "The same once more", PASSWORD)
        trust.presses_at(page, page.get_by_role("button", name="Make the account and sign in"))
        trust.presses_at(page, page.get_by_role("link", name=keya.name))
        trust.presses_at(page, page.get_by_role("link", name="Second factor"))
        trust.presses_at(page, page.get_by_role("button", name="Set it up"))
        phone = trust.Phone(page.locator("dt", has_text="Secret").locator("+ dd").inner_text())
        trust.types_at(page, "The code that the app shows", phone.code())
        trust.presses_at(page, page.get_by_role("button", name="Turn it on"))
        trust.presses_at(page, page.get_by_role("link", name="I have kept them"))
        trust.presses_at(page, page.get_by_role("button", name="Sign out"))
        here.go("/sign-in")
        trust.types_at(page, "Mail address", keya.address)
        trust.types_at(page, "Password", PASSWORD)
        trust.presses_at(page, page.get_by_role("button", name="Sign in", exact=True))
        page.keyboard.type(phone.code())  # the field has the focus already
        with page.expect_navigation():
            page.keyboard.press("Enter")
        trust.is_in(here)
