"""Signing in and out, through the pages."""

from datetime import UTC, datetime
from typing import Any

import pytest
from argon2 import extract_parameters

from fourweek.accounts.passwords import Passwords
from fourweek.accounts.service import add_person
from fourweek.edge import House
from tests.visits import Browser, forms

PASSWORD = "a calm evening by the lake"


@pytest.fixture
def alice(house: House) -> str:
    hashed = house.passwords.hash(PASSWORD)
    now = datetime(2026, 11, 2, tzinfo=UTC)
    return house.db.write_now(
        add_person, address="Alice@Example.org", legal_name="Alice Brook", password_hash=hashed, zone="UTC", now=now
    )


def _send(guest: Browser, address: str, password: str, **more: Any) -> Any:
    return guest.submit("/sign-in", "/sign-in", address=address, password=password, **more)


def test_sign_in_opens_and_out_closes(alice: str, browser: Any) -> None:
    guest = browser()
    answer = _send(guest, " alice@example.ORG ", PASSWORD, next="/signed-in")
    assert (answer.status_code, answer.headers["location"]) == (303, "/signed-in")
    page = guest.get("/signed-in")
    assert "You are signed in" in page.text
    kept = dict(guest.cookies)
    token = forms(guest.get("/sign-in").text)["/sign-in"]["form_token"]
    assert guest.post("/sign-out", data={"form_token": token}).status_code == 303
    guest.cookies.update(kept)
    token = forms(guest.get("/sign-in").text)["/sign-in"]["form_token"]
    assert guest.post("/sign-out", data={"form_token": token}).status_code == 401


@pytest.mark.parametrize(
    ("address", "password"), [("alice@example.org", "wrong password"), ("nobody@example.org", PASSWORD)]
)
def test_sign_in_wrong_says_the_same_for_known_and_unknown(
    alice: str, browser: Any, address: str, password: str
) -> None:
    answer = _send(browser(), address, password)
    assert answer.status_code == 422
    assert "Address and password do not fit together." in answer.text
    assert f'value="{address}"' in answer.text


def test_an_unknown_account_costs_one_check_like_a_known_one_and_never_fits(house: House) -> None:
    kept, made_up = house.passwords.hash(PASSWORD), Passwords(8192, 1).nobody
    assert extract_parameters(made_up) == extract_parameters(kept)
    assert made_up != Passwords(8192, 1).nobody
    assert house.passwords.check(PASSWORD, None) == (False, None)
    assert house.passwords.check("", None) == (False, None)
    assert house.passwords.check(PASSWORD, kept) == (True, None)


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/a\nb"]
)
def test_sign_in_never_leads_outside(alice: str, browser: Any, to: str) -> None:
    answer = _send(browser(), "alice@example.org", PASSWORD, next=to)
    assert answer.headers["location"] == "/"


def test_form_without_token_is_given_back_with_what_was_typed(alice: str, browser: Any) -> None:
    typed = {"address": "typed <b>", "password": "secret-typed", "form_token": "stale"}
    answer = browser().post("/sign-in", data=typed)
    assert answer.status_code == 422
    assert 'value="typed &lt;b&gt;"' in answer.text
    assert "secret-typed" not in answer.text
    assert 'type="password"' in answer.text


def test_form_from_another_site_is_refused(alice: str, browser: Any) -> None:
    guest = browser()
    token = forms(guest.get("/sign-in").text)["/sign-in"]["form_token"]
    data = {"form_token": token, "address": "alice@example.org", "password": PASSWORD}
    strange: tuple[dict[str, str], ...] = (
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "null"},
        {"origin": "null", "sec-fetch-site": "none"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
    )
    for headers in strange:
        assert guest.post("/sign-in", data=data, headers=headers).status_code == 400
    own = {"origin": "null", "sec-fetch-site": "same-origin"}  # from a page of ours that keeps its address to itself
    assert guest.post("/sign-in", data=data, headers=own).status_code == 303


def test_unknown_host_is_refused_with_headers(browser: Any) -> None:
    answer = browser().get("/sign-in", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
