"""The page of an address that nothing stands at knows who reads it."""

from typing import Any

import pytest

from fourweek.edge import House
from tests import factories as make
from tests.statements import statements


@pytest.mark.parametrize("path", ["/nothing", "/cohorts/x/modules/one"])
def test_an_unknown_address_shows_who_is_signed_in(house: House, browser: Any, path: str) -> None:
    alice = browser(house.db.write_now(make.person))
    page = alice.get(path)
    assert (page.status_code, "Sign out" in page.text, "There is nothing here" in page.text) == (404, True, True)


def test_an_unknown_address_asks_the_database_nothing_for_a_guest(house: House, browser: Any) -> None:
    with statements(house.db) as count:
        page = browser().get("/nothing")
    assert (page.status_code, "Sign out" in page.text, count.number) == (404, False, 0)
