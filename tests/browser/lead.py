"""What the lead does: a package becomes a course, the course a cohort."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.visits import Visit

ZONE = "America/New_York"


def publish(visit: Visit, package: Path) -> str:
    """Upload a package, look at what it says, publish it; returns the path of the course's page."""
    visit.go("/authoring")
    visit.press("Upload a package")
    visit.page.get_by_label("Course package").set_input_files(package)
    visit.press("Upload")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Running a Reliable Service")
    visit.press("Publish version 1.0")
    expect(visit.page.locator("#notices")).to_contain_text("is published")
    return visit.page.url.removeprefix(visit.base)


def plan_cohort(visit: Visit) -> str:
    """A cohort that starts next Monday, in New York; returns the path of its page for staff."""
    today = datetime.now(ZoneInfo(ZONE)).date()
    monday = today + timedelta(days=7 - today.weekday())
    visit.go("/staff/cohorts/new")
    page = visit.page
    page.get_by_label("Course").select_option(index=1)
    page.get_by_label("Name of the cohort").fill("Autumn evenings")
    page.get_by_label("Start date", exact=True).fill(monday.isoformat())
    page.get_by_label("Time zone", exact=True).fill(ZONE)
    page.get_by_label("Modules open every week on").select_option(label="Monday")
    page.get_by_label("Modules open at").fill("00:00")
    visit.press("Show the dates")
    visit.press("Plan this cohort")
    expect(page.locator("#notices")).to_contain_text("planned")
    return page.url.removeprefix(visit.base)
