"""Accounts, roles, the audit log and one's own data, as people come to them: each story by itself, in one school."""

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from fourweek.accounts.models import Role
from tests.browser import lead, learner, trust
from tests.browser.letters import letter, path_in
from tests.browser.school import LEAD, LEARNER, PASSWORD, School, Someone, open_school, zipped_package
from tests.browser.trust import NEW
from tests.browser.visits import Visit, visits
from tests.servers import fourweek_environment, run_fourweek

pytestmark = [pytest.mark.browser, pytest.mark.slow]
both = pytest.mark.parametrize("script", [True, False], ids=["with-javascript", "without-javascript"])
OPERATOR = Someone("Miriam Osei", "miriam@harbour.example")
REGISTRAR = Someone("Henry Whitfield", "henry@harbour.example")
WHY = "She wrote that her first week does not open."
SECTION = "Evenings in Europe"


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """Everybody may make an account, and whoever teaches needs a second factor."""
    with open_school(
        tmp_path_factory.mktemp("trust"), sign_up="true", second_factor_for='["instructor"]', idle_hours="12"
    ) as made:
        made.add(OPERATOR, Role.OPERATOR)
        made.add(REGISTRAR, Role.REGISTRAR)
        yield made


@pytest.fixture(scope="module")
def staff(school: School, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A cohort with a section and one learner in it; the path of its page for staff."""
    with visits(chromium, school.url, script=True) as open_visit:
        rosa, zaneta = open_visit(), open_visit()
        rosa.sign_in(LEAD)
        course = lead.publish(rosa, zipped_package(tmp_path_factory.mktemp("package")))
        staff = lead.plan_cohort(rosa)
        rosa.go(f"{staff}/sections/new")
        rosa.page.get_by_label("Name of the section").fill(SECTION)
        rosa.press("Show the dates")
        rosa.press("Keep this section")
        zaneta.sign_in(LEARNER)
        learner.enrol(zaneta, course)
        zaneta.a_week_passes()
    return staff


def _someone(name: str, *, script: bool = True) -> Someone:
    """A person of one story alone."""
    return Someone(f"{name} Quay", f"{name.lower()}-{'js' if script else 'plain'}@quay.example")


@both
def test_sign_up_by_letter_and_with_a_known_address(chromium: Browser, school: School, *, script: bool) -> None:
    lena = _someone("Lena", script=script)
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
    omar = school.add(_someone("Omar", script=script))
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
    nuno = school.add(_someone("Nuno", script=script), Role.INSTRUCTOR)
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
    pia = school.add(_someone("Pia", script=script))
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
    ines = school.add(_someone("Ines", script=script))
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


@pytest.mark.parametrize(
    ("role", "kind", "which", "opens"),
    [
        ("Lead", "The whole institution", "", "/staff/cohorts"),
        ("Lead", "One course", "reliable-services", "/staff/cohorts"),
        ("Grader", "One cohort", "Autumn", "/grading"),
        ("Lead", "One section", "Evenings", "/staff/cohorts"),
        ("Registrar", "The whole institution", "", "/audit"),
    ],
)
def test_roles_hold_from_the_next_click(
    chromium: Browser, school: School, staff: str, role: str, kind: str, which: str, opens: str
) -> None:
    kai = school.add(Someone("Kai Quay", f"kai-{role}-{kind}@quay.example".replace(" ", "-").lower()))
    with visits(chromium, school.url, script=True) as open_visit:
        miriam, here = open_visit(), open_visit()
        miriam.sign_in(OPERATOR)
        here.sign_in(kai)
        _is_closed(here, opens)
        trust.gives_role(miriam, kai, role, kind, which)
        here.go(opens)
        expect(here.page.get_by_role("heading", level=1)).not_to_contain_text("not yours")
        here.go("/home")
        trust.ends_role(miriam, kai)
        _is_closed(here, opens)
        letter(school, kai.address, f"You have a role: {role.lower()}")
        letter(school, kai.address, f"A role of yours ended: {role.lower()}")


def _is_closed(visit: Visit, path: str) -> None:
    visit.expected |= {403, 404}
    answer = visit.page.goto(visit.base + path)
    visit.expected -= {403, 404}
    assert answer is not None
    assert answer.status in {403, 404}


def test_looking_on_says_so_on_every_page_and_in_the_log(chromium: Browser, school: School, staff: str) -> None:
    with visits(chromium, school.url, script=True) as open_visit:
        rosa, zaneta, henry = open_visit(), open_visit(), open_visit()
        rosa.sign_in(LEAD)
        rosa.go(f"{staff}/dates")
        with rosa.page.expect_navigation():
            rosa.page.get_by_role("link", name=f"See it as {LEARNER.name}").click()
        rosa.page.get_by_label("Reason").fill(WHY)
        rosa.press("Look on")
        seen = _every_page(rosa)
        assert len(seen) > 3
        zaneta.sign_in(LEARNER)
        trust.is_in(zaneta)
        zaneta.press("What was done")
        expect(zaneta.page.get_by_role("main")).to_contain_text("Looked at a cohort with a learner's eyes")
        henry.sign_in(REGISTRAR)
        henry.go("/audit?act=view.open")
        expect(henry.page.get_by_role("main")).to_contain_text(WHY)
        expect(henry.page.get_by_role("main")).to_contain_text(LEAD.name)


def _every_page(visit: Visit) -> set[str]:
    """Follow every link that stays with these eyes; each page says that one looks on, and has nothing to send."""
    base = visit.page.url
    waiting, seen = [base, f"{base}/modules/1"], set[str]()
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        visit.page.goto(here)
        expect(visit.page.get_by_role("complementary", name="Looking on")).to_contain_text(WHY)
        expect(visit.page.locator("main form:not([method=get])")).to_have_count(0)
        seen.add(here)
        links: list[str] = visit.page.locator("main a").evaluate_all(
            "links => links.map(link => link.href.split('#')[0])"
        )
        waiting += [link for link in links if link.startswith(base) and "/files/" not in link]
    return seen


def test_audit_log_by_every_filter(chromium: Browser, school: School) -> None:
    vera = school.add(_someone("Vera"))
    with visits(chromium, school.url, script=True) as open_visit:
        henry, here = open_visit(), open_visit()
        for _ in range(3):
            here.sign_in(vera)
            here.press("Sign out")
        henry.sign_in(REGISTRAR)
        henry.go("/audit")
        page = henry.page
        page.get_by_text("Find", exact=True).first.click()
        page.get_by_label("Who did it").fill(vera.address)
        page.get_by_label("What was done").select_option(label="Signed in")
        henry.press("Find")
        lines = page.locator("main h2")
        expect(lines).to_have_text(["Signed in"] * 3)
        henry.go(f"/audit?about={vera.name}&act=sign_in.close")
        expect(page.get_by_role("main")).to_contain_text(vera.name)
        for outside in ("since=2100-01-01", "until=2000-01-01", "by=nobody-at-all"):
            henry.go(f"/audit?{outside}")
            expect(page.get_by_role("main")).to_contain_text("Nothing was done that fits")
        trust.opens_person(henry, vera)
        henry.press("What they did, and what was done with their account")
        expect(lines).to_have_count(7)
        henry.press("Show everything")
    printed = run_fourweek(fourweek_environment(school.home, 1), "audit", "check")
    assert "chain is whole" in printed


def test_audit_log_in_pages(chromium: Browser, school: School) -> None:
    """Every act stands on one page, once: newest first, to the first one."""
    with visits(chromium, school.url, script=True) as open_visit:
        henry = open_visit()
        for _ in range(16):
            henry.sign_in(REGISTRAR)
            henry.press("Sign out")
        henry.sign_in(REGISTRAR)
        henry.go("/audit")
        before = henry.page.locator("main h2").all_inner_texts()
        older = henry.page.get_by_role("link", name="Next", exact=True)
        with henry.page.expect_navigation():
            older.click()
        assert 0 < henry.page.locator("main h2").count() <= len(before)
        henry.press("Previous") if henry.page.get_by_role("link", name="Newest first").count() else henry.go("/audit")
        assert henry.page.locator("main h2").all_inner_texts() == before


def test_copy_of_what_is_kept(chromium: Browser, school: School, staff: str, tmp_path: Path) -> None:
    with visits(chromium, school.url, script=True) as open_visit:
        zaneta = open_visit()
        zaneta.sign_in(LEARNER)
        zaneta.go("/account")
        zaneta.press("Your data")
        with zaneta.page.expect_download() as started:
            zaneta.page.get_by_role("button", name="Download the copy").click()
        copy = tmp_path / started.value.suggested_filename
        started.value.save_as(copy)
    with zipfile.ZipFile(copy) as opened:
        assert opened.testzip() is None
        names = opened.namelist()
        read = {name: opened.read(name).decode() for name in names if name.endswith((".txt", ".json"))}
    assert "A copy of everything about you" in read["README.txt"]
    assert LEARNER.name in read["data/profile.json"]
    assert "Running a Reliable Service" in read["data/notices.json"]
    manifest = json.loads(read["manifest.json"])
    assert {one["path"] for one in manifest["files"]} | {"manifest.json"} == set(names)
    for other in (LEAD, OPERATOR, REGISTRAR):
        assert not [name for name, text in read.items() if other.address in text or other.name in text]


def test_erasure_from_the_wish_to_what_is_left(chromium: Browser, school: School) -> None:
    timo = school.add(_someone("Timo"))
    with visits(chromium, school.url, script=True) as open_visit:
        here, henry = open_visit(), open_visit()
        here.sign_in(timo)
        here.go("/account/privacy")
        here.press("What erasing means")
        here.page.get_by_role("checkbox", name="I have read what goes and what stays").check()
        here.press("Ask to be erased")
        here.press("Take it back")
        here.press("What erasing means")
        here.page.get_by_role("checkbox", name="I have read what goes and what stays").check()
        here.press("Ask to be erased")
        henry.sign_in(REGISTRAR)
        henry.go("/erasures")
        henry.press(timo.name)
        with henry.refused():
            henry.press("Refuse")
        expect(henry.page.get_by_role("main")).to_contain_text("Say why not")
        henry.press("Erase this person")
        trust.is_out(here)
        with here.refused():
            here.sign_in(timo)
        expect(here.page.get_by_role("main")).to_contain_text("Address and password do not fit together.")
        letter(school, timo.address, "is being erased")
        henry.go("/erasures?show=decided")
        expect(henry.page.get_by_role("main")).to_contain_text(re.compile("(Being e|E)rased"))
        henry.press("1 hour on")  # the worker looks for erasures every ten minutes
        for _ in range(60):
            henry.go("/erasures?show=decided")
            if henry.page.get_by_role("link", name="Erased person", exact=True).count():
                break
            henry.page.wait_for_timeout(500)
        henry.press("Erased person")
        expect(henry.page.get_by_role("main")).to_contain_text("What was removed")
        expect(henry.page.get_by_role("main")).not_to_contain_text(timo.name)


def test_wrong_passwords_end_in_waiting_and_a_letter_lets_in(chromium: Browser, school: School) -> None:
    wren = school.add(_someone("Wren"))
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
    yara = school.add(_someone("Yara", script=script))
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
    ada = school.add(_someone("Ada", script=script))
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
    keya = _someone("Keya")
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
