"""Files of every kind in Chromium: what is meant to be seen is seen, and nothing in them runs or is fetched."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Error, Page
from sqlalchemy import Connection, select

from assessments.assignments.models import RequirementKind
from assessments.assignments.queries import REQUIREMENT
from assessments.evidence.models import Evidence
from assessments.evidence.names import clean_name
from assessments.evidence.queries import SUBMISSION
from fourweek.database import Database, add, new_id
from fourweek.settings import Settings
from fourweek.storage import open_store
from tests.assessments.photos.pictures import jpeg
from tests.assessments.showing.files import HOSTILE, pdf, picture, table
from tests.browser import lead, learner
from tests.browser.school import LEAD, LEARNER, School, open_school, zipped_package
from tests.browser.visits import Visit, visits

pytestmark = pytest.mark.browser
PLAIN: dict[str, tuple[str, bytes]] = {
    "report.pdf": ("application/pdf", pdf("The service kept its promise.", "The second page.")),
    "photo.jpg": ("image/jpeg", jpeg()),
    "shot.png": ("image/png", picture()),
    "table.csv": ("text/csv", table(120)),
    "read-me.md": ("text/markdown", b"# Read me\n\nWith **care**.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"),
    "steps.py": ("text/plain", b"def step():\n\treturn 'one'\n" * 300),
}


@pytest.fixture(scope="module")
def shown(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Visit, dict[str, str]]]:
    """The learner's browser, and the ids of all files by name, in their draft."""
    folder = tmp_path_factory.mktemp("showing")
    with open_school(folder) as school, visits(chromium, school.url, script=True) as open_visit:
        rosa, zaneta = open_visit(), open_visit()
        rosa.sign_in(LEAD)
        zaneta.sign_in(LEARNER)
        course = lead.publish(rosa, zipped_package(folder))
        lead.plan_cohort(rosa)
        cohort = learner.enrol(zaneta, course)
        zaneta.a_week_passes()
        learner.opens_assignment(zaneta, cohort, 1)
        zaneta.page.locator("textarea").first.fill("A beginning.")
        zaneta.press("Save the draft")
        yield zaneta, _put_in(school, PLAIN | HOSTILE)


def _put_in(school: School, files: dict[str, tuple[str, bytes]]) -> dict[str, str]:
    """Past the way in, which would refuse some of them."""
    settings = Settings(home=school.home)
    store, db = open_store(settings), Database(settings.database)
    kept = {name: store.keep_bytes(data) for name, (_, data) in files.items()}

    def act(conn: Connection) -> dict[str, str]:
        draft = conn.execute(select(SUBMISSION)).one()
        slots = select(REQUIREMENT).where(REQUIREMENT.c.assignment_id == draft.assignment_id)
        slot = next(row for row in conn.execute(slots) if row.kind is RequirementKind.FILES)
        ids = {name: new_id() for name in files}
        for place, (name, (media_type, _)) in enumerate(files.items(), 100):
            row = Evidence(
                id=ids[name],
                submission_id=draft.id,
                requirement_id=slot.id,
                position=place,
                kind=RequirementKind.FILES,
                file_name=clean_name(name),
                media_type=media_type,
                size=kept[name].size,
                sha256=kept[name].sha256,
                saved_at=draft.saved_at,
            )
            add(conn, row)
        return ids

    ids = db.write_now(act)
    db.close()
    return ids


def _looks(page: Page, base: str, evidence: str) -> None:
    for part in ("/view", "/picture", ""):
        try:
            page.goto(f"{base}/evidence/{evidence}{part}")
        except Error as error:
            assert "Download is starting" in error.message or "ERR_ABORTED" in error.message  # noqa: PT017
        page.wait_for_timeout(50)
        assert "RAN" not in page.title()
        assert page.title() != "1"


def test_nothing_in_a_file_runs_or_is_fetched(shown: tuple[Visit, dict[str, str]]) -> None:
    visit, ids = shown
    page, said, asked = visit.context.new_page(), list[str](), list[str]()

    def on_dialog(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", on_dialog)
    page.on("request", lambda request: asked.append(request.url))
    visit.expected.add(404)  # what cannot be drawn has no picture
    for name in HOSTILE:
        _looks(page, visit.base, ids[name])
    assert said == []
    assert [url for url in asked if not url.startswith((visit.base, "data:", "blob:"))] == []
    page.close()


def test_what_is_meant_to_be_seen_is_seen(shown: tuple[Visit, dict[str, str]], tmp_path: Path) -> None:
    visit, ids = shown
    page = visit.context.new_page()
    for name in PLAIN:
        page.goto(f"{visit.base}/evidence/{ids[name]}/view")
        assert page.get_by_role("heading", level=1).inner_text() == name
        assert "cannot be shown" not in page.inner_text("main")
        if page.locator("img.shown").count():
            assert page.evaluate("document.querySelector('img.shown').naturalWidth") > 0
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{visit.base}/evidence/{ids['report.pdf']}/view")
    with page.expect_navigation():
        page.get_by_role("link", name="Next", exact=True).first.click()
    assert "Page 2 of 2" in page.inner_text("main")
    page.close()
