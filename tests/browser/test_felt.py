"""Pages on a slow line: little comes over it, nothing moves, and the words are there before any script is."""

import pytest
from playwright.sync_api import Browser

from tests.browser.felt import Eyes, Felt, feel
from tests.browser.rounds import places
from tests.browser.rounds.schools import GUEST, School

pytestmark = pytest.mark.browser
MOST_BYTES, MOST_REQUESTS, MOST_AGAIN = 60_000, 14, 4
MOST_MOVED = 0.01
"""A machine under load paints the head of a page while its end is still being read: 0.006 then, 0 otherwise."""

HEAVIEST = {GUEST: {"sign-in", "badge"}, "amara": {"lesson", "assignment"}}
OTHERS = {
    GUEST: {"courses", "course", "verify", "patterns"},
    "amara": {"home", "cohort", "module", "notices"},
    "olivia": {"transcript", "my-badges", "my-badge", "licence"},
    "tom": {"grading", "grading-screen"},
    "rosa": {"cohort-progress", "cohort-dates", "cohort-rules"},
    "henry": {"record", "audit"},
}


@pytest.mark.parametrize("who", HEAVIEST)
def test_the_heaviest_pages_come_quickly_and_stand_still(demonstration: School, chromium: Browser, who: str) -> None:
    _look(demonstration, chromium, who, HEAVIEST[who])


@pytest.mark.slow
@pytest.mark.parametrize("who", OTHERS)
def test_other_pages_come_quickly_and_stand_still(demonstration: School, chromium: Browser, who: str) -> None:
    _look(demonstration, chromium, who, OTHERS[who])


def _look(school: School, browser: Browser, who: str, wanted: set[str]) -> None:
    for place in places.some_of_links(school, who, wanted):
        cookie = (school.cookie, school.sign_in(who)) if who else ("", "")
        felt = feel(browser, Eyes(school.base + place.path, *cookie))
        assert _faults(felt) == [], place.words


def _faults(felt: Felt) -> list[str]:
    """What of a page is more than it may be."""
    moved = [round(one.shift, 4) for one in (felt.cold, felt.warm) if one.shift > MOST_MOVED]
    return [
        *([f"{felt.cold.counted} bytes: {dict(felt.cold.bytes)}"] if felt.cold.counted >= MOST_BYTES else []),
        *([f"{felt.cold.requests} requests"] if felt.cold.requests > MOST_REQUESTS else []),
        *([f"{felt.warm.requests} requests once more"] if felt.warm.requests > MOST_AGAIN else []),
        *([f"moved by {moved}"] if moved else []),
        *([] if felt.paints_without_script else ["nothing is painted until scripts came"]),
    ]
