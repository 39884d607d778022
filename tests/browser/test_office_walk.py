"""Roles, looking on, the audit log and one's own data, as people come to them: each story by itself, in one school."""

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import trust
from tests.browser.letters import letter
from tests.browser.school import LEAD, LEARNER, School, Someone
from tests.browser.trusting import OPERATOR, REGISTRAR, plan, someone, trusting_school
from tests.browser.visits import Visit, visits
from tests.servers import fourweek_environment, run_fourweek

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WHY = "She wrote that her first week does not open."


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with trusting_school(tmp_path_factory.mktemp("trust")) as made:
        yield made


@pytest.fixture(scope="module")
def staff(school: School, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> str:
    return plan(chromium, school, tmp_path_factory.mktemp("package"))


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
        letter(school, kai.address, f"You have a role: {role}")
        letter(school, kai.address, f"A role of yours ended: {role}")


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
            rosa.page.get_by_role("link", name=f"See it as they do: {LEARNER.name}").click()
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
    vera = school.add(someone("Vera"))
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
    timo = school.add(someone("Timo"))
    with visits(chromium, school.url, script=True) as open_visit:
        here, henry = open_visit(), open_visit()
        here.sign_in(timo)
        here.go("/account/privacy")
        here.press("What erasing means")
        here.page.get_by_role("checkbox", name="I have read what goes and what stays").check()
        here.press("Ask to be erased")
        here.press("Take the request back")
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
