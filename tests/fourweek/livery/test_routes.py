"""What an institution wears comes from us, is kept for ever by its fingerprint, and is on every page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from fourweek.app import create_app
from fourweek.edge import House
from fourweek.settings import Settings
from fourweek.static_files import FOREVER
from tests.templates.markup import elements
from tests.visits import Browser

SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h9v9z"/></svg>'
WIDE = SQUARE.replace(b"0 0 10 10", b"0 0 40 10")


@pytest.fixture
def worn(house: House, tmp_path: Path) -> Iterator[Any]:
    """A visitor to the school as it is with these settings."""
    opened: list[Browser] = []

    def visitor(**settings: Any) -> Browser:
        for name, data in (("square.svg", SQUARE), ("wide.svg", WIDE)):
            (tmp_path / name).write_bytes(data)
        changed = house.settings.model_copy(update=settings)
        app = create_app(house=House(changed, house.db, house.store, house.passwords))
        opened.append(Browser(app))
        return opened[-1]

    yield visitor
    for one in opened:
        one.close()


def head(browser: Browser) -> tuple[list[str], dict[str, str] | None, str]:
    """Style sheets, the picture in the head, and the words beside it."""
    text = browser.get("/sign-in").text
    found = elements(text)
    sheets = [one["href"] for tag, one in found if tag == "link" and one.get("rel") == "stylesheet"]
    picture = next((one for tag, one in found if tag == "img" and one.get("class") == "logo"), None)
    return sheets, picture, text.split('<a class="house"')[1].split("</a>")[0]


def test_without_settings_there_is_neither_sheet_nor_logo(worn: Any) -> None:
    browser = worn(institution_accent="")
    sheets, picture, sign = head(browser)
    assert (any("institution" in sheet for sheet in sheets), picture, "<svg" in sign) == (False, None, True)
    assert [browser.get(f"/institution/{name}").status_code for name in ("colours.css", "logo")] == [404, 404]


def test_the_sheet_stands_over_our_tokens_and_under_print(worn: Any) -> None:
    browser = worn(institution_colour="#7a0019")
    sheets, _, _ = head(browser)
    own = next(sheet for sheet in sheets if sheet.startswith("/institution/colours.css?v="))
    assert sheets.index(own) > 0
    assert "print" in sheets[sheets.index(own) + 1]
    answer = browser.get(own)
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("text/css; charset=utf-8", FOREVER)
    assert "--accent: #7a0019;" in answer.text
    assert browser.get("/institution/colours.css?v=other").headers["cache-control"] == "public, max-age=300"


def test_a_square_logo_stands_beside_the_name(worn: Any, tmp_path: Path) -> None:
    browser = worn(institution="Harbour Institute", institution_logo=str(tmp_path / "square.svg"))
    _, picture, sign = head(browser)
    assert picture is not None
    assert (picture["width"], picture["height"], picture["alt"], "Harbour Institute" in sign) == ("36", "36", "", True)
    answer = browser.get(picture["src"])
    assert (answer.content, answer.headers["content-type"]) == (SQUARE, "image/svg+xml")
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == (FOREVER, "nosniff")


def test_a_logo_that_holds_the_name_stands_alone(worn: Any, tmp_path: Path) -> None:
    browser = worn(institution="Harbour Institute", institution_logo=str(tmp_path / "wide.svg"))
    _, picture, sign = head(browser)
    assert picture is not None
    assert (picture["width"], picture["alt"], sign.count("Harbour Institute")) == ("144", "Harbour Institute", 1)


def test_a_file_that_is_no_logo_stops_the_start_in_words(tmp_path: Path) -> None:
    (tmp_path / "bad.svg").write_bytes(SQUARE.replace(b"<path", b"<script/><path"))
    with pytest.raises(ValidationError, match=r"INSTITUTION_LOGO: .*bad.svg is refused. The SVG holds a script"):
        Settings(institution_logo=str(tmp_path / "bad.svg"))
