"""Looking at places in a browser: at every width, in both schemes, printed, opened, translated, without scripts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page

from fourweek.language.choosing import COOKIE
from fourweek.light import dataclass
from tests.browser.axe.running import violations
from tests.browser.rounds.places import Place
from tests.browser.rounds.schools import School

CHECKS: Final = Path(__file__).with_name("checks.js").read_text("utf-8")
OPEN_ALL: Final = "() => [...document.querySelectorAll('main details:not([open])')].map(one => one.open = true).length"
HIDDEN_SIDEWAYS: Final = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
OWN_SCRIPTS: Final = "() => document.querySelectorAll('script[src]').length > 2"
"""Every page has the same two; one with more differs where scripts do not come."""

SCRIPTS: Final = re.compile(r"\.js(\?|$)")
HEIGHT: Final = 900
NARROWEST, PHONE, WIDE = 320, 360, 1440
FAILED = 500
TWINS, SAME_NAME = "world", "links are called"
"""In the small world everything stands twice by the same name, which no link can tell apart."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a place in one state, in words."""

    place: Place
    state: str
    words: str

    def __str__(self) -> str:
        return f"{self.place.words}, {self.state}: {self.words}"


@contextmanager
def eyes(browser: Browser, school: School, who: str, *, script: bool = True, language: str = "") -> Iterator[Page]:
    """A window of somebody of the school, who reads `language` when one is given.

    Without `script` no script arrives, so that axe can still be asked.
    """
    context = browser.new_context(locale="en-GB", reduced_motion="reduce", viewport={"width": WIDE, "height": HEIGHT})
    if who:
        context.add_cookies([{"name": school.cookie, "value": school.sign_in(who), "url": school.base}])
    if language:
        context.add_cookies([{"name": COOKIE, "value": language, "url": school.base}])
    if not script:
        context.route(SCRIPTS, lambda route: route.abort())
    yield context.new_page()
    context.close()


class Round:
    """Looks at places and counts: `tried` states of `seen` pages, `troubles` found."""

    def __init__(self) -> None:
        self.seen, self.tried = 0, 0
        self._how = ""
        self.troubles: list[Trouble] = []

    def look(self, page: Page, base: str, place: Place) -> None:
        """Every state of a place: wide and on a phone, light and dark, opened, printed, and as narrow as it gets."""
        self._go(page, base, place)
        self.look_here(page, place)

    def look_here(self, page: Page, place: Place, how: str = "") -> None:
        """As above, on a page that is there already, `how` it came about."""
        self.seen += 1
        self._how = f"{how}, " if how else ""
        for width in (WIDE, PHONE):
            turn(page, width)
            self._note(place, f"{width} px", [*violations(page), *page.evaluate(CHECKS)])
            turn(page, width, dark=True)
            self._note(place, f"{width} px, dark", violations(page, colours_alone=True))
        self._narrow(page, place)
        self._printed(page, place)
        self._opened(page, place)
        turn(page, WIDE)

    def look_once(self, page: Page, base: str, place: Place) -> None:
        """One state alone: wide, light, with scripts; and that nothing is lost at the side of the narrowest window."""
        self._go(page, base, place)
        self.seen += 1
        self._note(place, f"{WIDE} px", [*violations(page), *page.evaluate(CHECKS)])
        self._narrow(page, place)
        turn(page, WIDE)

    def look_in(self, language: str, page: Page, base: str, place: Place) -> None:
        """In a window that reads `language`: wide, on a phone, and as narrow as it gets."""
        self._go(page, base, place)
        self.seen += 1
        self._how = f"{language}, "
        for width in (WIDE, PHONE):
            turn(page, width)
            self._note(place, f"{width} px", [*violations(page), *page.evaluate(CHECKS)])
        self._narrow(page, place)
        turn(page, WIDE)

    def look_without_scripts(self, page: Page, base: str, place: Place) -> None:
        self._go(page, base, place)
        self._how = ""
        self._note(place, "without scripts", [*violations(page), *page.evaluate(CHECKS)])

    @property
    def counted(self) -> tuple[int, int, int]:
        """Pages, states tried, and what was found."""
        return self.seen, self.tried, len(self.troubles)

    def _go(self, page: Page, base: str, place: Place) -> None:
        """Open the page. One that fails on the server has no barrier that axe could find."""
        answer = page.goto(base + place.path)
        if answer is None or answer.status >= FAILED:
            self.troubles.append(Trouble(place, "opened", "the server failed"))

    def _narrow(self, page: Page, place: Place) -> None:
        turn(page, NARROWEST)
        over = page.evaluate(HIDDEN_SIDEWAYS)
        self._note(place, f"{NARROWEST} px", [f"it scrolls sideways by {over} px"] if over else [])

    def _printed(self, page: Page, place: Place) -> None:
        page.emulate_media(media="print", color_scheme="light")
        self._note(place, "printed", violations(page, colours_alone=True))
        page.emulate_media(media="screen")

    def _opened(self, page: Page, place: Place) -> None:
        turn(page, PHONE)
        if page.evaluate(OPEN_ALL):
            self._note(place, "opened", [*violations(page), *page.evaluate(CHECKS)])

    def _note(self, place: Place, state: str, words: list[str]) -> None:
        self.tried += 1
        told = [one for one in words if not (place.school == TWINS and SAME_NAME in one)]
        self.troubles += [Trouble(place, self._how + state, one) for one in told]


def has_own_scripts(page: Page) -> bool:
    return bool(page.evaluate(OWN_SCRIPTS))


def turn(page: Page, width: int, *, dark: bool = False) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(color_scheme="dark" if dark else "light")
