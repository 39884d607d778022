"""Text that no page sends and PostgreSQL cannot keep: refused at the door, on both databases."""

from typing import Any
from urllib.parse import quote

import pytest

from fourweek.edge import TOKEN_FIELD, House
from tests import factories
from tests.visits import forms

NUL, SURROGATE, NOT_UTF8 = "%00", "%ED%A0%80", "%FF%FE"
ADDRESSES = ("/courses/{}", "/badges/{}", "/badges/{}/credential.json", "/achievements/{}", "/verify?code={}")
PRIVATE = (
    "/cohorts/{}",
    "/cohorts/1/modules/1/lessons/{}",
    "/grading/{}",
    "/transcripts/{}.pdf",
    "/transcript?page={}",
)


@pytest.mark.parametrize("address", [*ADDRESSES, *PRIVATE])
def test_a_nul_in_an_address_is_refused(address: str, house: House, browser: Any) -> None:
    visitor = browser(house.db.write_now(factories.person))
    answer = visitor.get(address.format(f"a{NUL}b"))
    assert (answer.status_code, "That request cannot be taken" in answer.text) == (400, True)


@pytest.mark.parametrize("text", [SURROGATE, NOT_UTF8])
@pytest.mark.parametrize("address", [*ADDRESSES, *PRIVATE])
def test_bytes_that_are_no_text_find_nothing(address: str, text: str, house: House, browser: Any) -> None:
    visitor = browser(house.db.write_now(factories.person))
    assert visitor.get(address.format(text)).status_code in {200, 404, 422}


@pytest.mark.parametrize("field", ["address", "password", "next", "another"])
def test_a_nul_in_a_form_is_refused(field: str, browser: Any) -> None:
    guest = browser()
    assert guest.submit("/sign-in", "/sign-in", **{field: "a\x00b"}).status_code == 400
    assert guest.submit("/sign-in", "/sign-in", **{f"{field}\x00": "a"}).status_code == 400


@pytest.mark.parametrize("marks", ["\u0315\u0300", "\uff9e\u0327", "\u0f73\u0f71"])
def test_marks_heaped_upon_one_letter_are_refused_before_anything_composes_them(marks: str, browser: Any) -> None:
    guest = browser()
    assert guest.submit("/sign-in", "/sign-in", address=f"a{marks * 200}").status_code == 400
    written = f"e{marks * 8} ".replace(" ", "s") * 8
    assert guest.submit("/sign-in", "/sign-in", address=written).status_code == 422


@pytest.mark.parametrize("text", [SURROGATE, NOT_UTF8])
def test_a_form_of_bytes_that_are_no_text_is_taken_as_unreadable_signs(text: str, browser: Any) -> None:
    guest = browser()
    token = forms(guest.get("/sign-in").text)["/sign-in"][TOKEN_FIELD]
    body = f"{TOKEN_FIELD}={quote(token)}&address={text}&password={text}"
    answer = guest.post("/sign-in", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert (answer.status_code, "�" in answer.text) == (422, True)


@pytest.mark.parametrize(("charset", "value"), [("utf-7", "+2AA-"), ("undefined", "x")])
def test_a_form_in_a_charset_that_hides_surrogates_or_fails_is_refused(charset: str, value: str, browser: Any) -> None:
    guest = browser()
    token = forms(guest.get("/sign-in").text)["/sign-in"][TOKEN_FIELD]
    fields = {TOKEN_FIELD: token, "address": value}
    parts = [f'--b\r\ncontent-disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
    kind = f"multipart/form-data; boundary=b; charset={charset}"
    answer = guest.post(
        "/sign-in", content=("".join(parts) + "--b--\r\n").encode("latin-1"), headers={"content-type": kind}
    )
    assert answer.status_code == 400


def test_a_stale_form_with_a_lone_surrogate_is_not_given_back(browser: Any) -> None:
    body = '--b\r\ncontent-disposition: form-data; name="address"\r\n\r\n+2AA-\r\n--b--\r\n'
    kind = "multipart/form-data; boundary=b; charset=utf-7"
    assert browser().post("/sign-in", content=body, headers={"content-type": kind}).status_code == 400


def test_a_form_in_a_charset_that_takes_minutes_to_read_is_refused(browser: Any) -> None:
    body = '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n-0a0a\r\n--b--\r\n'
    kind = "multipart/form-data; boundary=b; charset={}"
    for charset, status in (("Punycode", 400), ("UTF-8", 422)):
        answer = browser().post("/sign-in", content=body, headers={"content-type": kind.format(charset)})
        assert answer.status_code == status
