"""`python -m tests.browser.screenshots FOLDER`: the pictures of the README, taken in the demonstration school."""

import io
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.progress import track

from tests.browser.chromium import FLAGS, find
from tests.browser.school import Someone
from tests.browser.visits import WIDE, Opener, Visit, visits
from tests.servers import FOURWEEK, fourweek_environment, free_port, run_fourweek, serving

PHONE = (390, 844)
LARGEST = 250_000
DOTS_AN_INCH = 100


def main() -> int:
    if len(sys.argv) != 2:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    where, target = find(), Path(sys.argv[1])
    if where is None:
        sys.stderr.write("No Chromium was found. Run: python -m tests.browser.chromium --install\n")
        return 1
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fourweek-screenshots-") as folder:
        home, port = Path(folder) / "home", free_port()
        environment = fourweek_environment(home, port)
        run_fourweek(environment, "demo", "--only-seed")
        facts = json.loads((home / "demo.json").read_text())
        with (
            serving([FOURWEEK, "demo"], port, environment, Path(folder) / "demo.log"),
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=where, args=list(FLAGS))
            _take_all(browser, facts, target)
            browser.close()
    return 0


def _take_all(browser: Browser, facts: dict[str, Any], target: Path) -> None:
    base, examples = facts["base_url"], facts["examples"]
    module = examples["module_page"].removeprefix(base)
    reader = _persona(facts, examples["as"]["module_page"])
    holder = _persona(facts, examples["as"]["transcript_pdf"])
    grader = next(_someone(person) for person in facts["personas"] if person["role"] == "grader")
    with visits(browser, base, script=True) as open_visit:
        pictures: dict[str, Callable[[], bytes]] = {
            "home": lambda: _page(_signed_in(open_visit, reader), "/home"),
            "lesson": lambda: _first(_signed_in(open_visit, reader), module, "#lessons a"),
            "lesson-phone": lambda: _first(_signed_in(open_visit, reader, PHONE), module, "#lessons a"),
            "evidence": lambda: _first(_signed_in(open_visit, reader), module, "#evidence a", "#work"),
            "grading": lambda: _grading(_signed_in(open_visit, grader)),
            "badge": lambda: _page(open_visit(size=WIDE), examples["badge_page"].removeprefix(base)),
            "transcript": lambda: _page(_signed_in(open_visit, holder), "/transcript"),
            "transcript-pdf": lambda: _document(_signed_in(open_visit, holder), examples["transcript_pdf"]),
        }
        for name, take in track(pictures.items(), "Taking pictures", console=Console(stderr=True), transient=True):
            _keep(take(), target / f"{name}.png")


def _persona(facts: dict[str, Any], address: str) -> Someone:
    return next(_someone(person) for person in facts["personas"] if person["address"] == address)


def _someone(person: dict[str, str]) -> Someone:
    return Someone(person["name"], person["address"], password=person["password"])


def _signed_in(open_visit: Opener, someone: Someone, size: tuple[int, int] = WIDE) -> Visit:
    visit = open_visit(size=size)
    visit.sign_in(someone)
    return visit


def _page(visit: Visit, path: str) -> bytes:
    visit.go(path)
    return _picture(visit.page)


def _first(visit: Visit, page: str, link: str, part: str = "main") -> bytes:
    """The page behind the first such link, from `part` of it down."""
    visit.go(page)
    with visit.page.expect_navigation():
        visit.page.locator(link).first.click()
    if part != "main":
        visit.page.locator(part).evaluate("part => part.scrollIntoView()")
    return _picture(visit.page)


def _grading(visit: Visit) -> bytes:
    visit.go("/grading")
    visit.press("Grade next")
    for group in visit.page.locator("form#rating fieldset").all()[:1]:
        group.get_by_role("radio").nth(1).check()
    visit.page.mouse.move(0, 0)
    return _picture(visit.page)


def _picture(page: Page) -> bytes:
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    return page.screenshot(caret="initial")  # hiding it would need a style of the tool's own, which our policy refuses


def _document(visit: Visit, address: str) -> bytes:
    """The first page of a PDF."""
    document = pypdfium2.PdfDocument(visit.context.request.get(address).body())
    sheet: Image.Image = document[0].render(scale=DOTS_AN_INCH / 72).to_pil()
    out = io.BytesIO()
    sheet.save(out, format="PNG")
    document.close()
    return out.getvalue()


def _keep(picture: bytes, path: Path) -> None:
    """Write it in its own colours. Raises SystemExit when it is too large."""
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} has {path.stat().st_size} bytes, more than {LARGEST}")


if __name__ == "__main__":
    sys.exit(main())
