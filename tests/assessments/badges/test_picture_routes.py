"""Pictures of what one can earn: for everybody, and of a package for its author alone."""

import io
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import select

from assessments.badges.models import OwnPicture
from assessments.badges.pictures import Pictured, achievement_pictures
from assessments.badges.queries import ACHIEVEMENT
from fourweek.accounts.models import Role
from fourweek.edge import House
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.badges.factories import achievement
from tests.courses.catalogue.packages import zipped
from tests.statements import statements

UPLOAD = "/authoring/upload"


def _made(house: House) -> tuple[str, str]:
    """An achievement and the code of its course."""

    def act(conn: Any) -> tuple[str, str]:
        course = make.course(conn)
        return achievement(conn, course), course.code

    return house.db.write_now(act)


def test_an_achievements_picture_is_for_everybody_in_both_forms(house: House, browser: Any) -> None:
    achievement_id, code = _made(house)
    address = f"/achievements/{achievement_id}/picture"
    assert browser().get("/achievements/unknown/picture.png").status_code == 404
    assert browser().get("/courses/unknown/badge.png").status_code == 404
    with statements(house.db) as count:
        png = browser().get(f"{address}.png")
    assert (png.headers["content-type"], count.number <= 3) == ("image/png", True)
    assert Image.open(io.BytesIO(png.content)).size == (600, 600)
    assert browser().get(f"/courses/{code}/badge.png").content == png.content
    svg = browser().get(f"{address}.svg")
    assert svg.headers["content-type"] == "image/svg+xml"
    assert svg.headers["access-control-allow-origin"] == "*"
    assert "default-src 'none'" in svg.headers["content-security-policy"]
    assert ">Runs a Reliable Service</text>" in svg.text or "Badge: Runs a Reliable Service" in svg.text
    again = browser().get(f"{address}.svg", headers={"if-none-match": svg.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    # Looking keeps nothing; what is kept once a badge needs it looks the same.
    row = house.db.read_now(lambda conn: conn.execute(select(ACHIEVEMENT)).one())
    assert (row.picture_sha256, row.svg_sha256) == ("", "")
    kept = achievement_pictures(house.db, house.store, house.settings, achievement_id)
    assert (kept.png, kept.svg) == (png.content, svg.content)
    assert browser().get(f"{address}.png").content == png.content


def test_the_badge_of_a_series_says_so_on_its_ribbon() -> None:
    of_series, of_course = (Pictured("A", "gear", OwnPicture.DRAWN, "", "", of) for of in (True, False))
    settings = Settings(institution="B", institution_accent="#e0a526")
    drawing = of_series.drawing(settings)
    assert (drawing.title, drawing.icon, drawing.institution, drawing.accent) == ("A", "gear", "B", "#e0a526")
    assert (drawing.note, of_course.drawing(settings).note) == ("Series of courses", "Microcredential")


def test_a_picture_that_is_refused_is_not_shown(house: House, browser: Any, tmp_path: Path) -> None:
    package = zipped(tmp_path / "a.zip", badge=('name = "Pump Keeper"', 'name = "A"\npicture = "week1/fig/dot.png"'))
    author = browser(house.db.write_now(make.with_role, Role.AUTHOR, "Avery Author"))
    answer = author.submit(UPLOAD, UPLOAD, files={"package": ("a.zip", package, "application/zip")})
    page = author.get(str(answer.headers["location"])).text
    assert "The picture is 3 by 2 pixels; a badge is as wide as it is high." in page
    assert "badge.png" not in page


def test_an_author_sees_the_badge_before_it_is_published(house: House, browser: Any, tmp_path: Path) -> None:
    package = zipped(tmp_path / "a.zip", badge=('name = "Pump Keeper"', 'name = "Pump Keeper"\nvalid_months = 36'))
    author = browser(house.db.write_now(make.with_role, Role.AUTHOR, "Avery Author"))
    answer = author.submit(UPLOAD, UPLOAD, files={"package": ("a.zip", package, "application/zip")})
    draft = str(answer.headers["location"])
    assert browser().get(f"{draft}/badge.png").status_code == 303
    other = browser(house.db.write_now(make.with_role, Role.AUTHOR, "Olive Other"))
    assert other.get(f"{draft}/badge.png").status_code == 404
    page = author.get(draft)
    assert f'src="{draft}/badge.png"' in page.text
    assert "For 3 years" in page.text
    picture = author.get(f"{draft}/badge.png")
    assert picture.headers["cache-control"] == "private, no-store"
    assert Image.open(io.BytesIO(picture.content)).size == (600, 600)
    author.submit(draft, f"{draft}/publish")
    public = browser().get("/courses/pump-care")
    assert 'src="/courses/pump-care/badge.png"' in public.text
    assert "It holds for 3 years" in public.text
    assert browser().get("/courses/pump-care/badge.png").content == picture.content
