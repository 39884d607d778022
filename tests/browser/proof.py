"""What remains: the badge and the transcript, and what a stranger finds when checking them."""

import io
import json
import re
import time
from pathlib import Path

from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.visits import Visit

PATIENCE_S = 20


def earned_badge(visit: Visit) -> str:
    """Wait for the worker to award and sign the badge; returns the path of its public page."""
    until = time.monotonic() + PATIENCE_S
    signed = visit.page.locator(".entry", has=visit.page.get_by_text("Signed", exact=True))
    visit.go("/badges")
    while signed.count() == 0 and time.monotonic() < until:
        time.sleep(0.3)
        visit.page.reload()
    expect(signed).to_have_count(1)
    signed.get_by_role("link").click()
    visit.press("Open the page as others see it")
    return visit.page.url.removeprefix(visit.base)


def issued_transcript(visit: Visit) -> str:
    """Issue a transcript, download it as PDF and as CSV; returns the code printed on it."""
    visit.go("/transcript")
    visit.press("Issue a transcript")
    expect(visit.page.locator("#notices")).to_contain_text("ready to download")
    table = _download(visit, "CSV").read_text(encoding="utf-8-sig")
    assert table.count("reliable-services") == 4
    reader = PdfReader(io.BytesIO(_download(visit, "PDF").read_bytes()))
    words = "\n".join(page.extract_text() for page in reader.pages)
    found = re.search(r"\b(?:[0-9A-Z]{4}[ -]){3}[0-9A-Z]{4}\b", words)
    assert found, words
    return found.group()


def badge_is_public(visit: Visit, badge: str, holder: str) -> None:
    """The page names the holder and its checks hold; the file is a signed credential, the picture carries it."""
    visit.go(badge)
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(holder)
    expect(visit.page.locator("#checks")).not_to_contain_text("Failed")
    credential = json.loads(_download(visit, "Download the badge file").read_bytes())
    assert credential["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert credential["proof"][0]["cryptosuite"] == "eddsa-rdfc-2022"
    picture = visit.context.request.get(f"{visit.base}{badge}/badge.png").body()
    assert picture.startswith(b"\x89PNG")
    assert b"openbadgecredential" in picture


def code_is_valid(visit: Visit, code: str) -> None:
    visit.go("/verify")
    visit.page.get_by_label(re.compile("code", re.IGNORECASE)).first.fill(code)
    visit.press("Check")
    expect(visit.page.get_by_role("main")).to_contain_text(re.compile("valid", re.IGNORECASE))


def _download(visit: Visit, link: str) -> Path:
    with visit.page.expect_download() as coming:
        visit.page.get_by_role("link", name=link, exact=True).click()
    return coming.value.path()
