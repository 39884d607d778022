"""Nobody is kept out: axe-core and a few checks of our own over the pages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from fourweek.cli.seed.people import TRIED
from tests.browser.axe.running import missing
from tests.browser.loudly import ROUND
from tests.browser.rounds import places, schools, states
from tests.browser.rounds.places import Place
from tests.browser.rounds.schools import GUEST, School
from tests.browser.rounds.sights import Round, eyes, has_own_scripts

pytestmark = [pytest.mark.browser, pytest.mark.skipif(bool(missing()), reason=missing())]
Note = Callable[[str, object], None]
ARABIC = "ar"
LEAST = 8
"""So many pages anybody can see."""

FEW = {
    GUEST: {"patterns", "courses", "course", "badge", "sign-in"},
    "amara": {"home", "cohort", "module", "lesson", "assignment", "notices"},
    "olivia": {"transcript", "my-badges", "licence", "stated-new"},
    "tom": {"grading", "grading-screen"},
    "rosa": {"cohort-progress", "cohort-dates", "cohort-rules", "roster-import", "extend-several"},
    "henry": {"record", "audit", "person"},
}
"""Pages that have every component between them."""


def test_nobody_is_kept_out_of_pages_that_have_every_component(
    demonstration: School, chromium: Browser, record_property: Note
) -> None:
    around = Round()
    for who, wanted in FEW.items():
        with eyes(chromium, demonstration, who) as page:
            for place in places.some_of_links(demonstration, who, wanted):
                around.look_once(page, demonstration.base, place)
    _tell(around, record_property)


@pytest.mark.slow
@pytest.mark.parametrize("who", [GUEST, *(person.key for person in TRIED)])
def test_nobody_is_kept_out_anywhere(demonstration: School, chromium: Browser, record_property: Note, who: str) -> None:
    them = list(places.of_links(demonstration, who))
    assert len(them) > LEAST
    _look_at(record_property, them, demonstration, chromium)


@pytest.mark.slow
@pytest.mark.parametrize("who", [GUEST, *schools.ROLES])
def test_nobody_is_kept_out_where_nothing_is_yet(
    tmp_path: Path, chromium: Browser, record_property: Note, who: str
) -> None:
    with schools.empty_school(tmp_path) as empty:
        _look_at(record_property, list(places.of_links(empty, who)), empty, chromium)


@pytest.mark.slow
def test_nobody_is_kept_out_where_no_link_of_the_demonstration_leads(
    tmp_path: Path, chromium: Browser, record_property: Note
) -> None:
    with schools.small_world(tmp_path) as world:
        _look_at(record_property, list(places.of_addresses(world)), world, chromium)


@pytest.mark.slow
def test_nobody_is_kept_out_of_what_a_setting_brings(tmp_path: Path, chromium: Browser, record_property: Note) -> None:
    with schools.small_world(tmp_path, **places.SETTINGS) as world:
        _look_at(record_property, list(places.of_settings(world)), world, chromium)


@pytest.mark.slow
def test_nobody_is_kept_out_of_a_first_run(tmp_path: Path, chromium: Browser, record_property: Note) -> None:
    with schools.new_school(tmp_path) as new:
        them = list(places.of_links(new, GUEST))
        assert "first-run" in {place.page for place in them}
        _look_at(record_property, them, new, chromium)


@pytest.mark.slow
@pytest.mark.parametrize("who", states.EMPTY)
def test_nobody_is_kept_out_of_a_form_that_comes_back(
    demonstration: School, chromium: Browser, record_property: Note, who: str
) -> None:
    around = Round()
    with eyes(chromium, demonstration, who) as page:
        for place in places.some_of_links(demonstration, who, states.EMPTY[who]):
            states.look_at_empty_form(around, page, demonstration.base, place)
    _tell(around, record_property)


@pytest.mark.slow
@pytest.mark.parametrize("who", [GUEST, "amara", "olivia"])
def test_nobody_is_kept_out_from_right_to_left(
    demonstration: School, chromium: Browser, record_property: Note, who: str
) -> None:
    around = Round()
    with eyes(chromium, demonstration, who, language=ARABIC) as page:
        for place in places.of_links(demonstration, who):
            around.look_in(ARABIC, page, demonstration.base, place)
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
    _tell(around, record_property)


@pytest.mark.slow
def test_nobody_is_kept_out_by_a_second_factor(demonstration: School, chromium: Browser, record_property: Note) -> None:
    around = Round()
    with eyes(chromium, demonstration, "arjun") as page:
        states.look_at_second_factor(around, page, demonstration, "arjun")
    _tell(around, record_property)


def _look_at(record_property: Note, them: list[Place], school: School, browser: Browser) -> None:
    """Every place in every state; where scripts make a difference, without them as well. What was tried is noted."""
    around = Round()
    for who in sorted({place.who for place in them}):
        with eyes(browser, school, who) as page, eyes(browser, school, who, script=False) as plain:
            for place in (one for one in them if one.who == who):
                around.look(page, school.base, place)
                if has_own_scripts(page):
                    around.look_without_scripts(plain, school.base, place)
    _tell(around, record_property)


def _tell(around: Round, note: Note) -> None:
    """Note what was tried, which the run says at its end; nothing may have been found."""
    note(ROUND, around.counted)
    assert not around.troubles, "\n".join(str(trouble) for trouble in around.troubles)
