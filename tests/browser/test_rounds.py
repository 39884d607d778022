"""The list of pages leaves none out."""

from pathlib import Path

from tests.browser.rounds import places, schools
from tests.browser.rounds.routes import NO_PAGES, ROUTES


def test_every_route_is_a_page_of_the_list_or_gives_none(tmp_path: Path) -> None:
    """What is found in the small world is found in any school; here every page is opened by its address alone."""
    with schools.small_world(tmp_path) as world:
        found = {place.page for place in places.of_addresses(world)}
    known = found | set(NO_PAGES) | set(places.BY_HAND) | set(places.ASKING)
    assert {route.name for route in ROUTES} - known == set()
    assert known - {route.name for route in ROUTES} == set()
    assert found & (set(places.BY_HAND) | set(places.ASKING)) == set()
