"""`python -m tests.browser.rounds.pictures FOLDER [WORD …]`: every page for everybody, with an index.html.

At three widths, light and dark, without scripts where they make a difference, and as it is printed. With words, only
the pages and people whose name begins with one of them.
"""

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import pypdfium2
from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.browser.chromium import FLAGS, find
from tests.browser.rounds import places, schools
from tests.browser.rounds.contact_sheet import Shot, write
from tests.browser.rounds.places import Place
from tests.browser.rounds.schools import GUEST, School
from tests.browser.rounds.sights import eyes, has_own_scripts, turn

WIDTHS: Final = (360, 768, 1440)
DOTS_AN_INCH, POINTS_AN_INCH = 60, 72
SHEETS = 3
"""So many printed sheets of a page are kept."""

TALLEST = 6000
Opened = Callable[[Path], AbstractContextManager[School]]


def main() -> int:
    if len(sys.argv) < 2:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    where, target, words = find(), Path(sys.argv[1]), tuple(sys.argv[2:])
    if where is None:
        sys.stderr.write("No Chromium was found. Run: python -m tests.browser.chromium --install\n")
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=list(FLAGS))
        shots = list(_everything(browser, target, words))
        browser.close()
    write(target, shots)
    sys.stdout.write(f"{len(shots)} pictures: {target / 'index.html'}\n")
    return 0


def _everything(browser: Browser, target: Path, words: tuple[str, ...]) -> Iterator[Shot]:
    """The demonstration and a school where nothing is yet for everybody, then what no link leads to."""
    known = set[str]()

    def by_links(school: School) -> Iterator[Place]:
        for who in (GUEST, *school.people):
            for place in places.of_links(school, who):
                known.add(place.page)
                yield place

    each: tuple[tuple[Opened, Callable[[School], Iterable[Place]]], ...] = (
        (schools.demonstration, by_links),
        (schools.empty_school, by_links),
        (schools.small_world, lambda school: places.of_addresses(school, known)),
    )
    for opened, listed in each:
        with tempfile.TemporaryDirectory(prefix="fourweek-pictures-") as folder, opened(Path(folder)) as school:
            wanted = [place for place in listed(school) if _is_wanted(place, words)]
            yield from _taken(browser, school, wanted, target)


def _is_wanted(place: Place, words: tuple[str, ...]) -> bool:
    return not words or any(name.startswith(words) for name in (place.page, place.who or "guest"))


def _taken(browser: Browser, school: School, wanted: list[Place], target: Path) -> Iterator[Shot]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(f"Pages of the {school.name} school", total=len(wanted))
        for who in dict.fromkeys(place.who for place in wanted):
            with eyes(browser, school, who) as page, eyes(browser, school, who, script=False) as plain:
                for place in (one for one in wanted if one.who == who):
                    yield from _shots(page, plain, school, place, target)
                    progress.advance(task)


def _shots(page: Page, plain: Page, school: School, place: Place, target: Path) -> Iterator[Shot]:
    """Every picture of one place, written below `target`."""
    page.goto(school.base + place.path)
    for width in WIDTHS:
        for dark in (False, True):
            turn(page, width, dark=dark)
            yield _kept(page, place, f"{width}{' dark' if dark else ''}", target)
    if has_own_scripts(page):
        plain.goto(school.base + place.path)
        for width in WIDTHS:
            turn(plain, width)
            yield _kept(plain, place, f"{width} without scripts", target)
    yield from _printed(page, place, target)


def _kept(page: Page, place: Place, state: str, target: Path) -> Shot:
    shot = Shot.of(place, state)
    path = target / shot.path
    path.parent.mkdir(parents=True, exist_ok=True)
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    size = page.viewport_size
    clip = {"x": 0, "y": 0, "width": size["width"] if size else WIDTHS[-1], "height": height}
    page.screenshot(path=path, full_page=True, clip=clip, caret="initial")  # type: ignore[arg-type]
    return shot


def _printed(page: Page, place: Place, target: Path) -> Iterator[Shot]:
    document = pypdfium2.PdfDocument(page.pdf(format="A4"))
    for number in range(min(len(document), SHEETS)):
        shot = Shot.of(place, f"sheet {number + 1} of {len(document)}")
        document[number].render(scale=DOTS_AN_INCH / POINTS_AN_INCH).to_pil().save(target / shot.path)
        yield shot
    document.close()


if __name__ == "__main__":
    sys.exit(main())
