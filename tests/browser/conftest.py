"""The walk's Chromium and school."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.chromium import FLAGS, find
from tests.browser.rounds import schools as rounds
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


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[rounds.School]:
    """The demonstration school of this run, served at an address of its own."""
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    shared = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    with rounds.demonstration_of_this_run(shared, tmp_path_factory.mktemp("demonstration")) as made:
        yield made


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    with open_school(tmp_path) as made:
        yield made
