"""The page of an address that nothing stands at knows who reads it."""

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from fourweek.edge import House
from tests import factories as make
from tests.statements import statements

PAGE = {"accept": "text/html,image/webp,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/nothing", "/cohorts/x/modules/one"])
def test_an_unknown_address_shows_who_is_signed_in(house: House, browser: Any, path: str) -> None:
    alice = browser(house.db.write_now(make.person))
    page = alice.get(path, headers=PAGE)
    assert (page.status_code, "Sign out" in page.text, "There is nothing here" in page.text) == (404, True, True)


def test_an_unknown_address_asks_the_database_nothing_for_a_guest(house: House, browser: Any) -> None:
    with statements(house.db) as count:
        page = browser().get("/nothing", headers=PAGE)
    assert (page.status_code, "Sign out" in page.text, count.number) == (404, False, 0)


def test_a_picture_that_is_not_there_asks_the_database_nothing(house: House, browser: Any) -> None:
    alice = browser(house.db.write_now(make.person))
    with statements(house.db) as count:
        assert alice.get("/nothing.png", headers={"accept": "image/webp,*/*;q=0.8"}).status_code == 404
    assert count.number == 0


def test_an_unknown_address_is_unknown_while_the_database_is_away(
    house: House, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_given: Any) -> None:
        raise OperationalError("select", {}, Exception("no route to host"))

    alice = browser(house.db.write_now(make.person))
    monkeypatch.setattr("fourweek.faces.greet", away)
    page = alice.get("/nothing", headers=PAGE)
    assert (page.status_code, "There is nothing here" in page.text) == (404, True)
