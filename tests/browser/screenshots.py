"""`python -m tests.browser.screenshots FOLDER`: the pictures of the README, taken in the demonstration school.

The light ones go into FOLDER, the dark ones into FOLDER/dark.
"""

import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.progress import track

from tests.browser.chromium import FLAGS, find
from tests.browser.evidence_pictures import take_evidence
from tests.browser.grading_pictures import take_grading
from tests.browser.pictures import Album
from tests.browser.visits import visits
from tests.servers import FOURWEEK, fourweek_environment, free_port, run_fourweek, serving

LARGEST = 320_000


def main() -> int:
    if len(sys.argv) != 2:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    where, target = find(), Path(sys.argv[1])
    if where is None:
        sys.stderr.write("No Chromium was found. Run: python -m tests.browser.chromium --install\n")
        return 1
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
            _take_all(browser, facts, target, dark=False)
            _take_all(browser, facts, target / "dark", dark=True)
            for take in (take_evidence, take_grading):
                take(browser, lambda name, picture, dark: _keep(picture, _place(target, name, dark=dark)))
            browser.close()
    return 0


def _place(target: Path, name: str, *, dark: bool) -> Path:
    return (target / "dark" if dark else target) / f"{name}.png"


def _take_all(browser: Browser, facts: dict[str, Any], target: Path, *, dark: bool) -> None:
    target.mkdir(parents=True, exist_ok=True)
    words = "Taking pictures in the dark" if dark else "Taking pictures"
    with visits(browser, facts["base_url"], script=True) as open_visit:
        pictures = list(Album(open_visit, facts, dark=dark).pictures())
        for name, take in track(pictures, words, console=Console(stderr=True), transient=True):
            _keep(take(), target / f"{name}.png")


def _keep(picture: bytes, path: Path) -> None:
    """Write it in its own colours. Raises SystemExit when it is too large."""
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} has {path.stat().st_size} bytes, more than {LARGEST}")


if __name__ == "__main__":
    sys.exit(main())
