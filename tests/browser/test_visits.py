"""The watch over the walk sees what it must see."""

import pytest
from playwright.sync_api import Browser

from tests.browser.visits import visits

pytestmark = pytest.mark.browser
BASE = "http://127.0.0.1:1"
TROUBLE = {
    "request elsewhere": '<img src="http://elsewhere.example/x.png">',
    "console": "<script>console.error('no')</script>",
    "script": "<script>throw new Error('no')</script>",
    "Content Security Policy": """<meta http-equiv="content-security-policy" content="style-src 'none'">
                                  <p style="color: red">red</p>""",
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_watch_reports_trouble(chromium: Browser, trouble: str) -> None:
    with pytest.raises(AssertionError, match=trouble), visits(chromium, BASE, script=True) as open_visit:
        open_visit().page.set_content(TROUBLE[trouble])


def test_watch_is_content_with_a_calm_page(chromium: Browser) -> None:
    with visits(chromium, BASE, script=True) as open_visit:
        open_visit().page.set_content("<p>calm</p>")
