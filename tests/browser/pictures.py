"""The pictures of the README: what is on each, and who sees it, in the demonstration school."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
from PIL import Image
from playwright.sync_api import Page

from tests.browser import running
from tests.browser.school import Someone
from tests.browser.visits import WIDE, Opener, Visit

Picture = tuple[str, Callable[[], bytes]]
PHONE = (360, 740)
DOTS_AN_INCH = 100
SESSION = "Clinic: your change plan"
TABLE = """name,email,section
Noor van Dijk,noor@quay.example,
Amara Okafor,amara@harbour.example,
Ben Achterberg,ben at quay.example,
Ruta Petrauskas,ruta@quay.example,"""


class Album:
    """Everybody in a picture signs in once for each size of a window."""

    def __init__(self, open_visit: Opener, facts: dict[str, Any], *, dark: bool) -> None:
        self.open_visit, self.facts, self.dark = open_visit, facts, dark
        self.base: str = facts["base_url"]
        self.examples: dict[str, Any] = facts["examples"]
        self.cohort = self.path("cohort_in_week_3")
        self.visits: dict[tuple[str, tuple[int, int]], Visit] = {}

    def pictures(self) -> Iterator[Picture]:
        """A name and how it is taken; what changes the school stands last."""
        module = self.path("module_page")
        yield "home", lambda: self.page(self.reader(), "/home")
        yield "lesson", lambda: _first(self.reader(), module, "#lessons a")
        yield "lesson-phone", lambda: _first(self.reader(PHONE), module, "#lessons a", ".prose")
        yield "evidence", lambda: _first(self.reader(), module, "#evidence a", "#work")
        yield "catalogue", lambda: self.page(self.stranger(), "/courses")
        yield "preview", lambda: _preview(self.lead(), self.staff)
        yield "dates", lambda: self.page(self.lead(), f"{self.staff}/dates?differs=1")
        yield "progress", lambda: self.page(self.lead(), f"{self.staff}/progress", ".counts")
        yield "roster", lambda: _table_checked(self.lead(), self.staff)
        yield "badge", lambda: self.page(self.stranger(), self.path("badge_page"))
        yield "transcript", lambda: self.page(self.holder(), "/transcript")
        if not self.dark:
            yield "transcript-pdf", lambda: _document(self.holder(), self.examples["transcript_pdf"])
        yield "session", self.live_session

    @property
    def staff(self) -> str:
        return f"/staff{self.cohort}"

    def path(self, example: str) -> str:
        return str(self.examples[example]).removeprefix(self.base)

    def page(self, visit: Visit, path: str, part: str = "") -> bytes:
        visit.go(path)
        return _picture(visit.page, part)

    def live_session(self) -> bytes:
        """One that begins in ten minutes; the dark album finds the one that was planned for the light one."""
        if not self.dark:
            attendance = running.plans_session(self.lead(), self.staff, SESSION, weeks_on=0)
            running.makes_code(self.lead(), attendance)
        visit = self.reader()
        visit.go(f"{self.cohort}/sessions")
        visit.press(SESSION)
        return _picture(visit.page)

    def reader(self, size: tuple[int, int] = WIDE) -> Visit:
        return self._signed_in("address", self.examples["as"]["module_page"], size)

    def holder(self) -> Visit:
        return self._signed_in("address", self.examples["as"]["transcript_pdf"])

    def lead(self) -> Visit:
        return self.role("lead")

    def role(self, role: str) -> Visit:
        return self._signed_in("role", role)

    def stranger(self) -> Visit:
        return self.open_visit(dark=self.dark)

    def _signed_in(self, key: str, value: str, size: tuple[int, int] = WIDE) -> Visit:
        person = next(person for person in self.facts["personas"] if person[key] == value)
        known = self.visits.get((person["address"], size))
        if known:
            return known
        visit = self.visits[person["address"], size] = self.open_visit(size=size, dark=self.dark)
        visit.sign_in(Someone(person["name"], person["address"], password=person["password"]))
        return visit


def _first(visit: Visit, page: str, link: str, part: str = "") -> bytes:
    """The page behind the first such link, from `part` of it down."""
    visit.go(page)
    with visit.page.expect_navigation():
        visit.page.locator(link).first.click()
    return _picture(visit.page, part)


def _preview(visit: Visit, staff: str) -> bytes:
    visit.go(f"{staff}/rules")
    visit.page.get_by_label("Work is due so many days after").fill("8")
    visit.press("Show what moves")
    return _picture(visit.page, "main form")


def _table_checked(visit: Visit, staff: str) -> bytes:
    visit.go(f"{staff}/roster/import")
    visit.page.get_by_label("The table").fill(TABLE)
    with visit.refused():
        visit.press("Check the table")
        return _picture(visit.page)


def _picture(page: Page, part: str = "") -> bytes:
    """What the window shows, from `part` of the page down."""
    if part:
        page.locator(part).first.evaluate("part => part.scrollIntoView()")
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
