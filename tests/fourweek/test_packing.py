"""Pages are packed for those who came from a page of ours or typed the address, and for nobody else."""

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from fourweek.packing import FIRST_WINDOW, packed

WORDS = "Every criterion before you start. " * 1000
OURS = {"accept-encoding": "gzip, br", "sec-fetch-site": "same-origin"}


def _answer(body: str, headers: dict[str, str]) -> Response:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    request = Request({"type": "http", "method": "GET", "headers": raw})
    return packed(request, HTMLResponse(body, headers={"vary": "Cookie"}))


@pytest.mark.parametrize(
    ("changed", "is_packed"),
    [
        ({}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": ""}, False),
        ({"accept-encoding": "br"}, False),
    ],
)
def test_who_gets_a_packed_page(changed: dict[str, str], is_packed: bool) -> None:  # noqa: FBT001
    answer = _answer(WORDS, OURS | changed)
    assert (answer.headers.get("content-encoding") == "gzip") is is_packed
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert (len(answer.body) < 2000) is is_packed
    assert answer.headers["vary"] == "Cookie, Accept-Encoding, Sec-Fetch-Site"


def test_a_page_that_comes_in_one_round_trip_is_sent_as_it_is() -> None:
    assert _answer("x" * FIRST_WINDOW, OURS).headers["vary"] == "Cookie"
    assert "content-encoding" not in _answer("x" * FIRST_WINDOW, OURS).headers
    assert "content-encoding" in _answer("x" * (FIRST_WINDOW + 1), OURS).headers
