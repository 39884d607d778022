"""Browsers that watch what the pages do: no error in the console, no request elsewhere, no answer of 500 or more."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from tests.browser.school import Someone

PATIENCE_MS = 15_000
WIDE = (1280, 900)
BARE_PICTURE = "Applying inline style violates the following Content Security Policy directive 'default-src 'none''"
"""What Chromium says of its own style around a bare picture, which it shows all the same; pages have a `style-src`."""


@dataclass(slots=True)
class Visit:
    """One person's browser. `troubles` is what no page of ours may do; `expected` says which statuses are part of a
    test and may therefore stand in the console."""

    base: str
    page: Page
    troubles: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def press(self, name: str) -> None:
        """Press the button, or follow the link that looks like one; the page that follows is there afterwards."""
        button = self.page.get_by_role("button", name=name, exact=True)
        link = self.page.get_by_role("link", name=name, exact=True)
        with self.page.expect_navigation():
            button.or_(link).last.click()

    @contextmanager
    def refused(self, status: int = 422) -> Iterator[None]:
        """What is sent inside is answered with `status`, as it should be."""
        self.expected.add(status)
        yield
        self.expected.remove(status)

    def sign_in(self, someone: Someone) -> None:
        self.go("/sign-in")
        self.sign_in_here(self.page, someone)

    @staticmethod
    def sign_in_here(page: Page, someone: Someone) -> None:
        page.get_by_label("Mail address").fill(someone.address)
        page.get_by_label("Password").fill(someone.password)
        with page.expect_navigation():
            page.get_by_role("button", name="Sign in", exact=True).click()

    def a_week_passes(self) -> None:
        """By the bar of the demonstration."""
        self.press("1 week on")


Opener = Callable[..., Visit]


@contextmanager
def visits(browser: Browser, base: str, *, script: bool) -> Iterator[Opener]:
    """Opens visits; at the end none of them may have seen trouble."""
    opened: list[Visit] = []

    def open_visit(*, size: tuple[int, int] = WIDE, dark: bool = False) -> Visit:
        context = browser.new_context(
            java_script_enabled=script,
            locale="en-GB",
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(PATIENCE_MS)
        visit = Visit(base, context.new_page())
        _watch(context, visit)
        opened.append(visit)
        return visit

    yield open_visit
    troubles = [trouble for visit in opened for trouble in visit.troubles]
    for visit in opened:
        visit.context.close()
    if troubles:
        raise AssertionError("what no page may do:\n" + "\n".join(troubles))


def _watch(context: BrowserContext, visit: Visit) -> None:
    def on_console(message: ConsoleMessage) -> None:
        told = any(
            f"status of {status} " in message.text or f"Code {status} " in message.text for status in visit.expected
        )
        bare = BARE_PICTURE in message.text
        if message.type in {"error", "warning"} and not told and not bare:
            visit.troubles.append(f"console: {message.text}")

    def on_response(response: Response) -> None:
        if response.status >= 400 and response.status not in visit.expected:
            visit.troubles.append(f"{response.status}: {response.request.method} {response.url}")

    def only_here(request: Request) -> None:
        """Chromium itself finds no other host (chromium.FLAGS); holding each request up here would cost its cache."""
        if urlsplit(request.url).netloc != urlsplit(visit.base).netloc and not request.url.startswith("data:"):
            visit.troubles.append(f"request elsewhere: {request.url}")

    context.on("console", on_console)
    context.on("weberror", lambda error: visit.troubles.append(f"script: {error.error}"))
    context.on("response", on_response)
    context.on("request", only_here)
