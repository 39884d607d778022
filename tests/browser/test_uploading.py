"""Files in pieces: two at once, a pause, a connection that breaks, a page that is left, and a file nobody asked for."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.test_saving import Desk, desk, visit  # noqa: F401 fixtures
from tests.browser.visits import Visit

pytestmark = pytest.mark.browser
MB = 1024 * 1024


def _slow(context: BrowserContext, page: Page, *, offline: bool = False) -> None:
    """A line that takes 2 MB a second, so that there is a middle."""
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    speeds = {"latency": 5, "downloadThroughput": -1, "uploadThroughput": 2 * MB}
    line.send("Network.emulateNetworkConditions", {"offline": offline, **speeds})


def _file(folder: Path, name: str, size: int) -> Path:
    path = folder / name
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(251)) * (size // 251))
    return path


def _row(page: Page, name: str) -> Locator:
    return page.locator("[data-coming] .file-row", has_text=name)


def _kept(page: Page, name: str) -> Locator:
    return page.locator("form#evidence .file-row", has=page.get_by_role("link", name=name, exact=True))


def test_files_in_pieces(desk: Desk, visit: Visit, tmp_path: Path) -> None:  # noqa: F811
    page = desk.opened_by(visit)
    chooser = page.locator("input[type=file]").first
    _slow(visit.context, page)
    large, small = _file(tmp_path, "large.pdf", 12 * MB), _file(tmp_path, "small.pdf", 2 * MB)
    chooser.set_input_files([large, small])
    expect(_row(page, "large.pdf")).to_contain_text(re.compile(r"of 12 MB, .* a second, .* left"))

    page.get_by_role("button", name="Pause large.pdf").click()
    expect(_row(page, "large.pdf")).to_contain_text("Paused.")
    expect(_kept(page, "small.pdf")).to_be_visible()
    expect(_row(page, "large.pdf")).to_contain_text("Paused.")

    page.reload()
    unfinished = page.locator("[data-unfinished]", has_text="large.pdf")
    expect(unfinished).to_contain_text(re.compile(r"\d+ % of 12 MB arrived"))
    page.locator("#hand-in").click()
    expect(page.locator("#hand-in-state")).to_contain_text("a file is not here whole")
    with page.expect_file_chooser() as wrong:
        page.get_by_role("button", name="Go on with large.pdf").click()
    wrong.value.set_files(small)
    expect(unfinished).to_contain_text("This is not the file that was begun: large.pdf")
    with page.expect_file_chooser() as right:
        page.get_by_role("button", name="Go on with large.pdf").click()
    right.value.set_files(large)
    expect(_kept(page, "large.pdf")).to_be_visible()
    expect(page.locator("[data-coming] .file-row")).to_have_count(0)
    expect(unfinished).to_have_count(0)

    odd = _file(tmp_path, "program.exe", 100)
    with visit.refused():
        page.locator("input[type=file]").first.set_input_files(odd)
        expect(_row(page, "program.exe")).to_contain_text("Files of this kind are not asked for here.")
    page.get_by_role("button", name="Remove program.exe").click()
    expect(_row(page, "program.exe")).to_have_count(0)


def test_where_the_client_does_not_come_a_file_goes_whole(desk: Desk, visit: Visit, tmp_path: Path) -> None:  # noqa: F811
    page = desk.opened_by(visit)
    page.route("**/tus-*", lambda route: route.fulfill(status=503))
    with visit.refused(503):
        page.locator("input[type=file]").first.set_input_files(_file(tmp_path, "whole.pdf", 2000))
        expect(_kept(page, "whole.pdf")).to_be_visible()
    expect(page.locator("[data-coming] .file-row")).to_have_count(0)
