"""In which language pages and letters come, and how it is chosen."""

from typing import Any

import pytest
from sqlalchemy import select, update

from fourweek.accounts.access import PERSON
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.edge import House
from fourweek.language.choosing import COOKIE
from fourweek.outbox import OUTBOX, _lease, post, post_to
from tests import factories
from tests.visits import Browser

SPANISH, ARABIC = '<html lang="es">', '<html lang="ar" dir="rtl">'


@pytest.fixture
def alice(house: House) -> str:
    return house.db.write_now(factories.person, "Alice Brook")


def _wish(db: Database, person_id: str, code: str) -> None:
    db.write_now(lambda conn: conn.execute(update(PERSON).where(PERSON.c.id == person_id).values(language=code)))


def test_a_guest_gets_what_the_browser_asks_for_and_proxies_are_told(browser: Any) -> None:
    visitor: Browser = browser()
    answer = visitor.get("/sign-in", headers={"accept-language": "ar-EG, en;q=0.5"})
    assert ARABIC in answer.text
    assert (answer.headers["content-language"], "Accept-Language" in answer.headers["vary"]) == ("ar", True)
    assert '<html lang="en">' in visitor.get("/sign-in", headers={"accept-language": "fi"}).text


def test_a_language_is_chosen_for_one_browser_by_a_link_in_the_foot(browser: Any) -> None:
    visitor: Browser = browser()
    assert "/language?to=es&amp;back=/sign-in" in visitor.get("/sign-in").text
    answer = visitor.get("/language?to=es&back=/sign-in", headers={"accept-language": "ar"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert SPANISH in visitor.get("/sign-in", headers={"accept-language": "ar"}).text


@pytest.mark.parametrize("way", ["/language?to=xx&back=/sign-in", "/language", "/language?to=es&back=//evil.example"])
def test_a_link_for_a_language_never_leads_out_of_the_house(browser: Any, way: str) -> None:
    answer = browser().get(way)
    assert answer.headers["location"] in {"/", "/sign-in"}
    assert (COOKIE in answer.headers.get("set-cookie", "")) == ("to=es" in way)


def test_a_persons_own_language_comes_before_the_browsers_and_after_the_chosen(
    house: House, alice: str, browser: Any
) -> None:
    _wish(house.db, alice, "es")
    visitor: Browser = browser(alice)
    asks = {"accept-language": "en"}
    assert SPANISH in visitor.get("/account", headers=asks).text
    visitor.get("/language?to=ar")
    assert ARABIC in visitor.get("/account", headers=asks).text


def test_ones_own_language_is_kept_for_pages_and_letters(house: House, alice: str, browser: Any) -> None:
    visitor: Browser = browser(alice)
    saved = visitor.submit("/account/language", "/account/language", language="es")
    assert saved.status_code == 303
    assert SPANISH in visitor.get("/account").text
    assert house.db.read_now(lambda conn: conn.scalar(select(PERSON.c.language).where(PERSON.c.id == alice))) == "es"
    visitor.submit("/account/language", "/account/language", language="")
    assert '<html lang="en">' in visitor.get("/account").text


def test_a_language_that_we_do_not_have_is_refused(alice: str, browser: Any) -> None:
    visitor: Browser = browser(alice)
    assert visitor.submit("/account/language", "/account/language", language="xx").status_code == 422


def test_a_letter_speaks_its_readers_language_or_that_of_whoever_asked_for_it(house: House, alice: str) -> None:
    now = real_time()
    _wish(house.db, alice, "ar")
    house.db.write_now(lambda conn: post(conn, "k1", "posted", alice, now=now, data={}))
    house.db.write_now(lambda conn: post_to(conn, "k2", "sign_up", "new@example.org", now=now, data={}))
    house.db.write_now(
        lambda conn: conn.execute(
            update(OUTBOX).where(OUTBOX.c.key == "k2").values(data={"to": "n@e.org", "language": "es"})
        )
    )
    letters = house.db.write_now(_lease, now, 10)
    assert sorted((letter.kind, letter.language) for letter, _tries in letters) == [("posted", "ar"), ("sign_up", "es")]
