"""Pages in Chromium: what comes over the line, whether anything moves, whether the paint waits for script."""

from playwright.sync_api import sync_playwright

from tests.bench.measures import Bench
from tests.bench.report import Finding, Goal
from tests.bench.requests import COOKIE
from tests.browser.chromium import FLAGS, find
from tests.browser.felt import FIGURES, FONT, Eyes, Felt, feel

NOT_FOUND = Finding("pages as felt", None, "no Chromium was found")
MOST = Goal(60, unit=" kB")


def felt(bench: Bench) -> list[Finding]:
    """The pages of the main job on a first visit: kB without figures and fonts; the rest stands in words."""
    where = find()
    if where is None:
        return [NOT_FOUND]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=list(FLAGS))
        found = []
        for what, eyes in _pages(bench).items():
            bench.step(f"{what} in Chromium")
            found.append(_finding(what, feel(browser, eyes)))
        browser.close()
    return found


def _pages(bench: Bench) -> dict[str, Eyes]:
    school, at = bench.school, bench.app.url
    learner, grader, finisher = ((COOKIE, token) for token in (school.counted, school.grader, school.finisher))
    return {
        "sign-in": Eyes(f"{at}/sign-in"),
        "catalogue": Eyes(f"{at}/courses"),
        "course": Eyes(f"{at}/courses/{school.code}"),
        "verify": Eyes(f"{at}/verify"),
        "badge": Eyes(f"{at}/badges/{school.badge}"),
        "home": Eyes(f"{at}/home", *learner),
        "module": Eyes(at + school.module_path, *learner),
        "lesson": Eyes(at + school.lesson_path, *learner),
        "assignment": Eyes(at + school.task_path, *learner),
        "transcript": Eyes(f"{at}/transcript", *finisher),
        "queue": Eyes(f"{at}/grading", *grader),
        "grading screen": Eyes(f"{at}/grading/{school.waiting[-1]}", *grader),
    }


def _finding(what: str, one: Felt) -> Finding:
    first, again = one.cold, one.warm
    fonts, figures = (first.bytes.get(kind, 0) / 1000 for kind in (FONT, FIGURES))
    paint = "no paint" if first.paint_ms is None else f"paint {first.paint_ms:.0f} ms"
    words = [
        f"{first.requests} requests",
        f"fonts {fonts:.0f} kB",
        *([f"figures {figures:.0f} kB"] if figures else []),
        f"again {again.requests}: {again.all_bytes / 1000:.0f} kB",
        f"moves {first.shift + again.shift:.3f}",
        f"{paint}, page ready {first.ready_ms:.0f} ms",
        "" if one.paints_without_script else "THE PAINT WAITS FOR SCRIPT",
    ]
    return Finding(f"{what} as felt", first.counted / 1000, ", ".join(filter(None, words)), MOST, unit=" kB")
