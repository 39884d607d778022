"""Figures and downloads: how they are served to somebody who may read them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from fourweek.edge import House
from fourweek.files import SANDBOX
from fourweek.storage import LocalStore
from tests.courses.learning.school import CSV, OPENS, SVG, School

AtTime = Callable[[datetime], None]
NOON = OPENS + timedelta(hours=12)
FIGURE = "/modules/1/files/fig/secret-1.svg"
TABLE = "/modules/1/files/data/secret-1%20%C3%BCber.csv"
TEXT = "/modules/1/files/secret-1.txt"


@pytest.fixture
def alice(school: School, browser: Any, at_time: AtTime) -> Any:
    at_time(NOON)
    return browser(school.alice)


def test_figure_is_shown_in_a_sandbox(alice: Any, school: School) -> None:
    answer = alice.get(school.at(FIGURE))
    assert (answer.status_code, answer.content) == (200, SVG)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"] == SANDBOX
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == "inline; filename=\"secret-1.svg\"; filename*=UTF-8''secret-1.svg"
    assert answer.headers["cache-control"] == "private, max-age=3600"
    assert answer.headers["content-length"] == str(len(SVG))


def test_download_keeps_its_name(alice: Any, school: School) -> None:
    answer = alice.get(school.at(TABLE))
    assert answer.content == CSV
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"secret-1 _ber.csv\"; filename*=UTF-8''secret-1%20%C3%BCber.csv"
    )


def test_plain_text_is_shown(alice: Any, school: School) -> None:
    answer = alice.get(school.at(TEXT))
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("inline;")
    assert "sandbox" in answer.headers["content-security-policy"]


def test_known_bytes_are_not_sent_again(alice: Any, school: School) -> None:
    etag = alice.get(school.at(FIGURE)).headers["etag"]
    assert etag == f'"{sha256(SVG).hexdigest()}"'
    for sent in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = alice.get(school.at(FIGURE), headers={"if-none-match": sent})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
    assert alice.get(school.at(FIGURE), headers={"if-none-match": '"other"'}).status_code == 200


def test_known_bytes_are_still_asked_for_by_right(alice: Any, school: School, browser: Any, at_time: AtTime) -> None:
    etag = alice.get(school.at(FIGURE)).headers["etag"]
    assert browser(school.carol).get(school.at(FIGURE), headers={"if-none-match": etag}).status_code == 404
    at_time(OPENS - timedelta(seconds=1))
    assert alice.get(school.at(FIGURE), headers={"if-none-match": etag}).status_code == 404


def test_head_says_the_same_without_the_bytes(alice: Any, school: School) -> None:
    got, head = alice.get(school.at(FIGURE)), alice.head(school.at(FIGURE))
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "content-length", "content-type", "content-disposition", "content-security-policy"):
        assert head.headers[name] == got.headers[name]


def test_file_that_the_store_lost_is_404(alice: Any, school: School, house: House) -> None:
    assert isinstance(house.store, LocalStore)
    house.store.place(sha256(SVG).hexdigest()).unlink()
    assert alice.get(school.at(FIGURE)).status_code == 404
