from pathlib import Path

import pytest

from courses.catalogue.models import LessonKind
from courses.packages import has_errors, read_package
from courses.packages.models import (
    ActivityKind,
    CreditEvent,
    Heading,
    ParsedActivity,
    ParsedAuthor,
    ParsedCompetency,
    ParsedCourse,
)
from tests.courses.packages.factories import PUMP_CARE, change, copy_course


@pytest.fixture(scope="module")
def course() -> ParsedCourse:
    found, problems = read_package(PUMP_CARE)
    assert [str(problem) for problem in problems] == [
        "week1/01-pressure.md:24: warning: This links to week 2, which is still locked when this page opens.",
        "week1/task.md:4: warning: This links to week 2, which is still locked when this page opens.",
    ]
    assert not has_errors(problems)
    assert found is not None
    return found


def test_course_says_what_its_manifest_says(course: ParsedCourse) -> None:
    assert (course.code, course.title, course.version) == ("pump-care", "Care of a Small Pump", "1.2")
    assert (course.language, course.licence, course.skills) == ("en", "CC0 1.0", ("Maintenance", "Measurement"))
    assert (course.partner, course.price) == ("The Pump Guild", "Free of charge")
    assert course.authors == (ParsedAuthor("A. Keeper", "Looked after pumps."), ParsedAuthor("B. Warden", ""))
    assert course.competencies == (
        ParsedCompetency("measure", "Measure", "Takes a reading that can be trusted."),
        ParsedCompetency("repair", "Repair", "Stops a leak for good."),
    )
    said = course.credit
    assert (said.category, said.basis, said.event) == ("technical", "Counted with a watch.", CreditEvent.COURSE)
    assert said.types == ("PDH",)
    assert course.achievement.criteria_html == (
        "<p>Two pieces of evidence:</p>\n<ul>\n<li>a reading</li>\n<li>a repair</li>\n</ul>"
    )
    assert course.attribution_html == (
        "Written for the tests of this project, see "
        '<a href="https://creativecommons.org/publicdomain/zero/1.0/" rel="noopener">the licence</a>.'
    )


def test_only_countable_minutes_count(course: ParsedCourse) -> None:
    assert course.modules[0].activities == (
        ParsedActivity("Reading a gauge", ActivityKind.LESSON, 40, countable=True),
        ParsedActivity("Tea", ActivityKind.BREAK, 10, countable=False),
    )
    assert [module.counted_minutes for module in course.modules] == [40, 50]
    assert course.counted_minutes == 90


def test_lessons_take_title_slug_and_minutes_from_the_nearest_place(course: ParsedCourse) -> None:
    facts = [(one.slug, one.title, one.minutes, one.kind, one.file) for one in course.modules[0].lessons]
    assert facts == [
        ("pressure", "Pressure: what it is", 35, LessonKind.LESSON, "week1/01-pressure.md"),
        ("flow-rate", "Flow", 12, LessonKind.LESSON, "week1/02_Flow Rate.md"),
        ("glossary", "Words", None, LessonKind.REFERENCE, "words.md"),
    ]
    assert course.modules[0].lessons[0].toc == (
        Heading(2, "Pressure", "pressure"),
        Heading(3, "Gauges", "dials"),
        Heading(4, "Read it", "read-it"),
    )


def test_files_are_released_with_the_module_that_uses_them(course: ParsedCourse) -> None:
    files = course.modules[0].files
    assert [(one.path, one.media_type) for one in files] == [
        ("week1/data/values.csv", "text/csv"),
        ("week1/fig/dot.png", "image/png"),
        ("week1/fig/pump.svg", "image/svg+xml"),
    ]
    assert files[0].read() == (PUMP_CARE / "week1/data/values.csv").read_bytes()
    assert files[0].size == len(files[0].read())
    assert course.modules[1].files == ()
    assert [one.path for one in course.description_files] == ["week1/fig/pump.svg"]


def test_addresses_are_relative_to_the_page(course: ParsedCourse) -> None:
    first, second, _ = course.modules[0].lessons
    for address in (
        "glossary#gauge",
        "glossary#stuffing-box",
        "flow-rate#too-fast",
        "../../2/lessons/leaks",
        "../assignments/reading",
        "../files/week1/data/values.csv",
        "mailto:pump@example.org",
    ):
        assert f'href="{address}"' in first.html
    assert 'href="pressure#dials"' in second.html
    assert 'href="#too-fast"' in second.html
    page = course.modules[0].assignments[0].page
    assert page is not None
    assert page.html == (
        '<p>Measure as in <a href="../lessons/pressure">the lesson</a>, log in '
        '<a href="../files/week1/data/values.csv">the values</a>, see '
        '<a href="../../2/lessons/leaks#where">leaks</a>.</p>\n'
        '<figure><a class="full-size" href="../files/week1/fig/dot.png" title="Open in full size" target="_blank" '
        'rel="noopener"><img src="../files/week1/fig/dot.png" alt="Dot" loading="lazy" width="3" height="2"></a>'
        "</figure>\n"
    )
    back = course.modules[1].assignments[0].page
    assert back is not None
    assert 'href="../../1/assignments/reading"' in back.html
    assert '<img src="files/week1/fig/pump.svg" alt="A pump" loading="lazy" width="320" height="100">' in (
        course.description_html
    )


def test_what_is_for_instructors_reaches_no_learner(course: ParsedCourse) -> None:
    lesson = course.modules[0].lessons[0]
    assert "Wait ten minutes" not in lesson.html + lesson.text
    assert "Only for those who teach" not in str(lesson.toc)


def test_plain_text_holds_the_words_and_no_marks(course: ParsedCourse) -> None:
    lines = course.modules[0].lessons[0].text.split("\n")
    assert lines[:5] == ["Pressure", "Objectives", "Read a gauge.", "Questions", "What is a bar?"]
    assert "Text with code, Enter, H2O and weight. One bar is 100 kPa." in lines


def test_same_content_has_the_same_digest_and_other_content_another(tmp_path: Path, course: ParsedCourse) -> None:
    copy = copy_course(tmp_path)
    same, _ = read_package(copy)
    (copy / "unused.md").write_text("Nobody reads this.", encoding="utf-8")
    still, _ = read_package(copy)
    (copy / "week1/data/values.csv").write_text("time,bar\n", encoding="utf-8")
    other, _ = read_package(copy)
    assert same is not None
    assert still is not None
    assert other is not None
    assert same.package_sha256 == still.package_sha256 == course.package_sha256
    assert other.package_sha256 != course.package_sha256


def test_manifest_serves_a_folder_elsewhere_with_pages_of_its_own(tmp_path: Path) -> None:
    material = copy_course(tmp_path)
    manifest = tmp_path / "manifests" / "pump.toml"
    (manifest.parent / "own").mkdir(parents=True)
    (manifest.parent / "own/task.md").write_text("Do it as [here](../week1/01-pressure.md).", encoding="utf-8")
    (material / "course.toml").rename(manifest)
    change(manifest, "format = 1", 'format = 1\nsource = "material"')
    change(manifest, "week1/task.md", "own/task.md")
    change(material / "week2/task.md", "[this](../week1/task.md)", "another")
    change(material / "week1/01-pressure.md", "[the task](task.md)", "the task")
    without, problems = read_package(manifest)
    assert str(problems[0]).startswith('pump.toml:3: error: The folder "material" with the pages is missing')
    assert without is not None
    course, problems = read_package(manifest, material)
    assert not has_errors(problems)
    assert course is not None
    page = course.modules[0].assignments[0].page
    assert page is not None
    assert page.html == '<p>Do it as <a href="../lessons/pressure">here</a>.</p>\n'
