"""The very bytes, for those who may have them, as a download that cannot run."""

from typing import Any

import pytest

from fourweek.accounts.models import Role
from fourweek.accounts.service import grant
from fourweek.database import Database
from fourweek.edge import House
from fourweek.files import SANDBOX
from tests import factories as make
from tests.assessments.evidence.school import GOOD, School, evidence, fields

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8000


@pytest.fixture
def draft(school: School, db: Database, browser: Any) -> str:
    alice = browser(school.alice)
    form = fields(alice, school, **{"text-report": GOOD})
    alice.post(school.at + "/draft", data=form, files=[("files-proof", ("bild; é.png", PNG, "image/png"))])
    return str(next(row.id for row in evidence(db) if row.file_name))


def _hand_in(browser: Any, school: School) -> None:
    alice = browser(school.alice)
    assert alice.post(school.at + "/submit", data=fields(alice, school, integrity="1")).status_code == 303


def test_own_file_comes_back_byte_for_byte(school: School, draft: str, browser: Any) -> None:
    answer = browser(school.alice).get(f"/evidence/{draft}")
    assert answer.status_code == 200
    assert answer.content == PNG
    headers = answer.headers
    assert headers["content-type"] == "image/png"
    assert headers["content-disposition"].startswith("attachment; ")
    assert headers["content-disposition"].endswith("filename*=UTF-8''bild%3B%20%C3%A9.png")
    assert headers["content-security-policy"] == SANDBOX
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "private, no-store"
    head = browser(school.alice).head(f"/evidence/{draft}")
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(PNG)), b"")


def test_file_is_not_there_for_anybody_else(school: School, house: House, draft: str, browser: Any) -> None:
    elsewhere = house.db.write_now(make.with_role, Role.GRADER, "Gus Grey", scope_id="another-cohort")
    author = house.db.write_now(make.with_role, Role.AUTHOR, "Ada Ash")
    _hand_in(browser, school)
    assert browser().get(f"/evidence/{draft}").status_code == 303
    for person in (school.bob, school.greta, elsewhere, author):
        for method in ("GET", "HEAD"):
            assert browser(person).request(method, f"/evidence/{draft}").status_code == 404


def test_grader_of_the_cohort_reads_what_was_handed_in_and_no_draft(
    school: School, house: House, draft: str, browser: Any
) -> None:
    house.db.write_now(lambda conn: grant(conn, school.greta, Role.GRADER, scope_id=school.cohort, now=make.BEFORE))
    assert browser(school.greta).get(f"/evidence/{draft}").status_code == 404
    _hand_in(browser, school)
    assert browser(school.greta).get(f"/evidence/{draft}").content == PNG


def test_texts_are_no_files(school: School, db: Database, draft: str, browser: Any) -> None:
    text = next(row.id for row in evidence(db) if row.text)
    assert browser(school.alice).get(f"/evidence/{text}").status_code == 404
    assert browser(school.alice).get("/evidence/none").status_code == 404


def test_file_missing_from_the_store_is_404_not_an_error(
    school: School, house: House, db: Database, draft: str, browser: Any
) -> None:
    digest = next(row.sha256 for row in evidence(db) if row.file_name)
    next(house.settings.files.rglob(digest)).unlink()
    assert browser(school.alice).get(f"/evidence/{draft}").status_code == 404
