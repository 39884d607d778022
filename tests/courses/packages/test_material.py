"""The real course that nobody wrote for this software, when its folder is at hand: FOURWEEK_MATERIAL, or beside us."""

import os
import re
from pathlib import Path

import pytest

from courses.packages import read_package
from courses.packages.models import ParsedCourse, ParsedLesson

ROOT = Path(__file__).parents[3]
MANIFEST = ROOT / "courses" / "examples" / "git-novice.toml"
MATERIAL = Path(os.environ.get("FOURWEEK_MATERIAL") or ROOT.parent / "shared" / "material") / "git-novice"

pytestmark = pytest.mark.skipif(not MATERIAL.is_dir(), reason="the git-novice material is not at hand")


@pytest.fixture(scope="module")
def course() -> ParsedCourse:
    found, problems = read_package(MANIFEST, MATERIAL)
    assert [str(problem) for problem in problems] == [
        "episodes/04-changes.md:193: warning: <commit message here> is no HTML tag that is known here; it is shown as "
        "text. Use `code` marks?",
        "episodes/07-github.md:29: warning: This links to week 4, which is still locked when this page opens.",
    ]
    assert found is not None
    return found


def lesson(course: ParsedCourse, week: int, slug: str) -> ParsedLesson:
    return next(one for one in course.modules[week - 1].lessons if one.slug == slug)


def test_four_weeks_of_the_fourteen_episodes(course: ParsedCourse) -> None:
    files = [[Path(one.file).name for one in module.lessons] for module in course.modules]
    assert files == [
        ["01-basics.md", "02-setup.md", "03-create.md", "setup.md", "reference.md"],
        ["04-changes.md", "05-history.md", "06-ignore.md"],
        ["07-github.md", "08-collab.md", "09-conflict.md"],
        ["10-open.md", "11-licensing.md", "12-citation.md", "13-hosting.md", "14-supplemental-rstudio.md"],
    ]
    assert lesson(course, 1, "basics").title == "Automated Version Control"
    assert lesson(course, 4, "rstudio").title == "Supplement: Git from RStudio"


def test_lesson_minutes_that_count_are_those_of_the_front_matter(course: ParsedCourse) -> None:
    for module in course.modules:
        stated = [one.minutes for one in module.lessons if one.kind == "lesson"]
        counted = [one.minutes for one in module.activities if one.kind == "lesson" and one.countable]
        assert counted == stated


def test_every_fence_became_a_box_and_none_is_left(course: ParsedCourse) -> None:
    for module in course.modules:
        for one in module.lessons:
            source = (MATERIAL / one.file).read_text(encoding="utf-8")
            for kind in ("objectives", "questions", "keypoints", "challenge", "callout", "solution", "spoiler", "hint"):
                asked = len(re.findall(rf"^:+ +{kind} *$", source, re.MULTILINE))
                assert one.html.count(f'class="callout-box {kind}"') == asked, (one.file, kind)
            assert ":::" not in one.text


def test_a_solution_lies_within_its_challenge(course: ParsedCourse) -> None:
    html = lesson(course, 3, "github").html
    start = html.index("GitHub GUI</h3>")
    assert html[start:].index('<details class="callout-box solution">') < html[start:].index("</section>")


def test_grid_table_holds_code_and_lists(course: ParsedCourse) -> None:
    html = lesson(course, 2, "changes").html
    table = html[html.index("<table>") : html.index("</table>")]
    assert table.count("<tr>") == 6
    assert table.count("<pre") == 5
    assert "<td>\n<ul>\n<li>Use asterisks</li>\n<li>to create</li>\n<li>bullet lists.</li>\n</ul>\n</td>" in table
    assert "<ul>\n<li>You can use indents\n<ul>\n<li>To create sublists</li>" in table
    assert "<ol>\n<li>Of different</li>\n<li>types</li>\n</ol>" in table
    assert "<code>1.   Use numbers\n1.   to create\n1.   numbered lists.\n</code>" in table


def test_key_picture_in_code_is_no_table(course: ParsedCourse) -> None:
    html = lesson(course, 3, "github").html
    assert "<table" not in html
    assert "+--[ED25519 256]--+\n|^B== o." in html


def test_links_lead_between_weeks_and_into_the_glossary(course: ParsedCourse) -> None:
    assert 'href="reference#commit"' in lesson(course, 1, "basics").html
    assert 'href="../../1/lessons/reference#changeset"' in lesson(course, 2, "changes").html
    github = lesson(course, 3, "github").html
    assert 'href="../../2/lessons/changes"' in github
    assert 'href="../../4/lessons/hosting"' in github
    terms = re.findall(r'<dt id="([^"]+)">', lesson(course, 1, "reference").html)
    assert {"commit", "version-control", "sha-1", "changeset"} < set(terms)
    assert len(terms) == 14


def test_every_figure_has_its_words_and_its_size(course: ParsedCourse) -> None:
    figures = [tag for module in course.modules for one in module.lessons for tag in re.findall("<img[^>]*>", one.html)]
    assert len(figures) == 31
    for tag in figures:
        assert re.search(r' alt="[^"]{20,}"', tag), tag
        assert re.search(r' width="[1-9]\d*" height="[1-9]\d*"', tag), tag
    assert (
        '<figcaption>"notFinal.doc" by Jorge Cham, <a href="https://www.phdcomics.com" '
        in lesson(course, 1, "basics").html
    )
    assert "obtain the repository's URL\"" in lesson(course, 3, "github").html


def test_text_that_looks_like_a_tag_is_kept(course: ParsedCourse) -> None:
    assert 'this commit will" <commit message here>.' in lesson(course, 2, "changes").text
    assert "press <kbd>Esc</kbd> then type" in lesson(course, 1, "setup").html
