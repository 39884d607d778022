"""The badge's part of a course package, from the manifest to the rows and files of a published version."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from assessments.badges.models import OwnPicture
from assessments.badges.pictures import Pictures, achievement_pictures, read_picture
from assessments.badges.queries import ACHIEVEMENT
from assessments.coursework import AssessmentsCoursework
from courses.catalogue.publish import publish
from courses.packages import ParsedCourse, read_package
from courses.packages.models import Problem
from fourweek.clock import Now
from fourweek.edge import House
from fourweek.errors import NotFound
from tests.assessments.badges.test_own_pictures import OPEN, RED
from tests.courses.packages.factories import change, copy_course
from tests.factories import START

NOW = Now(real=START, school=START)
NAME = 'name = "Pump Keeper"'
BADGE = f"{OPEN}\n{RED}\n</svg>"


def _read(folder: Path, said: str, badge: str = BADGE) -> tuple[ParsedCourse, list[str]]:
    """The fixture course with `said` in its achievement, and what is wrong with its badge."""
    course = copy_course(folder)
    (course / "badge.svg").write_text(badge, encoding="utf-8")
    change(course / "course.toml", NAME, said)
    parsed, problems = read_package(course)
    assert parsed is not None
    found: list[Problem] = [*problems, *AssessmentsCoursework().prepare(parsed).problems]
    return parsed, [str(problem) for problem in found if problem.file in {"course.toml", "badge.svg"}]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (f'{NAME}\nicon = "gaer"', 'course.toml:23: error: "gaer" is not one of star, bolt, book, bridge, chart,'),
        (f'{NAME}\nicon = "gaer"', 'Did you mean "gear"?'),
        ('name = "ポンプ"', "course.toml:22: warning: The badge’s picture is drawn with Latin, Greek and Cyrillic"),
    ],
)
def test_what_is_wrong_with_a_badge_is_said_with_file_and_line(tmp_path: Path, said: str, words: str) -> None:
    _, problems = _read(tmp_path, said)
    assert [words in problem for problem in problems] == [True]


def test_what_is_wrong_inside_a_picture_is_said_with_its_line(tmp_path: Path) -> None:
    _, problems = _read(tmp_path, f'{NAME}\npicture = "badge.svg"', BADGE.replace(RED, "<script/>"))
    assert problems == ["badge.svg:2: error: The SVG holds a script."]


def test_another_picture_makes_another_package(tmp_path: Path) -> None:
    digests = set()
    for place, badge in enumerate((BADGE, BADGE.replace("c00000", "00c000"))):
        folder = tmp_path / str(place)
        folder.mkdir()
        digests.add(_read(folder, f'{NAME}\npicture = "badge.svg"', badge)[0].package_sha256)
    assert len(digests) == 2


def test_icon_and_validity_are_published_and_the_picture_drawn_later(house: House, tmp_path: Path) -> None:
    course, problems = _read(tmp_path, f'{NAME}\nicon = "gear"\nvalid_months = 36')
    assert problems == []
    publish(house.db, house.store, course, coursework=AssessmentsCoursework(), author_id=None, now=NOW)
    row = house.db.read_now(lambda conn: conn.execute(select(ACHIEVEMENT)).one())
    assert (row.icon, row.valid_months, row.own_picture) == ("gear", 36, OwnPicture.DRAWN)
    assert (row.picture_sha256, row.svg_sha256) == ("", "")
    made = achievement_pictures(house.db, house.store, house.settings, row.id)
    kept = house.db.read_now(lambda conn: conn.execute(select(ACHIEVEMENT)).one())
    assert read_picture(house.store, kept.picture_sha256) == made.png
    assert read_picture(house.store, kept.svg_sha256) == made.svg
    assert achievement_pictures(house.db, house.store, house.settings, row.id) == made


def test_own_picture_is_in_the_store_in_both_forms_when_it_is_published(house: House, tmp_path: Path) -> None:
    course, problems = _read(tmp_path, f'{NAME}\npicture = "badge.svg"')
    assert problems == []
    publish(house.db, house.store, course, coursework=AssessmentsCoursework(), author_id=None, now=NOW)
    row = house.db.read_now(lambda conn: conn.execute(select(ACHIEVEMENT)).one())
    made = achievement_pictures(house.db, house.store, house.settings, row.id)
    assert row.own_picture is OwnPicture.SVG
    assert made == Pictures(read_picture(house.store, row.picture_sha256), read_picture(house.store, row.svg_sha256))
    assert b'fill="#c00000"' in made.svg
    shutil.rmtree(house.settings.home / "files")
    with pytest.raises(NotFound):  # nobody can draw an author's picture again
        achievement_pictures(house.db, house.store, house.settings, row.id)
