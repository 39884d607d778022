"""A large file over a line that breaks, handed in, taken back, handed in again; then only what is not met is open."""

import os
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import grader, lead, learner
from tests.browser.broken_line import BrokenLine, broken_line
from tests.browser.school import GRADER, LEAD, LEARNER, open_school, zipped_package
from tests.browser.visits import Visit, visits

pytestmark = pytest.mark.browser
MIB = 1024 * 1024
# Chromium repeats a request by itself whose kept-alive line broke: one piece of 64 MiB may be sent in vain, no more.
LARGE, CUT, SPARE = 200 * MIB, 90 * MIB, 80 * MIB
NAME = "measured.csv"
UPLOAD_MS = 60_000
NOT_YET = "Say how the target follows from what people notice."


@pytest.fixture
def line(tmp_path: Path) -> Iterator[BrokenLine]:
    """The way to a school of its own."""
    with broken_line() as made, open_school(tmp_path, made.url) as school:
        made.port = school.server.port
        yield made


def test_a_large_file_outlives_a_cut_and_is_handed_in_twice(
    chromium: Browser, line: BrokenLine, tmp_path: Path
) -> None:
    digest = _large_file(tmp_path / NAME)
    with visits(chromium, line.url, script=True) as open_visit:
        rosa, tom, zaneta = open_visit(), open_visit(), open_visit()
        rosa.sign_in(LEAD)
        tom.sign_in(GRADER)
        zaneta.sign_in(LEARNER)
        course = lead.publish(rosa, zipped_package(tmp_path))
        lead.plan_cohort(rosa)
        cohort = learner.enrol(zaneta, course)
        zaneta.a_week_passes()
        learner.opens_assignment(zaneta, cohort, 1)
        task = zaneta.page.url.removeprefix(zaneta.base)
        learner.drafts(zaneta, script=True)
        _sends(zaneta, line, tmp_path / NAME)
        expect(zaneta.page.locator("form#evidence code", has_text=digest)).to_have_count(1)

        learner.hands_in(zaneta, attempt=1)
        expect(zaneta.page.get_by_role("main")).to_contain_text(digest)
        _takes_back(zaneta, task)
        learner.hands_in(zaneta, attempt=2)
        expect(zaneta.page.get_by_role("main")).to_contain_text(digest)

        grader.takes_next(tom)
        grader.decides_partly(tom, comment=NOT_YET)
        zaneta.go(task)
        zaneta.press("Begin the next attempt")
        _only_the_unmet_is_open(zaneta)
        learner.hands_in(zaneta, attempt=3)


def _large_file(path: Path) -> str:
    """Lines no two of which are alike from block to block; returns the digest."""
    made, block = sha256(), os.urandom(MIB // 2 - 8).hex().encode()
    with path.open("wb") as out:
        for number in range(LARGE // MIB):
            piece = b"%014d,%s\n" % (number, block)
            made.update(piece)
            out.write(piece)
    assert path.stat().st_size == LARGE
    return made.hexdigest()


def _sends(visit: Visit, line: BrokenLine, file: Path) -> None:
    """The line is cut in the middle, and what had arrived is not sent again."""
    page = visit.page
    before = line.sent
    line.cut_after = before + CUT
    # What Chromium repeats by itself after a break: 423 while the piece that broke is being settled, 409 once it is.
    with visit.refused(423), visit.refused(409):
        page.locator("form#evidence input[type=file]").first.set_input_files(file)
        expect(page.locator(".uploading progress")).to_be_visible()
        expect(page.locator("form#evidence a", has_text=NAME)).to_be_visible(timeout=UPLOAD_MS)
        expect(page.locator(".uploading progress")).to_have_count(0)
    assert line.cuts == 1
    assert LARGE <= line.sent - before < LARGE + SPARE
    visit.troubles[:] = [trouble for trouble in visit.troubles if "net::ERR_" not in trouble]


def _takes_back(visit: Visit, task: str) -> None:
    visit.go(task)
    visit.press("Take attempt 1 back")
    expect(visit.page.locator("form#evidence a", has_text=NAME)).to_be_visible()
    expect(visit.page.locator("#attempts")).to_contain_text(re.compile("taken back", re.IGNORECASE))


def _only_the_unmet_is_open(visit: Visit) -> None:
    """What was judged on the worksheet is met: it stands there without a field. The text is open, with the feedback."""
    form = visit.page.locator("form#evidence")
    expect(form.locator("input[type=file]")).to_have_count(0)
    expect(form.locator("#slot-worksheet")).to_contain_text("Demonstrated in attempt 2")
    expect(form.locator("#slot-objective textarea")).to_be_editable()
    expect(form.locator("#slot-objective")).to_contain_text("attempt 2")
