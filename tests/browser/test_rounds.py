"""The list of pages leaves none out. What gives no page is listed, and nothing else: tests/access asks everybody."""

from pathlib import Path

import pytest

from tests.browser.rounds import places, schools
from tests.browser.rounds.routes import NO_PAGES, ROUTES

NAMES = {route.name for route in ROUTES}


def test_what_is_left_out_of_the_list_is_there() -> None:
    assert {*NO_PAGES, *places.BY_HAND, *places.ASKING} - NAMES == set()


@pytest.mark.slow
def test_every_page_is_found_by_its_address_or_by_hand(tmp_path: Path) -> None:
    with schools.small_world(tmp_path) as world:
        found = {place.page for place in places.of_addresses(world)}
    assert found | set(places.BY_HAND) | set(places.ASKING) == NAMES - set(NO_PAGES)
    assert found & (set(places.BY_HAND) | set(places.ASKING)) == set()
