"""The walk's Chromium and school."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.chromium import FLAGS, find
from tests.browser.school import School, open_school
from tests.browser.visits import PATIENCE_MS


@pytest.fixture(scope="module")  # Playwright keeps a loop in the thread: close it before other tests run
def chromium() -> Iterator[Browser]:
    where = find()
    if where is None:
        pytest.skip("no Chromium was found, so nobody walked through the pages")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    with open_school(tmp_path) as made:
        yield made
