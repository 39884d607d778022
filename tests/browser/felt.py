"""What a page costs as it is felt: what comes over the line, what moves, whether script holds up the first paint."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize
from playwright.sync_api import TimeoutError as NotInTime

from tests.browser.visits import PATIENCE_MS

SIZE = ViewportSize(width=390, height=844)
FIGURES, FONT = "Image", "Font"
WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts.push(one.value);
}).observe({ type: "layout-shift", buffered: true });
"""
TIMES = """
() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  const page = performance.getEntriesByType("navigation")[0];
  return [paint ? paint.startTime : null, page.domContentLoadedEventStart];
}
"""
SETTLED = (
    "() => document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60))))"
)
PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length > 0"


@dataclass(frozen=True, slots=True)
class Load:
    """One load of a page: how often the line was asked, and the bytes by kind of answer, heads included."""

    requests: int
    bytes: Mapping[str, int]
    shift: float
    paint_ms: float | None
    ready_ms: float

    @property
    def all_bytes(self) -> int:
        return sum(self.bytes.values())

    @property
    def counted(self) -> int:
        """Without figures and fonts, as the goal has it."""
        return sum(size for kind, size in self.bytes.items() if kind not in {FIGURES, FONT})


@dataclass(frozen=True, slots=True)
class Felt:
    cold: Load
    warm: Load
    paints_without_script: bool


@dataclass(frozen=True, slots=True)
class Eyes:
    """A page, and who looks: the cookie of a sign-in, "" for a guest."""

    url: str
    name: str = ""
    token: str = ""

    def open(self, browser: Browser) -> BrowserContext:
        """A browser of theirs that was nowhere yet."""
        context = browser.new_context(viewport=SIZE)
        if self.name:
            parts = urlsplit(self.url)
            context.add_cookies([{"name": self.name, "value": self.token, "url": f"{parts.scheme}://{parts.netloc}"}])
        return context


def feel(browser: Browser, eyes: Eyes) -> Felt:
    """A page as a browser has it that knows nothing yet, then once more."""
    context = eyes.open(browser)
    try:
        cold, warm = load(context, eyes.url), load(context, eyes.url)
    finally:
        context.close()
    return Felt(cold, warm, paints_without_script(browser, eyes))


def load(context: BrowserContext, url: str) -> Load:
    """Open the page in a new tab of the browser, which knows what its tabs fetched before."""
    page = context.new_page()
    page.add_init_script(WATCH)
    kinds, sizes = _listen(page)
    answer = page.goto(url, wait_until="load")
    assert answer is not None
    assert answer.ok, f"{url}: {answer.status}"
    page.evaluate(SETTLED)
    shift, (paint, ready) = sum(page.evaluate("window.shifts")), page.evaluate(TIMES)
    page.close()
    asked = {one: size for one, size in sizes.items() if size}
    by_kind = {kind: sum(size for one, size in asked.items() if kinds.get(one) == kind) for kind in kinds.values()}
    return Load(len(asked), by_kind, shift, paint, ready)


def _listen(page: Page) -> tuple[dict[str, str], dict[str, int]]:
    """Kind and bytes of every answer that came over the line, by its number; filled while the page loads."""
    kinds, sizes, kept = dict[str, str](), dict[str, int](), set[str]()
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.on("Network.responseReceived", lambda one: kinds.update({one["requestId"]: one["type"]}))
    line.on("Network.requestServedFromCache", lambda one: kept.add(one["requestId"]))
    line.on(
        "Network.loadingFinished",
        lambda one: sizes.update({one["requestId"]: 0 if one["requestId"] in kept else int(one["encodedDataLength"])}),
    )
    return kinds, sizes


def paints_without_script(browser: Browser, eyes: Eyes) -> bool:
    """Whether the first paint comes while every script is withheld."""
    context, withheld = eyes.open(browser), list[Route]()
    try:
        page = context.new_page()
        page.route(lambda address: ".js" in address, lambda route: withheld.append(route))  # noqa: PLW0108 it is marked
        page.goto(eyes.url, wait_until="commit")
        page.wait_for_function(PAINTED, timeout=PATIENCE_MS)
        for route in withheld:
            route.continue_()
    except NotInTime:
        return False
    finally:
        context.close()
    return True
