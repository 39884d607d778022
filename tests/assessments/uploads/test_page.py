"""What the assignment's page shows of uploads: its own row to fill in, and what was begun on any device."""

from typing import Any

import pytest

from fourweek.database import Database
from tests.assessments.evidence.school import School, evidence, fields
from tests.assessments.uploads.sending import PDF, Sender
from tests.statements import statements


@pytest.fixture
def alice(browser: Any, school: School) -> Sender:
    return Sender(browser(school.alice), school)


def test_page_loads_the_client_and_asks_for_what_is_unfinished(alice: Sender) -> None:
    page = alice.browser.get(alice.school.at).text
    assert "/static/vendor/tus/tus-4.3.1.min.js" in page
    assert f'data-uploads="{alice.base}"' in page
    assert f'hx-get="{alice.base}"' in page
    assert "upload.js" not in alice.browser.get("/home").text


def test_list_names_what_is_on_its_way_to_this_slot(alice: Sender, school: School) -> None:
    assert alice.browser.get(alice.base).text.strip() == ""
    at = alice.begun("<b>report.pdf", 2000)
    alice.put(at, 0, PDF[:500])
    listed = alice.browser.get(alice.base).text
    assert f'data-unfinished="{at}" data-name="&lt;b&gt;report.pdf" data-size="2000"' in listed
    assert "25 % of 2 KB arrived. It is kept until" in listed
    assert "Go on with &lt;b&gt;report.pdf" in listed
    alice.put(at, 500, PDF[500:2000])
    assert alice.browser.get(alice.base).text.strip() == ""


def test_list_says_why_a_whole_file_is_not_in_the_draft(alice: Sender, db: Database, school: School) -> None:
    at = alice.begun("report.pdf", 200)
    for name in ("one.txt", "two.txt"):
        form = fields(alice.browser, school)
        alice.browser.post(school.at + "/draft", data=form, files=[("files-proof", (name, name.encode(), ""))])
    alice.put(at, 0, PDF[:200])
    listed = alice.browser.get(alice.base).text
    assert "All 200 bytes arrived." in listed
    assert "3 files, at most 2 asked for. Remove one first." in listed
    assert "Add report.pdf now" in listed
    assert len(evidence(db)) == 2


def test_statements_of_the_list_do_not_grow(alice: Sender, db: Database) -> None:
    counts = []
    for name in ("one.pdf", "two.pdf"):
        alice.begun(name, 200)
        with statements(db) as count:
            alice.browser.get(alice.base)
        counts.append(count.number)
    assert counts[0] == counts[1] <= 6


def test_guest_is_brought_to_the_sign_in(school: School, browser: Any) -> None:
    answer = browser().get(f"{school.at}/uploads/proof")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=/")
